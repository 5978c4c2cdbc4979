"""How fast events are folded into the read models, beside a plain COPY of the same rows."""

import statistics
import time
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql

from projections.catalogue import READ_MODELS
from projections.projector import Projector
from tests.benchmarks.history import write_history
from tests.benchmarks.library_runner import events_per_second
from tests.benchmarks.servers import postgres

DATASETS = 40_000
TEMPLATES = 1_000
RUNS = 3
RUNNER_EVENTS = 3_000


def measure() -> Iterator[str]:
    """Project a history of some 200 000 events, and copy the rows it leads to."""
    with postgres() as (url, _):
        count = write_history(url, DATASETS, TEMPLATES)
        projecting = [_time_projection(url) for _ in range(RUNS)]
        copying = [_time_copy(url) for _ in range(RUNS)]
        runner = events_per_second(url, RUNNER_EVENTS)
    seconds, baseline = statistics.median(projecting), statistics.median(copying)
    rate = count / seconds
    yield f"{count} events into the read models    {rate:8.0f} events/s   (goal ≥ 40 000)"
    yield f"beside COPY of the rows they lead to   {baseline / seconds:8.2f} ×   (goal ≥ 0.4 ×)"
    yield f"beside the library's own runner        {rate / runner:8.1f} ×   (goal ≥ 20 ×)"


def _time_projection(url: str) -> float:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA read_models CASCADE; CREATE SCHEMA read_models")
        connection.execute("DELETE FROM projection_generations")
    started = time.perf_counter()
    Projector(url).catch_up()
    return time.perf_counter() - started


def _time_copy(url: str) -> float:
    """Copy each read model's rows into an empty table with the same indexes."""
    seconds = 0.0
    with psycopg.connect(url, autocommit=True) as connection:
        for name in READ_MODELS:
            for table in (f"{name}_1", f"{name}_1_past"):
                seconds += _time_copy_of(connection, sql.Identifier("read_models", table))
    return seconds


def _time_copy_of(connection: psycopg.Connection[Any], source: sql.Identifier) -> float:
    connection.execute("DROP TABLE IF EXISTS copied")
    connection.execute(sql.SQL("CREATE TABLE copied (LIKE {} INCLUDING ALL)").format(source))
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(source)) as copy:
        rows = b"".join(bytes(data) for data in copy)
    started = time.perf_counter()
    with connection.cursor().copy("COPY copied FROM STDIN") as copy:
        copy.write(rows)
    return time.perf_counter() - started
