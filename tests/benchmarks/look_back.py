"""What a list as of the past costs, beside the list of the present, within the database."""

import statistics
import time
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import Connection

from projections.datasets import dataset_listing
from projections.projector import Projector
from projections.query import EVERYONE, Query, Tenant
from tests.benchmarks.history import client, write_history
from tests.benchmarks.servers import postgres

DATASETS = 100_000
RUNS = 30
SHOWN = 20


def measure() -> Iterator[str]:
    """List datasets now and as of three moments: of one client, of one stage, and of everyone."""
    yield f"lists of {SHOWN} among {DATASETS} datasets with four past versions each"
    with postgres() as (url, _):
        head = write_history(url, DATASETS)
        Projector(url).catch_up()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            for whose, tenant, filters in (
                ("a client", client(3), {}),
                ("a client and stage", client(3), {"stage": "staging"}),
                ("everyone", EVERYONE, {}),
            ):
                for share in (0.99, 0.5, 0.1):
                    now, then = _times(connection, tenant, int(head * share), filters)
                    yield (
                        f"  {whose:18} as of {share:4.0%} of the log"
                        f"  {then * 1e3:6.2f} ms  {then / now:5.2f} × now   (goal ≤ 2 ×)"
                    )


def _times(
    connection: Connection[Any], tenant: Tenant, as_of: int, filters: dict[str, str]
) -> tuple[float, float]:
    now, then = [], []
    for _ in range(RUNS):
        now.append(_time(connection, dataset_listing.page(tenant, SHOWN, 0, **filters)))
        then.append(_time(connection, dataset_listing.page(tenant, SHOWN, 0, as_of, **filters)))
    return statistics.median(now), statistics.median(then)


def _time(connection: Connection[Any], query: Query) -> float:
    started = time.perf_counter()
    connection.execute(query.sql, query.parameters, prepare=True).fetchall()
    return time.perf_counter() - started
