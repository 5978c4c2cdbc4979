"""Exports of the log: they can be checked anywhere, and no tampering with one goes unseen."""

import gzip
import json
from datetime import UTC, datetime
from itertools import accumulate
from uuid import UUID

import msgspec
import pytest
from chained import EVENT, QUICK, entries_of, found, log_of
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from registry.ledger.chain import ORIGIN, Link, LoggedEvent, following
from registry.ledger.checkpoint import Checkpoint
from registry.ledger.export_check import verify_export
from registry.ledger.exported_log import (
    FORMAT,
    Manifest,
    NoExport,
    entry,
    line,
    manifest_path,
    read_manifest,
    sha256_of,
)
from registry.ledger.signing_key import SigningKey
from registry.ledger.verification import Entry, Kind


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return SigningKey.kept_in(tmp_path_factory.mktemp("data"))


def write_export(path, entries, checkpoints, start=ORIGIN):
    """Write an export as the product does, and its manifest."""
    lines = [line(each.event, each.hash) for each in entries]
    write_file(path, lines)
    manifest = Manifest(
        exported_at=datetime.now(UTC),
        file=path.name,
        sha256=sha256_of(path),
        events=len(entries),
        after=start.position,
        first_position=entries[0].position if entries else None,
        last_position=entries[-1].position if entries else start.position,
        hash_before=start.hash,
        hash_after=entries[-1].hash if entries else start.hash,
        checkpoints=list(checkpoints),
    )
    write_manifest(path, manifest)
    return lines


def write_file(path, lines):
    content = b"".join(lines)
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


def write_manifest(path, manifest):
    manifest_path(path).write_bytes(msgspec.json.encode(manifest))


def amend_manifest(path, **changes):
    manifest = read_manifest(manifest_path(path))
    write_manifest(path, replace(manifest, sha256=sha256_of(path), **changes))


@given(
    state=st.one_of(
        st.binary(max_size=4),
        st.sampled_from([b"{}", b'{"a": 1 ,\t"b":[ ]}', b'{"n":1.0,"m":1e0}', b'{"a":\n1}']),
        st.sampled_from([b'{"a":1}}', b'{"a":1},"hash":{}', b'{"\xff":1}', b" {}", b"{} ", b"[]"]),
        st.text(max_size=3).map(lambda text: msgspec.json.encode({text: text})),
    )
)
@QUICK
def test_a_line_gives_back_the_event_byte_for_byte(state):
    event = EVENT._replace(state=state)
    written = line(event, b"hash")
    assert entry(written) == Entry(42, event, b"hash")
    assert json.loads(written)["position"] == 42
    assert written.index(b"\n") == len(written) - 1


def test_a_state_stands_in_its_line_as_the_json_it_is():
    assert json.loads(line(EVENT, b""))["state"] == {"name": "Jira"}


STATES = st.dictionaries(st.text(max_size=2), st.integers(0, 3), max_size=2).map(
    msgspec.json.encode
)


@st.composite
def logs(draw, min_size=2):
    """Some events at positions that rise, with gaps."""
    steps = draw(st.lists(st.integers(1, 3), min_size=min_size, max_size=8))
    return [
        LoggedEvent(
            position,
            draw(st.sampled_from([UUID(int=1), UUID(int=2)])),
            version,
            draw(st.sampled_from(["DatasetRegistered", "DatasetRevised"])),
            EVENT.recorded_at + draw(st.integers(0, 10**6)),
            draw(STATES),
        )
        for version, position in enumerate(accumulate(steps), 1)
    ]


@given(events=logs(min_size=0), data=st.data(), suffix=st.sampled_from([".jsonl", ".jsonl.gz"]))
@QUICK
def test_an_export_that_nobody_touched_is_intact(key, tmp_path, events, data, suffix):
    entries = entries_of(events)
    signed = data.draw(st.sets(st.sampled_from(entries))) if entries else []
    checkpoints = [key.sign(Link(each.position, each.hash)) for each in signed]
    write_export(tmp_path / f"log{suffix}", entries, checkpoints)
    verification = verify_export(tmp_path / f"log{suffix}", {key.public})
    assert found(verification) == []
    assert verification.events == len(events)


