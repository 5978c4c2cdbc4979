"""The chain of hashes: each covers its event and, through the hash before it, all earlier ones.

    hash(n) = SHA-256( hash of the event before n ‖ canonical form of event n )

The canonical form of an event is, in this order and with all integers signed and big-endian:

    position             8 bytes
    originator id       16 bytes, as of RFC 9562
    originator version   8 bytes
    recorded at          8 bytes, microseconds since 2000-01-01T00:00Z as PostgreSQL keeps them
    length of the topic  4 bytes
    topic                UTF-8
    state                to the end, the bytes exactly as they are stored

It is binary and not JSON, so that there is one way to write it in any language, no two events
share one, and not even white space in a state can change unseen. Events are chained in the order
of their positions; a position that a rolled-back write took and gave up is no part of the chain.
"""

import hashlib
import struct
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

_ENVELOPE = struct.Struct(">q16sqqi")
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class LoggedEvent(NamedTuple):
    """An event exactly as it is stored; `recorded_at` in microseconds since 2000."""

    position: int
    originator_id: UUID
    originator_version: int
    topic: str
    recorded_at: int
    state: bytes


class Link(NamedTuple):
    """A place in the chain: a position and the hash of all events up to it."""

    position: int
    hash: bytes


ORIGIN = Link(0, hashlib.sha256(b"dataset-registry ledger 1").digest())
"""Where every chain begins; another canonical form would begin elsewhere."""


def canonical(event: LoggedEvent) -> bytes:
    """Return the bytes of an event that are hashed."""
    position, originator_id, version, topic, recorded_at, state = event
    encoded = topic.encode()
    envelope = _ENVELOPE.pack(position, originator_id.bytes, version, recorded_at, len(encoded))
    return b"".join((envelope, encoded, state))


def following(previous: bytes, event: LoggedEvent) -> bytes:
    """Return the hash of an event, given the one of the event before it."""
    return hashlib.sha256(previous + canonical(event)).digest()


def chained(start: Link, events: Iterable[LoggedEvent]) -> Iterator[Link]:
    """Yield the link of each event, in the order given."""
    reached = start.hash
    for event in events:
        reached = following(reached, event)
        yield Link(event.position, reached)


def microseconds(moment: datetime) -> int:
    """Return a moment as microseconds since 2000-01-01T00:00Z."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(microseconds: int) -> datetime:
    """Return the moment that is so many microseconds after 2000-01-01T00:00Z.

    One beyond the years 1 to 9999, such as PostgreSQL's infinity, becomes the nearest within.
    """
    try:
        return _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        return (datetime.max if microseconds > 0 else datetime.min).replace(tzinfo=UTC)
