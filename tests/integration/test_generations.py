"""A changed read model is built anew, and the live one stays until the new one is whole."""

import multiprocessing
import os
import random
import signal
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection
from sqlalchemy import Column, Text

from projections.catalogue import READ_MODELS
from projections.comparison import digest
from projections.connection import connect
from projections.datasets import DATASETS
from projections.generation import BuildPoisoned, Generation
from projections.projector import Projector
from projections.read_model import Document
from projections.rebuild import RebuildRefused, rebuild, roll_back
from registry.application import RegistryApplication
from registry.store import RecordedEvent

from .read_tables import live_rows, live_tables, positions, replayed_tables
from .submissions import checks, new_connector, new_dataset, new_datasets, new_template
from .waiting import until

CLIENT = UUID(int=1)
CHANGED = replace(DATASETS, version="changed")
KILLS = 5


@pytest.fixture
def live(application: RegistryApplication, url: str) -> str:
    """The URL of a database with a live generation of some datasets."""
    datasets = new_datasets(CLIENT, 100)
    application.submit_all([*datasets, *map(checks, datasets[:10])])
    Projector(url).catch_up()
    return url


def test_a_read_model_of_another_version_is_built_anew_and_switched_to(
    live: str, connection: Connection[Any]
) -> None:
    rows = live_rows(connection, "datasets")
    assert _generations(connection) == [(1, "1", True)]
    Projector(live, [CHANGED]).catch_up()
    assert _generations(connection) == [(1, "1", False), (2, "changed", True)]
    assert live_rows(connection, "datasets") == rows


def test_a_read_model_of_the_same_version_is_not_built_again(
    live: str, connection: Connection[Any]
) -> None:
    Projector(live).catch_up()
    assert _generations(connection) == [(1, "1", True)]


def test_generations_older_than_the_one_kept_are_dropped_with_their_tables(
    live: str, connection: Connection[Any]
) -> None:
    for version in ("second", "third"):
        Projector(live, [replace(DATASETS, version=version)]).catch_up()
    assert _generations(connection) == [(2, "second", False), (3, "third", True)]
    assert _tables(connection) == ["datasets_2", "datasets_2_past", "datasets_3", "datasets_3_past"]


def test_the_next_generation_may_have_other_columns(live: str, connection: Connection[Any]) -> None:
    renamed = replace(
        CHANGED,
        columns=lambda: [*DATASETS.columns(), Column("name", Text, nullable=False)],
        row=lambda document: (*DATASETS.row(document), document["name"]),
    )
    Projector(live, [renamed]).catch_up()
    rows = live_rows(connection, "datasets").present
    assert {row["name"] for row in rows} == {f"type_{n:05} in sandbox" for n in range(100)}


def test_a_build_that_fails_leaves_the_live_read_model_as_it_was(
    live: str, connection: Connection[Any]
) -> None:
    def broken(before: Document, event: RecordedEvent) -> Document:
        raise ZeroDivisionError

    before = live_rows(connection, "datasets"), positions(connection)
    handlers = {**DATASETS.handlers, "QualityScored": broken}
    with pytest.raises(BuildPoisoned, match="QualityScored at position 101: ZeroDivisionError"):
        Projector(live, [replace(CHANGED, handlers=handlers, batch=5)]).catch_up()
    assert (live_rows(connection, "datasets"), positions(connection)) == before


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


def test_a_verified_rebuild_finds_the_rows_that_are_not_what_the_log_says(
    live: str, connection: Connection[Any]
) -> None:
    spoiled = str(live_rows(connection, "datasets").present[0]["dataset_id"])
    connection.execute(
        "UPDATE read_models.datasets SET document = jsonb_set(document::jsonb, '{name}', '\"Eve\"')"
        " WHERE dataset_id = %s",
        [spoiled],
    )
    with pytest.raises(RebuildRefused, match=f"1 entities of datasets differ.*{spoiled} in name"):
        rebuild(connection, DATASETS, verify=True)
    assert _generations(connection) == [(1, "1", True)]

    rebuild(connection, DATASETS, verify=True, accept_differences=True)
    row = connection.execute(
        "SELECT differences_accepted FROM projection_generations WHERE name = 'datasets' AND live"
    ).fetchone()
    assert row == (1,)
    assert live_rows(connection, "datasets") == replayed_tables(connection)["datasets"]


def test_a_rebuild_of_sound_rows_is_verified_even_while_the_live_one_goes_on(
    live: str, application: RegistryApplication, connection: Connection[Any]
) -> None:
    def go_on(position: int, head: int) -> None:
        if len(_generations(connection)) == 2 and not gone_on:
            gone_on.append(application.submit(new_dataset(CLIENT, "gone_on")).position)
            Projector(live, [DATASETS]).catch_up()

    gone_on: list[int] = []
    rebuild(connection, DATASETS, verify=True, on_progress=go_on)
    assert gone_on
    assert positions(connection)["datasets"] == gone_on[0]
    assert live_rows(connection, "datasets") == replayed_tables(connection)["datasets"]


def test_one_rebuild_of_a_read_model_is_under_way_at_a_time(
    live: str, connection: Connection[Any]
) -> None:
    def rebuild_beside(position: int, head: int) -> None:
        with connect(live) as other, pytest.raises(RebuildRefused, match="is under way"):
            rebuild(other, DATASETS)
        beside.append(position)

    beside: list[int] = []
    rebuild(connection, DATASETS, on_progress=rebuild_beside)
    assert beside


def test_a_rollback_brings_back_the_generation_before_up_to_date(
    live: str, application: RegistryApplication, connection: Connection[Any]
) -> None:
    rebuild(connection, DATASETS)
    application.submit(new_dataset(CLIENT, "later"))
    Projector(live).catch_up()
    roll_back(connection, DATASETS)
    assert _generations(connection) == [(1, "1", True)]
    assert live_rows(connection, "datasets") == replayed_tables(connection)["datasets"]
    with pytest.raises(RebuildRefused, match="no generation of datasets is kept"):
        roll_back(connection, DATASETS)


def test_a_rollback_to_a_generation_of_other_code_is_refused(
    live: str, connection: Connection[Any]
) -> None:
    Projector(live, [CHANGED]).catch_up()
    with pytest.raises(RebuildRefused, match="was built by version 1, this is version changed"):
        roll_back(connection, CHANGED)
    assert _generations(connection) == [(1, "1", False), (2, "changed", True)]


def test_a_digest_tells_equal_rows_from_others_however_they_were_written(
    live: str, connection: Connection[Any]
) -> None:
    first = Generation.find_live(connection, DATASETS)
    second = rebuild(connection, replace(DATASETS, batch=3))
    assert first
    assert digest(connection, first) == digest(connection, second)
    connection.execute("UPDATE read_models.datasets_2 SET valid_from = 0 WHERE valid_from = 50")
    assert digest(connection, first) != digest(connection, second)


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


def _generations(connection: Connection[Any]) -> list[tuple[Any, ...]]:
    """Return number, version and liveness of each generation of the datasets."""
    return connection.execute(
        "SELECT generation, version, live FROM projection_generations"
        " WHERE name = 'datasets' ORDER BY 1"
    ).fetchall()


def _tables(connection: Connection[Any]) -> list[str]:
    """Return the tables of all generations of the datasets."""
    rows = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'read_models'"
        " AND tablename LIKE 'datasets%' ORDER BY 1"
    ).fetchall()
    return [name for (name,) in rows]
