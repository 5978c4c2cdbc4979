"""Projectors are killed in the middle of a transaction, and nothing is lost or done twice."""

import os
import random
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from typing import Any
from uuid import UUID

from psycopg import Connection

from projections.catalogue import READ_MODELS
from projections.connection import connect
from projections.datasets import DATASETS
from projections.generation import Generation
from projections.projector import Projector
from projections.read_model import Document, ReadModel
from projections.rebuild import rebuild
from registry.application import RegistryApplication
from tests.rounds import rounds

from .forks import processes
from .read_tables import live_rows, live_tables, positions, replayed_tables
from .submissions import checks, new_connector, new_dataset, new_template
from .waiting import until

CLIENT = UUID(int=1)
KILLS = rounds(20)
WRITTEN = ("templates", "datasets", "connectors", "quality_checks", "template_versions", "search")
"""The read models that get a row from nearly every submission of these tests."""


def test_a_projector_killed_at_random_points_ends_with_the_tables_of_a_clean_replay(
    application: RegistryApplication, url: str, connection: Connection[Any]
) -> None:
    Projector(url).catch_up()
    for number in range(20 * KILLS):
        dataset = new_dataset(CLIENT, f"type_{number}")
        connector, template = new_connector(CLIENT, f"{number}"), new_template(f"type_{number}")
        application.submit_all([dataset, checks(dataset), connector, template, checks(dataset)])
    killed = [(random.choice(WRITTEN), random.randint(1, 16)) for _ in range(KILLS)]

    for name, rows in killed:
        _be_killed(_project_until_killed, url, name, rows)
    reached = positions(connection)
    assert max(reached[name] for name in WRITTEN) < 100 * KILLS, (
        "the last one was killed at the end"
    )
    _until_gone(connection, "projector")
    Projector(url).catch_up()

    assert live_tables(connection) == replayed_tables(connection), killed
    assert len(live_rows(connection, "quality_checks").present) == 40 * KILLS


def test_a_build_that_is_killed_leaves_the_live_one_as_it_was_and_is_resumed(
    live: str, connection: Connection[Any]
) -> None:
    before = live_rows(connection, "datasets"), positions(connection)
    _be_killed(_rebuild_until_killed, live, "datasets", 50)
    assert (live_rows(connection, "datasets"), positions(connection)) == before
    unfinished = Generation.all(connection, DATASETS)[0]
    assert 0 < unfinished.position < positions(connection)["datasets"]

    reached: list[int] = []
    resuming = replace(DATASETS, batch=7)
    _until_gone(connection, "doomed")
    resumed = rebuild(connection, resuming, on_progress=lambda to, head: reached.append(to))

    assert resumed.number == unfinished.number
    assert reached[0] == unfinished.position + 7
    assert live_rows(connection, "datasets") == before[0]


def test_a_rebuild_under_live_writes_that_is_killed_in_its_middle_ends_as_a_clean_replay(
    application: RegistryApplication, live: str, connection: Connection[Any]
) -> None:
    stop = threading.Event()

    def write() -> None:
        for number in count():
            dataset = new_dataset(CLIENT, f"meanwhile_{number}")
            application.submit_all([dataset, checks(dataset)])
            if stop.is_set():
                return

    with ThreadPoolExecutor(2) as threads:
        running = [threads.submit(write), threads.submit(Projector(live).run, stop)]
        try:
            reached = positions(connection)["datasets"]
            _be_killed(_rebuild_until_killed, live, "datasets", 50)
            until(lambda: positions(connection)["datasets"] > reached)
            unfinished = Generation.all(connection, DATASETS)[0]
            _until_gone(connection, "doomed")
            resumed = rebuild(connection, DATASETS, verify=True)
            reached = positions(connection)["datasets"]
            until(lambda: positions(connection)["datasets"] > reached)
        finally:
            stop.set()
        for each in running:
            each.result()
    Projector(live).catch_up()

    assert resumed.number == unfinished.number
    assert [each.number for each in Generation.all(connection, DATASETS) if each.live] == [2]
    assert live_tables(connection) == replayed_tables(connection)


def _be_killed(target: Callable[..., None], *arguments: object) -> None:
    """Run something in a process that kills itself."""
    process = processes.Process(target=target, args=arguments, daemon=True)
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL


def _until_gone(connection: Connection[Any], name: str) -> None:
    """Wait until the backend of a killed process has found that there is nobody to answer."""
    until(
        lambda: (
            connection.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = %s",
                [name],
            ).fetchone()
            == (0,)
        )
    )


def _project_until_killed(url: str, name: str, rows: int) -> None:
    models = READ_MODELS | {name: _deadly(READ_MODELS[name], rows)}
    Projector(url, [replace(each, batch=7) for each in models.values()]).catch_up()


def _rebuild_until_killed(url: str, name: str, rows: int) -> None:
    with connect(url) as connection:
        connection.execute("SET application_name = 'doomed'")
        rebuild(connection, replace(_deadly(READ_MODELS[name], rows), batch=7))


def _deadly(model: ReadModel, rows: int) -> ReadModel:
    """Return a model that kills its process within the transaction that writes so many rows."""
    left = rows

    def row(document: Document) -> Sequence[Any]:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return model.row(document)

    return replace(model, row=row)
