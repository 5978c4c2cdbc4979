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
from registry.store import RecordedEvent

from .generations import generations, tables
from .read_tables import live_rows, positions

CLIENT = UUID(int=1)
CHANGED = replace(DATASETS, version="changed")
KILLS = 5


def test_a_read_model_of_another_version_is_built_anew_and_switched_to(
    live: str, connection: Connection[Any]
) -> None:
    rows = live_rows(connection, "datasets")
    assert generations(connection) == [(1, "1", True)]
    Projector(live, [CHANGED]).catch_up()
    assert generations(connection) == [(1, "1", False), (2, "changed", True)]
    assert live_rows(connection, "datasets") == rows


def test_a_read_model_of_the_same_version_is_not_built_again(
    live: str, connection: Connection[Any]
) -> None:
    Projector(live).catch_up()
    assert generations(connection) == [(1, "1", True)]


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