@given(events=logs(), data=st.data())
@QUICK
def test_an_export_may_begin_anywhere(key, tmp_path, events, data):
    entries = entries_of(events)
    cut = data.draw(st.integers(1, len(entries) - 1))
    links = [Link(each.position, each.hash) for each in entries]
    path = tmp_path / "log.jsonl"
    write_export(path, entries[cut:], map(key.sign, links[cut - 1 :]), start=links[cut - 1])
    assert found(verify_export(path, {key.public})) == []
    amend_manifest(path, hash_before=bytes(32))
    kinds = {kind for kind, _, _ in found(verify_export(path, {key.public}))}
    assert Kind.REWRITTEN in kinds
    assert kinds & {Kind.ALTERED, Kind.ALTERED_OR_REMOVED}


FORGERIES = st.fixed_dictionaries(
    {},
    optional={
        "originator_id": st.just(UUID(int=3)),
        "originator_version": st.integers(100, 200),
        "topic": st.sampled_from(["", "DatasetRetired"]),
        "recorded_at": st.integers(0, 10**15),
        "state": st.just(b'{"forged":true}'),
    },
).filter(bool)


def is_found(verification, position):
    return any(finding.after <= position <= finding.position for finding in verification.findings)


@given(events=logs(), forgery=FORGERIES, data=st.data())
@QUICK
def test_an_event_altered_in_an_export_is_found_at_its_position(
    key, tmp_path, events, forgery, data
):
    path, entries = tmp_path / "log.jsonl", entries_of(events)
    lines = write_export(path, entries, [])
    index = data.draw(st.integers(0, len(events) - 1))
    altered = events[index]._replace(**forgery)
    lines[index] = line(altered, entries[index].hash)
    write_file(path, lines)
    amend_manifest(path)
    (finding,) = verify_export(path, None).findings
    assert finding.kind in {Kind.ALTERED, Kind.ALTERED_OR_REMOVED}
    assert finding.position == events[index].position


@given(events=logs(), data=st.data())
@QUICK
def test_an_event_removed_from_an_export_is_found_between_its_neighbours(
    key, tmp_path, events, data
):
    path = tmp_path / "log.jsonl"
    lines = write_export(path, entries_of(events), [])
    index = data.draw(st.integers(0, len(events) - 1))
    del lines[index]
    write_file(path, lines)
    amend_manifest(path)
    (finding,) = verify_export(path, None).findings
    assert finding.kind in {Kind.REMOVED, Kind.ALTERED_OR_REMOVED}
    assert finding.after == (events[index - 1].position if index else 0)
    assert finding.position == events[min(index + 1, len(events) - 1)].position


@given(events=logs(), data=st.data(), chained_in=st.booleans())
@QUICK
def test_an_event_inserted_into_an_export_is_found_beside_its_position(
    key, tmp_path, events, data, chained_in
):
    path, entries = tmp_path / "log.jsonl", entries_of(events)
    lines = write_export(path, entries, [])
    position = data.draw(st.integers(1, events[-1].position + 2))
    assume(position not in {event.position for event in events})
    forged = EVENT._replace(position=position)
    index = sum(event.position < position for event in events)
    before = entries[index - 1].hash if index else ORIGIN.hash
    lines.insert(index, line(forged, following(before, forged) if chained_in else bytes(32)))
    write_file(path, lines)
    amend_manifest(path, events=len(lines))
    assert is_found(verify_export(path, None), position)


@given(events=logs(), data=st.data())
@QUICK
def test_events_that_changed_places_in_an_export_are_found_at_both(key, tmp_path, events, data):
    path = tmp_path / "log.jsonl"
    lines = write_export(path, entries_of(events), [])
    one, other = sorted(data.draw(st.sets(st.integers(0, len(events) - 1), min_size=2, max_size=2)))
    lines[one], lines[other] = lines[other], lines[one]
    write_file(path, lines)
    amend_manifest(path)
    verification = verify_export(path, None)
    assert is_found(verification, events[one].position)
    assert is_found(verification, events[other].position)


@given(events=logs(), forgery=FORGERIES, data=st.data())
@QUICK
def test_an_export_chained_anew_after_a_change_is_found_by_what_was_signed(
    key, tmp_path, events, forgery, data
):
    path, entries = tmp_path / "log.jsonl", entries_of(events)
    index = data.draw(st.integers(0, len(events) - 1))
    signed = data.draw(st.sets(st.integers(0, len(events) - 1))) | {
        data.draw(st.integers(index, len(events) - 1))
    }
    checkpoints = [key.sign(Link(entries[at].position, entries[at].hash)) for at in signed]
    events[index] = events[index]._replace(**forgery)
    write_export(path, entries_of(events), checkpoints)
    (finding,) = verify_export(path, {key.public}).findings
    assert finding.kind == Kind.REWRITTEN
    assert finding.after < events[index].position <= finding.position


