"""Connections break and backends die, but nothing is done twice and nobody is told wrongly."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection

from registry import application as application_module
from registry.application import Answer, Answered, RegistryApplication
from registry.commands import RecordConnectorHealth
from registry.connector import Health
from registry.errors import KeyInFlight, OutcomeUnknown, SlotTaken, StoreUnavailable
from registry.store import RecordedEvent
from registry.store.receipts import IdempotencyKey, claim
from registry.submission import Outcome, Submission

from .dying_backends import Moment, backends_die
from .submissions import new_connector, new_dataset, submission
from .unreliable_wire import UnreliableWire, unreliable_wire

CLIENT = UUID(int=1)
KEY = IdempotencyKey(scope="somebody POST /somewhere", key="key-1", digest=b"digest")
NAME = b"jira_issues in sandbox"
"""What the event of a new dataset holds."""

Recorded = Callable[[], list[RecordedEvent]]


@pytest.fixture
def wire(url: str, tmp_path: Path) -> Iterator[UnreliableWire]:
    """A wire that breaks once in each test."""
    with unreliable_wire(url, tmp_path) as wire:
        yield wire
        assert wire.breaks == 1


@pytest.fixture
def remote(wire: UnreliableWire) -> Iterator[RegistryApplication]:
    """The command side at the other end of the wire."""
    with RegistryApplication(wire.url) as application:
        yield application


def answer(outcomes: Sequence[Outcome]) -> Answer:
    return Answer(str(outcomes[0].target).encode(), kept=True)


def once(application: RegistryApplication, *submissions: Submission) -> Answered:
    return application.submit_once(submissions, KEY, answer)


@pytest.mark.parametrize("times", [1, 2])
def test_a_keyed_command_whose_commit_is_not_confirmed_is_answered_from_its_receipt(
    wire: UnreliableWire, remote: RegistryApplication, recorded: Recorded, times: int
) -> None:
    dataset = new_dataset(CLIENT)
    wire.lose("answer", b"COMMIT")
    for _ in range(times):
        assert once(remote, dataset) == Answered(str(dataset.target).encode(), replayed=True)
    assert [event.facts["dataset_id"] for event in recorded()] == [str(dataset.target)]


@pytest.mark.parametrize("word", [b"COMMIT", NAME, b"command_receipts WHERE"])
def test_a_keyed_command_that_did_not_arrive_is_sent_again(
    wire: UnreliableWire, remote: RegistryApplication, recorded: Recorded, word: bytes
) -> None:
    dataset = new_dataset(CLIENT)
    wire.lose("request", word)
    assert once(remote, dataset) == Answered(str(dataset.target).encode(), replayed=False)
    assert once(remote, dataset).replayed
    assert len(recorded()) == 1


def test_of_an_unconfirmed_command_without_a_key_it_is_said_that_nobody_knows(
    wire: UnreliableWire, remote: RegistryApplication, recorded: Recorded
) -> None:
    wire.lose("answer", NAME)
    with pytest.raises(OutcomeUnknown, match="is not known"):
        remote.submit(new_dataset(CLIENT))
    assert len(recorded()) == 1
    with pytest.raises(SlotTaken):
        remote.submit(new_dataset(CLIENT))


def test_nor_is_it_known_whether_a_command_without_a_key_arrived(
    wire: UnreliableWire, remote: RegistryApplication, recorded: Recorded
) -> None:
    wire.lose("request", NAME)
    with pytest.raises(OutcomeUnknown):
        remote.submit(new_dataset(CLIENT))
    assert recorded() == []
    assert remote.submit(new_dataset(CLIENT)).created


def test_a_connection_lost_before_anything_was_saved_goes_unnoticed(
    wire: UnreliableWire, remote: RegistryApplication, recorded: Recorded
) -> None:
    wire.lose("answer", b"registry_snapshots")
    assert remote.submit(new_dataset(CLIENT)).created
    assert len(recorded()) == 1


@pytest.mark.parametrize("moment", [Moment.WHILE_SAVING, Moment.AT_COMMIT])
def test_a_keyed_command_outlives_the_backends_that_carry_it_out(
    application: RegistryApplication,
    connection: Connection[Any],
    recorded: Recorded,
    moment: Moment,
) -> None:
    dataset = new_dataset(CLIENT)
    with backends_die(connection, moment, deaths=3):
        answered = once(application, dataset)
    assert answered == Answered(str(dataset.target).encode(), replayed=False)
    assert once(application, dataset).replayed
    assert len(recorded()) == 1


@pytest.mark.parametrize("moment", [Moment.WHILE_SAVING, Moment.AT_COMMIT])
def test_a_command_without_a_key_dies_with_its_backend(
    application: RegistryApplication,
    connection: Connection[Any],
    recorded: Recorded,
    moment: Moment,
) -> None:
    with backends_die(connection, moment, deaths=1), pytest.raises(OutcomeUnknown):
        application.submit(new_dataset(CLIENT))
    assert recorded() == []
    assert application.submit(new_dataset(CLIENT)).created
    assert len(recorded()) == 1


def test_a_keyed_command_is_given_up_when_every_backend_dies(
    application: RegistryApplication,
    connection: Connection[Any],
    recorded: Recorded,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(RegistryApplication, "MAX_ATTEMPTS", 3)
    with backends_die(connection, Moment.AT_COMMIT, deaths=3), pytest.raises(OutcomeUnknown):
        once(application, new_dataset(CLIENT))
    assert recorded() == []
    assert not once(application, new_dataset(CLIENT)).replayed
    assert len(recorded()) == 1


def test_a_key_that_a_lost_connection_still_holds_is_waited_for(
    wire: UnreliableWire,
    remote: RegistryApplication,
    recorded: Recorded,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second and third attempts find the key held, as by a backend that has yet to notice."""
    attempts = []

    def claim_later(connection: Connection[Any], key: IdempotencyKey) -> bytes | None:
        attempts.append(key)
        if len(attempts) not in (2, 3):
            return claim(connection, key)
        with psycopg.connect(url, row_factory=psycopg.rows.dict_row) as holder:
            claim(holder, key)
            return claim(connection, key)

    monkeypatch.setattr(application_module, "claim", claim_later)
    dataset = new_dataset(CLIENT)
    wire.lose("request", b"COMMIT")
    assert once(remote, dataset) == Answered(str(dataset.target).encode(), replayed=False)
    assert len(attempts) == 4
    assert len(recorded()) == 1


