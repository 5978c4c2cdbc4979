"""Projectors are killed in the middle of a transaction, and nothing is lost or done twice."""

import multiprocessing
import os
import random
import signal
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from psycopg import Connection

from projections.catalogue import READ_MODELS
from projections.datasets import DATASETS
from projections.generation import Generation
from projections.projector import Projector
from projections.read_model import Document
from projections.rebuild import rebuild
from registry.application import RegistryApplication

from .read_tables import live_rows, live_tables, positions, replayed_tables
from .submissions import checks, new_connector, new_dataset, new_template
from .waiting import until

CLIENT = UUID(int=1)
CHANGED = replace(DATASETS, version="changed")
KILLS = 5


def test_a_build_that_is_killed_leaves_the_live_one_as_it_was_and_is_resumed(
    live: str, connection: Connection[Any]
) -> None:
    before = live_rows(connection, "datasets"), positions(connection)
    _project_and_be_killed(live, connection, "datasets", 50, version="changed")
    assert (live_rows(connection, "datasets"), positions(connection)) == before
    unfinished = Generation.all(connection, CHANGED)[0]
    assert 0 < unfinished.position < positions(connection)["datasets"]

    reached: list[int] = []
    resumed = rebuild(
        connection, replace(CHANGED, batch=7), on_progress=lambda to, head: reached.append(to)
    )

    assert resumed.number == unfinished.number
    assert reached[0] == unfinished.position + 7
    assert live_rows(connection, "datasets") == before[0]


def test_a_projector_killed_at_random_points_ends_with_the_tables_of_a_clean_replay(
    application: RegistryApplication, url: str, connection: Connection[Any]
) -> None:
    Projector(url).catch_up()
    for number in range(100):
        dataset = new_dataset(CLIENT, f"type_{number}")
        connector, template = new_connector(CLIENT, f"{number}"), new_template(f"type_{number}")
        application.submit_all([dataset, checks(dataset), connector, template, checks(dataset)])
    killed = [(random.choice(list(READ_MODELS)), random.randint(1, 16)) for _ in range(KILLS)]

    for name, rows in killed:
        _project_and_be_killed(url, connection, name, rows)
    assert max(positions(connection).values()) < 500, "the last one was killed at the end"
    Projector(url).catch_up()

    assert live_tables(connection) == replayed_tables(connection), killed
    assert len(live_rows(connection, "quality_checks").present) == 200


def _project_and_be_killed(
    url: str, connection: Connection[Any], name: str, rows: int, version: str = ""
) -> None:
    """Run a projector in a process that is killed within the transaction that writes a row."""
    projector = multiprocessing.get_context("spawn").Process(
        target=_project_until_killed, args=(url, name, rows, version), daemon=True
    )
    projector.start()
    projector.join()
    assert projector.exitcode == -signal.SIGKILL
    # Its backend goes on until it finds that there is nobody to answer.
    until(lambda: not connection.execute(_PROJECTORS).fetchone())


_PROJECTORS = """
    SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'projector'
"""


def _project_until_killed(url: str, name: str, rows: int, version: str) -> None:
    model = READ_MODELS[name]
    left = rows

    def row(document: Document) -> Sequence[Any]:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return model.row(document)

    deadly = replace(model, row=row, version=version or model.version)
    others = () if version else READ_MODELS.values()
    models = {**{other.name: other for other in others}, name: deadly}
    Projector(url, [replace(each, batch=7) for each in models.values()]).catch_up()