@given(data=st.data(), suffix=st.sampled_from([".jsonl", ".jsonl.gz"]))
@QUICK
def test_no_byte_of_an_export_can_change_or_be_lost_unseen(key, tmp_path, data, suffix):
    path = tmp_path / f"log{suffix}"
    write_export(path, entries_of(log_of(1, 2, 4)), [])
    content = bytearray(path.read_bytes())
    index = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        content[index] ^= data.draw(st.integers(1, 255))
    else:
        del content[index:]
    path.write_bytes(content)
    assert verify_export(path, {key.public}).found


@pytest.mark.parametrize(
    "garbage",
    [b"\n", b"{}\n", b"[1]\n", b"\xff\xfe\n", b'{"position":', b'{"position":1e999}\n'],
)
def test_a_line_that_is_no_event_is_found_after_the_last_that_is_one(key, tmp_path, garbage):
    path = tmp_path / "log.jsonl"
    lines = write_export(path, entries_of(log_of(1, 2, 3)), [])
    write_file(path, [*lines[:2], garbage, *lines[2:]])
    amend_manifest(path)
    assert (Kind.UNREADABLE, 2, 2) in found(verify_export(path, None))


def test_a_moment_without_a_zone_is_no_event(tmp_path):
    path = tmp_path / "log.jsonl"
    (text,) = write_export(path, entries_of(log_of(1)), [])
    write_file(path, [text.replace(b".250000Z", b".250000")])
    amend_manifest(path)
    assert found(verify_export(path, None))[0] == (Kind.UNREADABLE, 0, 0)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"events": 4}, Kind.MISDESCRIBED),
        ({"sha256": "0" * 64}, Kind.MISDESCRIBED),
        ({"last_position": 5}, Kind.REMOVED),
        ({"last_position": 2}, Kind.INSERTED),
        ({"hash_after": bytes(32)}, Kind.REWRITTEN),
    ],
)
def test_a_manifest_that_says_something_else_than_the_file_is_found(tmp_path, changes, kind):
    path = tmp_path / "log.jsonl"
    write_export(path, entries_of(log_of(1, 2, 3)), [])
    write_manifest(path, replace(read_manifest(manifest_path(path)), **changes))
    assert [each.kind for each in verify_export(path, None).findings] == [kind]


def test_checkpoints_known_from_elsewhere_must_hold_too(key, tmp_path):
    path = tmp_path / "log.jsonl"
    entries = entries_of(log_of(1, 2, 3))
    earlier = key.sign(Link(2, entries[1].hash))
    events = [each.event for each in entries]
    events[0] = events[0]._replace(state=b"{}")
    write_export(path, entries_of(events), [])
    assert found(verify_export(path, {key.public})) == []
    assert found(verify_export(path, {key.public}, [earlier])) == [(Kind.REWRITTEN, 0, 2)]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "There is no manifest"),
        ("", "is no manifest"),
        ("{}", "is no manifest"),
        ("[1]", "is no manifest"),
        ("another format", "only dataset-registry-log/1 is known"),
    ],
)
def test_an_export_without_a_manifest_cannot_be_checked(tmp_path, content, complaint):
    path = tmp_path / "log.jsonl"
    write_export(path, [], [])
    if content is None:
        manifest_path(path).unlink()
    elif content == "another format":
        amend_manifest(path, format="another/2")
    else:
        manifest_path(path).write_text(content)
    with pytest.raises(NoExport, match=complaint):
        verify_export(path, None)


def test_a_manifest_is_json_that_other_tools_can_read(key, tmp_path):
    path = tmp_path / "log.jsonl"
    entries = entries_of(log_of(1, 2))
    write_export(path, entries, [key.sign(Link(2, entries[1].hash))])
    manifest = json.loads(manifest_path(path).read_text())
    assert (manifest["format"], manifest["events"]) == (FORMAT, 2)
    assert [json.loads(text)["position"] for text in path.read_text().splitlines()] == [1, 2]
    assert msgspec.convert(manifest["checkpoints"][0], Checkpoint, strict=False).is_genuine
