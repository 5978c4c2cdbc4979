"""A rebuild is compared with the live generation before the switch, and can be taken back."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection

from projections.comparison import digest
from projections.connection import connect
from projections.datasets import DATASETS
from projections.generation import Generation
from projections.projector import Projector
from projections.rebuild import RebuildRefused, rebuild, roll_back
from registry.application import RegistryApplication

from .generations import generations
from .read_tables import live_rows, positions, replayed_tables
from .submissions import new_dataset

CLIENT = UUID(int=1)
CHANGED = replace(DATASETS, version="changed")


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
    assert generations(connection) == [(1, DATASETS.version, True)]

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
        if len(generations(connection)) == 2 and not gone_on:
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
    assert generations(connection) == [(1, DATASETS.version, True)]
    assert live_rows(connection, "datasets") == replayed_tables(connection)["datasets"]
    with pytest.raises(RebuildRefused, match="no generation of datasets is kept"):
        roll_back(connection, DATASETS)


def test_a_rollback_to_a_generation_of_other_code_is_refused(
    live: str, connection: Connection[Any]
) -> None:
    Projector(live, [CHANGED]).catch_up()
    with pytest.raises(
        RebuildRefused, match=f"was built by version {DATASETS.version}, this is version changed"
    ):
        roll_back(connection, CHANGED)
    assert generations(connection) == [(1, DATASETS.version, False), (2, "changed", True)]


def test_a_digest_tells_equal_rows_from_others_however_they_were_written(
    live: str, connection: Connection[Any]
) -> None:
    first = Generation.find_live(connection, DATASETS)
    second = rebuild(connection, replace(DATASETS, batch=3))
    assert first
    assert digest(connection, first) == digest(connection, second)
    connection.execute("UPDATE read_models.datasets_2 SET valid_from = 0 WHERE valid_from = 50")
    assert digest(connection, first) != digest(connection, second)
