"""A request sent again under its key is answered again, and carried out once."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from eventsourcing.persistence import OperationalError
from psycopg import Connection

from registry.application import Answer, Answered, RegistryApplication
from registry.errors import KeyInFlight, KeyReused, OutcomeUnknown
from registry.store import RecordedEvent
from registry.store.receipts import IdempotencyKey, prune
from registry.submission import Outcome

from .held_commits import HOLD_COMMITS, held
from .submissions import checks, new_dataset, new_datasets
from .waiting import until, waiting_for

CLIENT = UUID(int=1)
KEY = IdempotencyKey(scope="ada", key="key-1", digest=b"request 1")
Recorded = Callable[[], list[RecordedEvent]]


def answer(outcomes: Sequence[Outcome]) -> Answer:
    """Answer with the positions, and keep the answer if anything was carried out."""
    content = " ".join(str(outcome.position) for outcome in outcomes).encode()
    return Answer(content, kept=not all(outcome.error for outcome in outcomes))


def test_a_request_sent_again_is_answered_as_before_and_records_nothing(
    application: RegistryApplication, recorded: Recorded
) -> None:
    dataset = new_dataset(CLIENT)
    application.submit(dataset)
    first = application.submit_once([checks(dataset)], KEY, answer)
    application.submit(new_dataset(CLIENT, "slack_messages"))
    again = application.submit_once([checks(dataset)], KEY, answer)
    assert first == Answered(b"2", replayed=False)
    assert again == Answered(b"2", replayed=True)
    assert len(recorded()) == 3


def test_a_key_belongs_to_one_request(application: RegistryApplication, recorded: Recorded) -> None:
    application.submit_once([new_dataset(CLIENT)], KEY, answer)
    another = IdempotencyKey(scope=KEY.scope, key=KEY.key, digest=b"request 2")
    with pytest.raises(KeyReused, match="key-1"):
        application.submit_once([new_dataset(CLIENT, "slack_messages")], another, answer)
    assert len(recorded()) == 1


def test_each_scope_has_keys_of_its_own(
    application: RegistryApplication, recorded: Recorded
) -> None:
    for scope in ("ada", "bob"):
        key = IdempotencyKey(scope=scope, key=KEY.key, digest=scope.encode())
        done = application.submit_once([new_dataset(CLIENT, f"of_{scope}")], key, answer)
        assert not done.replayed
    assert len(recorded()) == 2


def test_a_refusal_is_not_kept_so_the_request_may_succeed_later(
    application: RegistryApplication, recorded: Recorded
) -> None:
    dataset = new_dataset(CLIENT)
    assert application.submit_once([checks(dataset)], KEY, answer) == Answered(b"0", replayed=False)
    application.submit(dataset)
    assert application.submit_once([checks(dataset)], KEY, answer) == Answered(b"2", replayed=False)
    assert len(recorded()) == 2


def test_of_many_sendings_at_once_one_is_carried_out(
    application: RegistryApplication, recorded: Recorded
) -> None:
    start = threading.Barrier(6)

    def send() -> Answered | None:
        start.wait()
        try:
            return application.submit_once(new_datasets(CLIENT, 20), KEY, answer)
        except KeyInFlight:
            return None

    with ThreadPoolExecutor(6) as threads:
        sendings = [threads.submit(send) for _ in range(6)]
        answers = [found for sending in sendings if (found := sending.result())]

    assert [found.replayed for found in answers].count(False) == 1
    assert len({found.content for found in answers}) == 1
    assert len(recorded()) == 20


def test_a_request_under_way_is_not_carried_out_beside_itself(
    application: RegistryApplication, connection: Connection[Any]
) -> None:
    connection.execute(HOLD_COMMITS)
    submissions = [new_dataset(CLIENT)]
    with ThreadPoolExecutor(2) as threads:
        with held(connection):
            first = threads.submit(application.submit_once, submissions, KEY, answer)
            until(lambda: waiting_for(connection, "advisory"))
            second = threads.submit(application.submit_once, submissions, KEY, answer)
            until(lambda: second.done() or waiting_for(connection, "relation"))
        assert not first.result().replayed
        with pytest.raises(KeyInFlight, match="key-1"):
            second.result()


def test_a_request_without_a_key_that_is_cut_off_has_an_unknown_outcome(
    application: RegistryApplication, connection: Connection[Any], recorded: Recorded
) -> None:
    with (
        _cut_off(connection, lambda: application.submit(new_dataset(CLIENT))) as submitted,
        pytest.raises(OutcomeUnknown),
    ):
        submitted()
    assert recorded() == []


def test_a_request_with_a_key_that_is_cut_off_is_carried_out_once_all_the_same(
    application: RegistryApplication, connection: Connection[Any], recorded: Recorded
) -> None:
    submissions = [new_dataset(CLIENT)]
    with _cut_off(connection, lambda: application.submit_once(submissions, KEY, answer)) as sent:
        assert not sent().replayed
    assert len(recorded()) == 1


def test_a_request_whose_answer_was_lost_after_the_commit_is_not_carried_out_again(
    application: RegistryApplication, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = new_dataset(CLIENT)
    application.submit(dataset)
    commit, losses = application.recorder.transaction, iter([True])

    @contextmanager
    def lose_one_answer() -> Iterator[Connection[Any]]:
        with commit() as connection:
            yield connection
        if next(losses, False):
            raise OperationalError("the connection was lost")

    monkeypatch.setattr(application.recorder, "transaction", lose_one_answer)
    done = application.submit_once([checks(dataset)], KEY, answer)
    assert done == Answered(b"2", replayed=True)
    assert len(recorded()) == 2


def test_old_receipts_are_pruned_and_new_ones_kept(
    application: RegistryApplication, connection: Connection[Any]
) -> None:
    for number in range(3):
        key = IdempotencyKey(scope="ada", key=f"key-{number}", digest=b"")
        application.submit_once([new_dataset(CLIENT, f"type_{number}")], key, answer)
    connection.execute(
        "UPDATE command_receipts SET created_at = now() - interval '25 hours' WHERE key <> 'key-2'"
    )
    assert prune(connection, hours=24) == 2
    assert application.submit_once([], key, answer).replayed


@contextmanager
def _cut_off(connection: Connection[Any], send: Callable[[], Any]) -> Iterator[Callable[[], Any]]:
    """Send a request whose connection is cut before its commit; yield what waits for the result."""
    connection.execute(HOLD_COMMITS)
    with ThreadPoolExecutor(1) as threads:
        with held(connection):
            sent = threads.submit(send)
            until(lambda: waiting_for(connection, "advisory"))
            connection.execute(
                "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event = 'advisory'"
            )
        yield sent.result
