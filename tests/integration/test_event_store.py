"""The event store takes what it must, keeps it for ever, and heeds its URL and nothing else."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection

from registry.application import RegistryApplication
from registry.store import RecordedEvent

from .submissions import new_dataset, new_template

CLIENT = UUID(int=1)
Recorded = Callable[[], list[RecordedEvent]]

ALTERATIONS = [
    "UPDATE registry_events SET state = '{}'",
    "UPDATE registry_events SET recorded_at = now() WHERE false",
    "DELETE FROM registry_events",
    "TRUNCATE registry_events",
    "TRUNCATE registry_events CASCADE",
]


@pytest.mark.parametrize("statement", ALTERATIONS)
def test_recorded_events_can_be_neither_changed_nor_removed(
    application: RegistryApplication,
    connection: Connection[Any],
    recorded: Recorded,
    statement: str,
) -> None:
    application.submit(new_dataset(CLIENT))
    before = recorded()
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="history is only ever added to"):
        connection.execute(statement)
    assert recorded() == before


def test_more_events_than_the_sockets_buffers_hold_are_written_at_once(
    application: RegistryApplication, recorded: Recorded
) -> None:
    text = "0123456789abcdef" * 512  # 8 KiB
    large = [new_template(f"type_{number}", sample=[text] * 8) for number in range(100)]
    writer = threading.Thread(target=application.submit_all, args=[large], daemon=True)
    writer.start()
    writer.join(timeout=60)
    assert not writer.is_alive(), "the write hangs"
    events = recorded()
    assert [event.facts["definition"]["sample_data"] for event in events] == [[text] * 8] * 100
    assert sum(len(str(event.facts)) for event in events) > 6_000_000


def test_an_event_tells_on_whose_behalf_and_in_what_course_it_was_recorded(
    application: RegistryApplication, recorded: Recorded
) -> None:
    dataset = new_dataset(CLIENT)
    application.submit(dataset)
    (event,) = recorded()
    assert event.facts["provenance"] == {
        "actor": "ada",
        "command_id": str(dataset.provenance.command_id),
        "client_id": str(CLIENT),
        "correlation_id": "course-1",
        "causation_id": None,
        "traceparent": None,
    }


def test_stray_variables_of_the_environment_change_nothing(
    url: str, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    strays = {
        "POSTGRES_DBNAME": "elsewhere",
        "POSTGRES_HOST": "127.0.0.1",
        "POSTGRES_PORT": "9",
        "POSTGRES_USER": "nobody",
        "POSTGRES_PASSWORD": "wrong",
        "POSTGRES_GET_PASSWORD_TOPIC": "builtins:input",
        "POSTGRES_SCHEMA": "elsewhere",
        "POSTGRES_POOL_SIZE": "no number",
        "POSTGRES_MAX_WAITING": "no number",
        "POSTGRES_CONN_MAX_AGE": "no number",
        "POSTGRES_LOCK_TIMEOUT": "no number",
        "POSTGRES_CONNECT_TIMEOUT": "no number",
        "POSTGRES_ENABLE_DB_FUNCTIONS": "y",
        "PERSISTENCE_MODULE": "eventsourcing.popo",
        "APPLICATION_RECORDER_TOPIC": "eventsourcing.postgres:PostgresApplicationRecorder",
        "ORIGINATOR_ID_TYPE": "text",
        "CREATE_TABLE": "yes",
        "IS_SNAPSHOTTING_ENABLED": "no",
    }
    for name, value in strays.items():
        monkeypatch.setenv(name, value)
        monkeypatch.setenv(f"REGISTRY_{name}", value)

    with RegistryApplication(url) as application:
        application.submit(new_dataset(CLIENT))
        assert not application.recorder.datastore.enable_db_functions
        assert application.snapshots

    assert [event.topic for event in recorded()] == ["DatasetRegistered"]


def test_parameters_of_the_url_reach_the_connections(url: str) -> None:
    parameters = "application_name=catalogue&options=-c%20work_mem%3D1234kB"
    with (
        RegistryApplication(f"{url}&{parameters}") as application,
        application.recorder.transaction() as connection,
    ):
        row = connection.execute(
            "SELECT current_setting('application_name') AS application_name,"
            " current_setting('work_mem') AS work_mem, current_database() AS name"
        ).fetchone()
    assert row == {
        "application_name": "catalogue",
        "work_mem": "1234kB",
        "name": psycopg.conninfo.conninfo_to_dict(url)["dbname"],
    }


def test_an_event_is_announced_when_it_is_committed(
    application: RegistryApplication, connection: Connection[Any]
) -> None:
    connection.execute("LISTEN registry_events")
    application.submit(new_dataset(CLIENT))
    announced = [note.channel for note in connection.notifies(timeout=30, stop_after=1)]
    assert announced == ["registry_events"]
