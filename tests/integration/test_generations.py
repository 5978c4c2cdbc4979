"""A changed read model is built anew, and the live one stays until the new one is whole."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection
from sqlalchemy import Column, Text

from projections.datasets import DATASETS
from projections.generation import BuildPoisoned
from projections.projector import Projector
from projections.read_model import Document
from projections.rebuild import rebuild
from projections.templates import TEMPLATES
from registry.store import EventLog, RecordedEvent

from .generations import generations, tables
from .read_tables import live_rows, positions

CLIENT = UUID(int=1)
CHANGED = replace(DATASETS, version="changed")
KILLS = 5


def test_a_read_model_of_another_version_is_built_anew_and_switched_to(
    live: str, connection: Connection[Any]
) -> None:
    rows = live_rows(connection, "datasets")
    assert generations(connection) == [(1, DATASETS.version, True)]
    Projector(live, [CHANGED]).catch_up()
    assert generations(connection) == [(1, DATASETS.version, False), (2, "changed", True)]
    assert live_rows(connection, "datasets") == rows


def test_a_read_model_of_the_same_version_is_not_built_again(
    live: str, connection: Connection[Any]
) -> None:
    Projector(live).catch_up()
    assert generations(connection) == [(1, DATASETS.version, True)]


def test_generations_older_than_the_one_kept_are_dropped_with_their_tables(
    live: str, connection: Connection[Any]
) -> None:
    for version in ("second", "third"):
        Projector(live, [replace(DATASETS, version=version)]).catch_up()
    assert generations(connection) == [(2, "second", False), (3, "third", True)]
    assert tables(connection) == ["datasets_2", "datasets_2_past", "datasets_3", "datasets_3_past"]


def test_the_next_generation_may_have_other_columns(live: str, connection: Connection[Any]) -> None:
    renamed = replace(
        CHANGED,
        columns=lambda: [*DATASETS.columns(), Column("name", Text, nullable=False)],
        row=lambda document: (*DATASETS.row(document), document["name"]),
    )
    Projector(live, [renamed]).catch_up()
    rows = live_rows(connection, "datasets").present
    assert {row["name"] for row in rows} == {f"type_{n:05} in sandbox" for n in range(100)}


def broken(before: Document | None, event: RecordedEvent) -> Document:
    raise ZeroDivisionError


POISONED = replace(CHANGED, handlers={**DATASETS.handlers, "QualityScored": broken}, batch=5)


def test_a_build_that_fails_leaves_the_live_read_model_as_it_was(
    live: str, connection: Connection[Any]
) -> None:
    before = live_rows(connection, "datasets"), positions(connection)
    with pytest.raises(BuildPoisoned, match="QualityScored at position 101: ZeroDivisionError"):
        rebuild(connection, POISONED)
    assert (live_rows(connection, "datasets"), positions(connection)) == before


def test_a_projector_goes_on_with_the_other_read_models_when_one_cannot_be_built(
    live: str, connection: Connection[Any]
) -> None:
    before = live_rows(connection, "datasets"), live_rows(connection, "templates")
    Projector(live, [POISONED, replace(TEMPLATES, version="changed")]).catch_up()
    assert (live_rows(connection, "datasets"), live_rows(connection, "templates")) == before
    assert [version for _, version, is_live in generations(connection) if is_live] == [
        DATASETS.version
    ]
    assert positions(connection)["templates"] == EventLog(connection).head()
