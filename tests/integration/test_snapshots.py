"""A snapshot spares the replay of a long stream, and is never more than a shortcut."""

from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection

from registry.application import RegistryApplication
from registry.dataset import Status
from registry.dataset_registry import DatasetRegistry
from registry.snapshots import SNAPSHOT_INTERVAL

from .submissions import checks, new_connector, new_dataset, new_template, status

CLIENT = UUID(int=1)


@pytest.fixture
def long_history(application: RegistryApplication) -> dict[str, Any]:
    """The state of a registry after some more events than a snapshot is taken at."""
    kept, passing = new_dataset(CLIENT, "jira_issues"), new_dataset(CLIENT, "slack_messages")
    application.submit_all([kept, passing, new_connector(CLIENT), status(passing, Status.RETIRED)])
    application.submit(status(kept, Status.VALIDATING))
    for number in range(SNAPSHOT_INTERVAL // 2 + 10):
        application.submit_all([checks(kept, 95 + number / 100), checks(kept, number / 10)])
    return _registry(application)


def test_a_long_stream_loads_from_its_snapshot_without_the_events_before(
    long_history: dict[str, Any], url: str, connection: Connection[Any]
) -> None:
    version = _snapshot_version(connection)
    assert SNAPSHOT_INTERVAL <= version < long_history["version"]
    connection.execute("ALTER TABLE registry_events DISABLE TRIGGER USER")
    connection.execute("DELETE FROM registry_events WHERE originator_version <= %s", [version])
    with RegistryApplication(url) as application:
        assert _registry(application) == long_history


def test_a_stream_replayed_whole_gives_the_same_state_as_its_snapshot(
    long_history: dict[str, Any], url: str, connection: Connection[Any]
) -> None:
    assert _snapshot_version(connection)
    connection.execute("DELETE FROM registry_snapshots")
    with RegistryApplication(url) as application:
        assert _registry(application) == long_history


def test_a_snapshot_of_another_shape_is_left_alone(
    long_history: dict[str, Any], url: str, connection: Connection[Any]
) -> None:
    connection.execute(
        "UPDATE registry_snapshots SET topic = 'DatasetRegistrySnapshot/0', state = 'another shape'"
    )
    with RegistryApplication(url) as application:
        assert _registry(application) == long_history
        application.submit(new_connector(CLIENT, "Slack"))


def test_a_template_revised_many_times_loads_from_its_snapshot(
    application: RegistryApplication, url: str, connection: Connection[Any]
) -> None:
    revisions = [new_template(sample=[number]) for number in range(SNAPSHOT_INTERVAL + 5)]
    application.submit_all(revisions[:-1])
    application.submit(revisions[-1])
    connection.execute("ALTER TABLE registry_events DISABLE TRIGGER USER")
    connection.execute(
        "DELETE FROM registry_events WHERE originator_version <= %s",
        [_snapshot_version(connection)],
    )
    with RegistryApplication(url) as another:
        unchanged = another.submit(revisions[-1])
    assert unchanged.version == len(revisions)
    assert unchanged.events == ()


def test_a_snapshot_that_cannot_be_written_has_no_command_carried_out_twice(
    application: RegistryApplication, connection: Connection[Any]
) -> None:
    connection.execute("ALTER TABLE registry_snapshots ADD CHECK (originator_version < 0)")
    application.MAX_ATTEMPTS = 2
    dataset = new_dataset(CLIENT)
    application.submit_all([dataset, *[checks(dataset)] * (SNAPSHOT_INTERVAL - 2)])
    application.submit(checks(dataset))
    assert _registry(application)["version"] == SNAPSHOT_INTERVAL


def _registry(application: RegistryApplication) -> dict[str, Any]:
    """Return the whole state of the client's registry."""
    registry = DatasetRegistry(CLIENT)
    application.load([registry])
    return vars(registry)


def _snapshot_version(connection: Connection[Any]) -> int:
    row = connection.execute("SELECT max(originator_version) FROM registry_snapshots").fetchone()
    assert row
    return int(row[0])
