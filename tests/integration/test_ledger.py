"""The ledger of a real event store: how it is kept, and that no tampering with the store holds."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection

from projections.ledger import LedgerKeeper
from registry.application import RegistryApplication
from registry.audit.export import verify_store
from registry.ledger.chain import ORIGIN, Link, chained
from registry.ledger.checkpoint import Checkpoint
from registry.ledger.signing_key import SigningKey
from registry.ledger.verification import Kind
from registry.store.still_log import StillLog

from .submissions import new_connector, new_dataset, new_datasets, new_template

CLIENT = UUID(int=1)
AT_ONCE, NEVER = timedelta(0), timedelta(days=365)

Found = list[tuple[Kind, int, int]]


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    """The key that the ledger is signed with."""
    return SigningKey.kept_in(tmp_path)


@pytest.fixture
def history(application: RegistryApplication, connection: Connection[Any]) -> list[int]:
    """Twelve events at positions with gaps, as rolled-back writes leave them."""
    for number in range(4):
        application.submit(new_dataset(CLIENT, f"type_{number}"))
        application.submit(new_template(f"type_{number}"))
        connection.execute("SELECT nextval('registry_events_notification_id_seq')")
        application.submit(new_connector(CLIENT, f"Connector {number}"))
    rows = connection.execute("SELECT notification_id FROM registry_events ORDER BY 1").fetchall()
    positions = [position for (position,) in rows]
    assert (len(positions), positions[-1]) == (12, 16)
    return positions


@pytest.fixture
def chained_history(history: list[int], connection: Connection[Any], key: SigningKey) -> list[int]:
    """The same, in the ledger and signed at every fourth event."""
    LedgerKeeper(key, 4, AT_ONCE).catch_up(connection)
    return history


def links(connection: Connection[Any]) -> list[Link]:
    rows = connection.execute("SELECT position, hash FROM ledger ORDER BY position").fetchall()
    return [Link._make(row) for row in rows]


def checkpoints(url: str) -> list[Checkpoint]:
    with StillLog.of(url) as log:
        return sorted(log.checkpoints(), key=lambda checkpoint: checkpoint.position)


def expected_links(url: str) -> list[Link]:
    with StillLog.of(url) as log:
        return list(chained(ORIGIN, (each.event for each in log.entries(0) if each.event)))


def found(url: str, key: SigningKey, known: list[Checkpoint] | None = None) -> Found:
    with StillLog.of(url) as log:
        findings = verify_store(log, {key.public}, known or ()).findings
    return [(finding.kind, finding.after, finding.position) for finding in findings]


@contextmanager
def unguarded(connection: Connection[Any]) -> Iterator[Connection[Any]]:
    """Put the triggers out of action, as only an owner of the tables can."""
    tables = ["registry_events", "ledger", "ledger_checkpoints"]
    for table in tables:
        connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    yield connection
    for table in tables:
        connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")


def chain_anew(connection: Connection[Any]) -> None:
    """Compute all hashes anew, as somebody does who wants to hide a change."""
    connection.execute("DELETE FROM ledger")

    class NoKey(SigningKey):
        def __init__(self) -> None: ...

    LedgerKeeper(NoKey(), 10**9, NEVER).catch_up(connection)


# How it is kept


def test_the_ledger_chains_every_event_in_the_order_of_positions(
    url: str, chained_history: list[int], connection: Connection[Any]
) -> None:
    assert links(connection) == expected_links(url)
    assert [link.position for link in links(connection)] == chained_history


@pytest.mark.parametrize("limit", [1, 5])
def test_a_ledger_kept_bit_by_bit_is_the_same(
    url: str,
    application: RegistryApplication,
    history: list[int],
    connection: Connection[Any],
    key: SigningKey,
    limit: int,
) -> None:
    keeper = LedgerKeeper(key, 10_000, NEVER)
    assert keeper.extend(connection, limit)
    assert len(links(connection)) == limit
    application.submit(new_dataset(CLIENT, "later"))
    while LedgerKeeper(key, 10_000, NEVER).extend(connection, limit):
        assert len(links(connection)) % limit == 0 or len(links(connection)) == 13
    assert links(connection) == expected_links(url)
    assert len(links(connection)) == 13


def test_a_ledger_that_cannot_be_signed_stays_as_it_was(
    history: list[int], connection: Connection[Any], key: SigningKey
) -> None:
    class BrokenKey(SigningKey):
        def __init__(self) -> None: ...

        def sign(self, link: Link) -> Checkpoint:
            raise OSError("no entropy")

    with pytest.raises(OSError, match="no entropy"):
        LedgerKeeper(BrokenKey(), 10, AT_ONCE).extend(connection)
    assert links(connection) == []
    LedgerKeeper(key, 10, AT_ONCE).catch_up(connection)
    assert len(links(connection)) == 12


def test_while_somebody_extends_the_ledger_others_leave_it_alone(
    url: str, history: list[int], connection: Connection[Any], key: SigningKey
) -> None:
    keeper = LedgerKeeper(key, 10, AT_ONCE)
    connection.execute("SET statement_timeout = '10s'")  # rather than wait for the other
    with psycopg.connect(url, autocommit=True) as other:
        with other.transaction():
            assert keeper.extend(other)
            assert not keeper.extend(connection)
            assert links(connection) == []
        assert len(links(connection)) == 10
        assert keeper.extend(connection)


def test_keepers_that_run_at_once_write_one_chain(
    url: str, application: RegistryApplication, connection: Connection[Any], key: SigningKey
) -> None:
    def run() -> None:
        with psycopg.connect(url, autocommit=True) as own:
            while len(links(own)) < 200:
                LedgerKeeper(key, 20, AT_ONCE).extend(own, 7)

    keepers = [threading.Thread(target=run, daemon=True) for _ in range(3)]
    for keeper in keepers:
        keeper.start()
    for part in range(20):
        application.submit_all(new_datasets(UUID(int=part + 1), 10))
    for keeper in keepers:
        keeper.join(timeout=60)
        assert not keeper.is_alive()
    assert links(connection) == expected_links(url)
    assert found(url, key) == []


def test_a_checkpoint_is_signed_every_so_many_positions_and_at_the_end(
    url: str, chained_history: list[int], key: SigningKey
) -> None:
    signed = checkpoints(url)
    assert [each.position for each in signed] == [5, 10, 16]
    assert all(each.is_genuine and each.public_key == key.public for each in signed)


def test_no_checkpoint_is_signed_on_the_way_to_the_end(
    url: str, history: list[int], connection: Connection[Any], key: SigningKey
) -> None:
    keeper = LedgerKeeper(key, 10_000, AT_ONCE)
    assert keeper.extend(connection, 5)
    assert checkpoints(url) == []
    assert keeper.catch_up(connection) == 16
    assert [each.position for each in checkpoints(url)] == [16]


def test_between_checkpoints_the_end_waits_to_be_signed(
    url: str, application: RegistryApplication, connection: Connection[Any], key: SigningKey
) -> None:
    keeper = LedgerKeeper(key, 10, timedelta(hours=1))
    positions = []
    for number in range(12):
        application.submit(new_dataset(CLIENT, f"type_{number}"))
        keeper.extend(connection)
        positions.append([each.position for each in checkpoints(url)])
    assert positions == [*[[1]] * 10, [1, 11], [1, 11]]


def test_an_end_that_has_waited_is_signed_without_a_new_event(
    url: str, application: RegistryApplication, connection: Connection[Any], key: SigningKey
) -> None:
    for number in range(2):
        application.submit(new_dataset(CLIENT, f"type_{number}"))
        assert LedgerKeeper(key, 10, NEVER).extend(connection)
    assert [each.position for each in checkpoints(url)] == [1]
    assert not LedgerKeeper(key, 10, AT_ONCE).extend(connection)
    assert [each.position for each in checkpoints(url)] == [1, 2]


@pytest.mark.parametrize("table", ["ledger", "ledger_checkpoints"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET position = 9 WHERE false", "DELETE FROM {}", "TRUNCATE {}"]
)
def test_the_ledger_can_only_be_added_to(
    chained_history: list[int], connection: Connection[Any], table: str, statement: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only ever added to"):
        connection.execute(statement.format(table))


# What is found


def test_a_store_that_nobody_touched_is_intact(
    url: str, chained_history: list[int], key: SigningKey
) -> None:
    with StillLog.of(url) as log:
        verification = verify_store(log, {key.public})
    assert verification.findings == []
    assert (verification.events, verification.last.position) == (12, 16)
    assert (verification.unsigned, verification.unchained) == (0, 0)


def test_events_that_the_ledger_has_yet_to_chain_are_counted_and_not_suspected(
    url: str, chained_history: list[int], application: RegistryApplication, key: SigningKey
) -> None:
    application.submit_all(new_datasets(UUID(int=2), 3))
    with StillLog.of(url) as log:
        verification = verify_store(log, {key.public})
    assert (verification.findings, verification.unchained) == ([], 3)


ALTERATIONS = {
    "state": "state = state || ' '",
    "topic": "topic = 'DatasetRetired'",
    "version": "originator_version = originator_version + 100",
    "stream": "originator_id = gen_random_uuid()",
    "moment": "recorded_at = recorded_at - interval '1 microsecond'",
    "no moment": "recorded_at = 'infinity'",
}


@pytest.mark.parametrize("alteration", ALTERATIONS.values(), ids=ALTERATIONS)
def test_an_altered_event_is_found(
    url: str,
    chained_history: list[int],
    connection: Connection[Any],
    key: SigningKey,
    alteration: str,
) -> None:
    with unguarded(connection):
        connection.execute(f"UPDATE registry_events SET {alteration} WHERE notification_id = 6")
    assert found(url, key) == [(Kind.ALTERED, 5, 6)]


@pytest.mark.parametrize("position", [1, 6, 10, 16])
def test_a_removed_event_is_found(
    url: str,
    chained_history: list[int],
    connection: Connection[Any],
    key: SigningKey,
    position: int,
) -> None:
    with unguarded(connection):
        connection.execute("DELETE FROM registry_events WHERE notification_id = %s", [position])
    before = max((each for each in chained_history if each < position), default=0)
    assert found(url, key) == [(Kind.REMOVED, before, position)]


def insert_event(connection: Connection[Any], position: int) -> None:
    connection.execute(
        "INSERT INTO registry_events (originator_id, originator_version, topic, state,"
        " notification_id) VALUES (gen_random_uuid(), 1, 'DatasetRetired', '{}', %s)",
        [position],
    )


@pytest.mark.parametrize(("position", "before"), [(3, 2), (7, 6), (0, 0), (-1, -1)])
def test_an_inserted_event_is_found(
    url: str,
    chained_history: list[int],
    connection: Connection[Any],
    key: SigningKey,
    position: int,
    before: int,
) -> None:
    insert_event(connection, position)
    kind = Kind.INSERTED if position > 0 else Kind.REORDERED
    assert found(url, key) == [(kind, before, position)]


def test_events_that_changed_places_are_found_at_both(
    url: str, chained_history: list[int], connection: Connection[Any], key: SigningKey
) -> None:
    with unguarded(connection):
        for before, after in ((5, 99), (9, 5), (99, 9)):
            connection.execute(
                "UPDATE registry_events SET notification_id = %s WHERE notification_id = %s",
                [after, before],
            )
    assert found(url, key) == [(Kind.ALTERED, 4, 5), (Kind.ALTERED, 8, 9)]


def test_an_event_at_a_position_that_another_one_has_is_found(
    url: str, chained_history: list[int], connection: Connection[Any], key: SigningKey
) -> None:
    connection.execute("DROP INDEX registry_events_notification_id_idx")
    insert_event(connection, 6)
    assert {position for _, _, position in found(url, key)} == {6}


def test_an_event_removed_along_with_its_hash_is_found(
    url: str, chained_history: list[int], connection: Connection[Any], key: SigningKey
) -> None:
    with unguarded(connection):
        connection.execute("DELETE FROM registry_events WHERE notification_id = 6")
        connection.execute("DELETE FROM ledger WHERE position = 6")
    assert found(url, key) == [(Kind.ALTERED_OR_REMOVED, 5, 8)]


def test_a_hash_put_right_for_an_altered_event_does_not_fit_the_next_one(
    url: str, chained_history: list[int], connection: Connection[Any], key: SigningKey
) -> None:
    with unguarded(connection):
        connection.execute("UPDATE registry_events SET state = '{}' WHERE notification_id = 8")
        (hash_,) = [link.hash for link in expected_links(url) if link.position == 8]
        connection.execute("UPDATE ledger SET hash = %s WHERE position = 8", [hash_])
    assert found(url, key) == [(Kind.ALTERED, 8, 9)]


def test_a_chain_computed_anew_is_found_by_what_was_signed(
    url: str, chained_history: list[int], connection: Connection[Any], key: SigningKey
) -> None:
    with unguarded(connection):
        connection.execute("UPDATE registry_events SET state = '{}' WHERE notification_id = 8")
        chain_anew(connection)
    assert links(connection) == expected_links(url)
    assert found(url, key) == [(Kind.REWRITTEN, 5, 10)]


def test_checkpoints_signed_anew_with_another_key_are_forged(
    url: str,
    chained_history: list[int],
    connection: Connection[Any],
    key: SigningKey,
    tmp_path: Path,
) -> None:
    intruder = SigningKey.kept_in(tmp_path / "intruder")
    with unguarded(connection):
        connection.execute("UPDATE registry_events SET state = '{}' WHERE notification_id = 8")
        connection.execute("DELETE FROM ledger_checkpoints")
        connection.execute("DELETE FROM ledger")
        LedgerKeeper(intruder, 5, AT_ONCE).catch_up(connection)
    assert {kind for kind, _, _ in found(url, key)} == {Kind.FORGED}
    assert found(url, intruder) == []


def test_a_checkpoint_given_another_hash_is_forged(
    url: str, chained_history: list[int], connection: Connection[Any], key: SigningKey
) -> None:
    with unguarded(connection):
        connection.execute("UPDATE registry_events SET state = '{}' WHERE notification_id = 14")
        chain_anew(connection)
        connection.execute(
            "UPDATE ledger_checkpoints SET hash = ledger.hash"
            " FROM ledger WHERE ledger.position = ledger_checkpoints.position"
        )
    assert found(url, key) == [(Kind.FORGED, 0, 16)]


def test_a_log_cut_off_before_what_was_signed_is_found(
    url: str, chained_history: list[int], connection: Connection[Any], key: SigningKey
) -> None:
    with unguarded(connection):
        connection.execute("DELETE FROM registry_events WHERE notification_id > 8")
        connection.execute("DELETE FROM ledger WHERE position > 8")
    assert found(url, key) == [(Kind.REMOVED, 8, 16)]


def test_a_log_cut_off_with_its_checkpoints_is_found_by_one_kept_elsewhere(
    url: str, chained_history: list[int], connection: Connection[Any], key: SigningKey
) -> None:
    kept_elsewhere = checkpoints(url)[-1:]
    with unguarded(connection):
        for table, column in (
            ("registry_events", "notification_id"),
            ("ledger", "position"),
            ("ledger_checkpoints", "position"),
        ):
            connection.execute(f"DELETE FROM {table} WHERE {column} > 5")
    assert found(url, key) == []
    assert found(url, key, kept_elsewhere) == [(Kind.REMOVED, 5, 16)]


def test_a_hash_at_a_position_far_ahead_is_found(
    url: str, chained_history: list[int], connection: Connection[Any], key: SigningKey
) -> None:
    connection.execute("INSERT INTO ledger VALUES (%s, %s)", [2**63 - 1, bytes(32)])
    assert found(url, key) == [(Kind.REMOVED, 16, 2**63 - 1)]
