"""The log of all events in the order of their positions, read in batches."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from psycopg import Connection

from registry.store.recorder import EVENTS_TABLE

HEAD = f"SELECT coalesce(max(notification_id), 0) FROM {EVENTS_TABLE}"  # noqa: S608
"""The position of the last event, 0 for an empty log."""

POSITION_AT = f"""
    SELECT coalesce((
        SELECT notification_id FROM {EVENTS_TABLE} WHERE recorded_at <= %(time)s
        ORDER BY recorded_at DESC, notification_id DESC LIMIT 1
    ), 0)
"""  # noqa: S608 - made of constants
"""The position of the last event that was recorded by a `time`, 0 before the first one."""

_READ = f"""
    SELECT notification_id, originator_id, originator_version, topic, recorded_at, state
    FROM {EVENTS_TABLE}
    WHERE notification_id > %(after)s AND notification_id <= %(head)s
      AND topic = ANY(%(topics)s)
      AND (%(parts)s = 1 OR get_byte(uuid_send(originator_id), 15) %% %(parts)s = %(part)s)
    ORDER BY notification_id
    LIMIT %(limit)s
"""  # noqa: S608 - made of constants

_COUNT = f"SELECT count(*) FROM {EVENTS_TABLE} WHERE notification_id > %s AND topic = ANY(%s)"  # noqa: S608

_AT = f"""
    SELECT notification_id, originator_id, originator_version, topic, recorded_at, state
    FROM {EVENTS_TABLE} WHERE notification_id = ANY(%s) ORDER BY notification_id
"""  # noqa: S608 - made of constants


class RecordedEvent(NamedTuple):
    """An event as the log has it: `facts` are what its class states, as plain JSON values."""

    position: int
    originator_id: UUID
    originator_version: int
    topic: str
    recorded_at: datetime
    facts: dict[str, Any]


class Slice(NamedTuple):
    """Some of the log: every wanted event after the old position and up to `position`."""

    events: Sequence[RecordedEvent]
    position: int


class Part(NamedTuple):
    """One of several parts of the log, for as many readers: a stream belongs to one whole."""

    number: int
    of: int


WHOLE = Part(0, 1)
"""All streams."""


class EventLog:
    """Reads the log over a connection that its caller owns.

    Writers hold an exclusive lock from taking positions until they commit, so a position that a
    reader sees is never followed by a smaller one; a gap is a rolled-back write and stays a gap.
    """

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def head(self) -> int:
        """Return the position of the last event, 0 for an empty log."""
        row = self._connection.execute(HEAD, prepare=True).fetchone()
        return int(row[0]) if row else 0

    def count(self, after: int, topics: Sequence[str]) -> int:
        """Return the number of events of the given topics that follow a position."""
        row = self._connection.execute(_COUNT, [after, list(topics)]).fetchone()
        return int(row[0]) if row else 0

    def read(
        self,
        after: int,
        limit: int,
        topics: Sequence[str],
        *,
        part: Part = WHOLE,
        until: int | None = None,
    ) -> Slice:
        """Return the next `limit` events of the given topics, `until` a position at most."""
        head = self.head()
        if until is not None:
            head = min(head, until)
        if head <= after:
            return Slice([], after)
        wanted = {
            "after": after,
            "head": head,
            "limit": limit,
            "topics": list(topics),
            "part": part.number,
            "parts": part.of,
        }
        rows = self._connection.execute(_READ, wanted, prepare=True, binary=True).fetchall()
        events = [_recorded(row) for row in rows]
        return Slice(events, events[-1].position if len(events) == limit else head)

    def at(self, positions: Sequence[int]) -> Sequence[RecordedEvent]:
        """Return the events at the given positions, in order."""
        rows = self._connection.execute(_AT, [list(positions)], binary=True)
        return [_recorded(row) for row in rows]


def _recorded(row: tuple[Any, ...]) -> RecordedEvent:
    return RecordedEvent._make((*row[:5], orjson.loads(row[5])))
