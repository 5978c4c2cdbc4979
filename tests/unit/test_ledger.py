"""The ledger: what is hashed, what is signed, and what is found where somebody tampered."""

import hashlib
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from chained import EVENT, QUICK, entries_of, found, log_of
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from registry.ledger.chain import (
    ORIGIN,
    Link,
    LoggedEvent,
    canonical,
    following,
    microseconds,
    moment,
)
from registry.ledger.checkpoint import statement_of
from registry.ledger.signing_key import SigningKey, UnusableKey, read_public_key
from registry.ledger.verification import MAX_LISTED, Entry, Kind, Verification

INT64 = st.integers(-(2**63), 2**63 - 1)
EVENTS = st.builds(
    LoggedEvent, INT64, st.uuids(), INT64, st.text(max_size=3), INT64, st.binary(max_size=3)
)


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return SigningKey.kept_in(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def strange_key(tmp_path_factory):
    return SigningKey.kept_in(tmp_path_factory.mktemp("elsewhere"))


# What is hashed


def test_the_canonical_form_and_the_hash_are_what_is_documented():
    assert canonical(EVENT) == (
        bytes.fromhex("000000000000002a")
        + bytes.fromhex("0d6e2a4c95a55f0b8f2e0f3f6f8c2b77")
        + bytes.fromhex("0000000000000007")
        + (823_176_000_250_000).to_bytes(8, "big")
        + bytes.fromhex("00000011")
        + b"DatasetRegistered"
        + b'{"name":"Jira"}'
    )
    assert hashlib.sha256(b"dataset-registry ledger 1").digest() == ORIGIN.hash
    assert following(ORIGIN.hash, EVENT).hex() == (
        "86f4e83c98e542956cd5614af424a17f5f90f60180616491f379257dd5999e52"
    )


@given(one=EVENTS, other=EVENTS)
@QUICK
def test_two_different_events_never_share_a_canonical_form(one, other):
    assert (canonical(one) == canonical(other)) == (one == other)


@given(event=EVENTS, data=st.data())
@QUICK
def test_a_change_of_any_one_field_changes_the_hash(event, data):
    name, other = data.draw(st.sampled_from(LoggedEvent._fields)), data.draw(EVENTS)
    changed = event._replace(**{name: getattr(other, name)})
    assume(changed != event)
    assert following(ORIGIN.hash, changed) != following(ORIGIN.hash, event)


@given(moment_=st.datetimes(timezones=st.just(UTC)))
def test_microseconds_lose_nothing_of_a_moment(moment_):
    assert moment(microseconds(moment_)) == moment_


def test_a_moment_without_end_becomes_the_last_one_there_is():
    assert moment(2**63 - 1) == datetime.max.replace(tzinfo=UTC)
    assert moment(-(2**63)) == datetime.min.replace(tzinfo=UTC)


# What is signed


def test_a_data_directory_has_one_key_that_only_its_owner_can_read(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(SigningKey.kept_in, [tmp_path / "data"] * 8))
    assert len({key.public for key in keys}) == 1
    (path,) = (tmp_path / "data" / "ledger").iterdir()
    assert path.name == "key.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    found = SigningKey.found_in(tmp_path / "data")
    assert found
    assert found.public == keys[0].public


def test_looking_for_a_key_makes_none(tmp_path):
    assert SigningKey.found_in(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_the_public_key_is_read_back_from_its_pem_file(key, tmp_path):
    (tmp_path / "key.pem").write_text(key.public_pem)
    assert read_public_key(tmp_path / "key.pem") == key.public


@pytest.mark.parametrize("content", ["", "no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n"])
def test_a_file_that_holds_no_key_is_refused_by_name(tmp_path, content):
    path = tmp_path / "ledger" / "key.pem"
    path.parent.mkdir()
    path.write_text(content)
    for read in (read_public_key, lambda path: SigningKey.kept_in(path.parents[1])):
        with pytest.raises(UnusableKey, match=r"key\.pem holds no"):
            read(path)


def test_a_private_key_is_not_taken_for_a_public_one(tmp_path):
    SigningKey.kept_in(tmp_path)
    with pytest.raises(UnusableKey):
        read_public_key(tmp_path / "ledger" / "key.pem")


def test_what_is_signed_is_what_is_documented():
    signed_at = datetime(2000, 1, 1, 0, 0, 1, tzinfo=UTC)
    assert statement_of(Link(7, b"h" * 32), signed_at) == (
        b"dataset-registry checkpoint 1"
        + (7).to_bytes(8, "big")
        + b"h" * 32
        + (1_000_000).to_bytes(8, "big")
    )


def test_a_checkpoint_is_genuine_until_any_part_of_it_changes(key, strange_key):
    checkpoint = key.sign(Link(7, b"h" * 32))
    assert checkpoint.is_genuine
    for changes in (
        {"position": 8},
        {"hash": b"g" * 32},
        {"hash": b"short"},
        {"signed_at": checkpoint.signed_at + timedelta(microseconds=1)},
        {"public_key": strange_key.public},
        {"public_key": b"no key"},
        {"signature": bytes(64)},
        {"signature": b""},
    ):
        assert not replace(checkpoint, **changes).is_genuine, changes


# What is found in a log with its ledger beside it


def verified(entries, checkpoints=(), trusted=None, **options):
    verification = Verification(ORIGIN, checkpoints, trusted, **options)
    for each in entries:
        verification.see(each)
    verification.end()
    return verification


def test_a_log_with_gaps_that_nobody_touched_is_intact(key):
    entries = entries_of(log_of(1, 2, 5, 9))
    checkpoints = [key.sign(Link(each.position, each.hash)) for each in entries[1::2]]
    verification = verified(entries, checkpoints, {key.public})
    assert found(verification) == []
    assert (verification.events, verification.last.position) == (4, 9)
    assert (verification.signed, verification.unsigned) == (checkpoints[-1], 0)


def test_what_comes_after_the_last_checkpoint_is_counted_as_unsigned(key):
    entries = entries_of(log_of(1, 2, 3))
    assert verified(entries, [key.sign(Link(1, entries[0].hash))]).unsigned == 2


def test_one_altered_event_is_one_finding():
    entries = entries_of(log_of(1, 2, 3, 4))
    entries[2] = entries[2]._replace(event=entries[2].event._replace(state=b"{}"))
    assert found(verified(entries)) == [(Kind.ALTERED, 2, 3)]


def test_an_event_that_only_the_ledger_knows_was_removed():
    entries = entries_of(log_of(1, 2, 3, 4))
    entries[1] = entries[1]._replace(event=None)
    assert found(verified(entries)) == [(Kind.REMOVED, 1, 2)]


def test_an_event_that_the_ledger_does_not_know_was_inserted():
    events = log_of(1, 2, 4)
    entries = entries_of(events)
    entries.insert(2, Entry(3, EVENT._replace(position=3), None))
    assert found(verified(entries, chained_to=4)) == [(Kind.INSERTED, 2, 3)]


def test_events_beyond_the_ledger_are_counted_and_no_finding():
    entries = entries_of(log_of(1, 2, 3))
    entries[1:] = [each._replace(hash=None) for each in entries[1:]]
    verification = verified(entries, chained_to=1)
    assert (found(verification), verification.unchained) == ([], 2)
    assert verification.last.hash == entries_of(log_of(1, 2, 3))[-1].hash


def test_an_event_that_was_removed_along_with_its_hash_lies_before_the_next_one():
    entries = entries_of(log_of(1, 2, 3, 4))
    del entries[1]
    assert found(verified(entries)) == [(Kind.ALTERED_OR_REMOVED, 1, 3)]


def test_a_position_that_was_never_given_is_out_of_order():
    entries = [Entry(-5, EVENT._replace(position=-5), None), *entries_of(log_of(1, 2))]
    assert found(verified(entries, chained_to=2)) == [(Kind.REORDERED, -5, -5)]


def test_a_chain_computed_anew_is_found_by_the_next_checkpoint(key):
    entries = entries_of(log_of(*range(1, 10)))
    checkpoints = [key.sign(Link(each.position, each.hash)) for each in entries[2::3]]
    events = [each.event for each in entries]
    events[3] = events[3]._replace(state=b"{}")
    verification = verified(entries_of(events), checkpoints, {key.public})
    assert found(verification) == [(Kind.REWRITTEN, 3, 6)]
    assert verification.signed == checkpoints[0]


def test_a_log_cut_off_before_what_was_signed_is_found(key):
    entries = entries_of(log_of(*range(1, 10)))
    checkpoints = [key.sign(Link(each.position, each.hash)) for each in entries[2::3]]
    assert found(verified(entries[:4], checkpoints)) == [(Kind.REMOVED, 4, 9)]


def test_an_event_removed_where_a_checkpoint_was_signed_is_found(key):
    entries = entries_of(log_of(1, 2, 3))
    checkpoint = key.sign(Link(2, entries[1].hash))
    del entries[1]
    assert found(verified(entries, [checkpoint])) == [
        (Kind.REMOVED, 1, 2),
        (Kind.ALTERED_OR_REMOVED, 1, 3),
    ]


def test_a_checkpoint_signed_with_another_key_is_forged_if_the_right_one_is_known(strange_key, key):
    entries = entries_of(log_of(1, 2))
    checkpoint = strange_key.sign(Link(2, entries[1].hash))
    assert found(verified(entries, [checkpoint], {key.public})) == [(Kind.FORGED, 0, 2)]
    assert found(verified(entries, [checkpoint])) == []


def test_a_checkpoint_that_was_altered_is_forged(key):
    entries = entries_of(log_of(1, 2))
    checkpoint = replace(key.sign(Link(2, entries[1].hash)), hash=bytes(32))
    assert found(verified(entries, [checkpoint])) == [(Kind.FORGED, 0, 2)]


def test_findings_beyond_what_is_listed_are_counted():
    entries = [each._replace(hash=bytes(32)) for each in entries_of(log_of(*range(1, 2_000)))]
    verification = verified(entries)
    assert (len(verification.findings), verification.found) == (MAX_LISTED, 1_999)


def test_a_finding_says_where_and_what():
    entries = entries_of(log_of(1, 2))
    entries[1] = entries[1]._replace(event=entries[1].event._replace(state=b"{}"))
    assert str(verified(entries).findings[0]) == (
        "position 2 (after 1): altered: this event after position 1 has another hash than recorded"
    )
