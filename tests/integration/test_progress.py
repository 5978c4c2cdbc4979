"""Progress tells how far each read model is from the head of the log, in events and in time."""

from typing import Any
from uuid import UUID

from psycopg import Connection

from projections.catalogue import READ_MODELS
from projections.progress import PROGRESS
from projections.projector import Projector
from registry.application import RegistryApplication
from registry.database import latest_revision

from .submissions import new_datasets

CLIENT = UUID(int=1)


def test_a_read_model_that_stands_still_falls_behind_in_events_and_in_time(
    application: RegistryApplication, url: str, connection: Connection[Any]
) -> None:
    Projector(url).catch_up()
    outcomes = application.submit_all(new_datasets(CLIENT, 3))
    application.submit(new_datasets(CLIENT, 4)[-1])
    head, revision, progress = _progress(connection)
    assert (head, revision) == (outcomes[-1].position + 1, latest_revision())
    assert [state["name"] for state in progress] == sorted(READ_MODELS)
    assert [state["lag_events"] for state in progress] == [4] * len(READ_MODELS)
    row = connection.execute(
        "SELECT extract(epoch FROM clock_timestamp() - min(recorded_at)) FROM registry_events"
    ).fetchone()
    assert row
    assert all(0 < state["lag_seconds"] < row[0] for state in progress)


def test_a_read_model_at_the_head_is_not_behind_however_old_the_last_event(
    application: RegistryApplication, url: str, connection: Connection[Any]
) -> None:
    application.submit_all(new_datasets(CLIENT, 3))
    Projector(url).catch_up()
    _, _, progress = _progress(connection)
    assert {(state["lag_events"], state["lag_seconds"]) for state in progress} == {(0, 0.0)}


def test_before_the_first_build_there_is_no_progress(connection: Connection[Any]) -> None:
    assert _progress(connection) == (0, latest_revision(), None)


def _progress(connection: Connection[Any]) -> tuple[Any, ...]:
    row = connection.execute(PROGRESS.sql).fetchone()
    assert row
    return tuple(row)