def test_a_key_that_another_request_holds_is_not_waited_for(
    application: RegistryApplication, url: str, recorded: Recorded
) -> None:
    with psycopg.connect(url, row_factory=psycopg.rows.dict_row) as holder:
        claim(holder, KEY)
        with pytest.raises(KeyInFlight):
            once(application, new_dataset(CLIENT))
    assert recorded() == []
    assert not once(application, new_dataset(CLIENT)).replayed


def test_a_snapshot_that_cannot_be_taken_does_not_have_its_command_done_again(
    application: RegistryApplication, connection: Connection[Any], recorded: Recorded
) -> None:
    connector = new_connector(CLIENT)
    look = submission(RecordConnectorHealth(health=Health.HEALTHY), connector.target, CLIENT)
    with backends_die(connection, Moment.AT_THE_SNAPSHOT, deaths=1_000):
        outcomes = application.submit_all([connector, *[look] * 250])
    assert [outcome.error for outcome in outcomes] == [None] * 251
    assert application.submit(look).version == 252
    assert len(recorded()) == 252


def test_a_database_that_cannot_be_reached_is_said_to_be_so_and_found_again(
    application: RegistryApplication,
    postgres: str,
    connection: Connection[Any],
    recorded: Recorded,
) -> None:
    application.submit(new_dataset(CLIENT, "slack_messages"))
    application.recorder.datastore.pool.timeout = 0.1
    name = connection.info.dbname
    with psycopg.connect(postgres, autocommit=True) as operator:
        operator.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        operator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND pid <> %s",
            [name, connection.info.backend_pid],
        )
        with pytest.raises(StoreUnavailable, match="nothing was recorded"):
            once(application, new_dataset(CLIENT))
        operator.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
    application.recorder.datastore.pool.timeout = 30
    assert not once(application, new_dataset(CLIENT)).replayed
    assert len(recorded()) == 2
