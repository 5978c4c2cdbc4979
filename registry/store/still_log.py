"""The log and its ledger as they are at one moment, read to be audited."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from heapq import merge
from operator import itemgetter
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing.persistence import StoredEvent
from psycopg import Connection, IsolationLevel
from psycopg.rows import dict_row
from psycopg.types.numeric import Int8BinaryLoader

from registry.ledger.chain import ORIGIN, Link, LoggedEvent, moment
from registry.ledger.checkpoint import Checkpoint
from registry.ledger.verification import Entry
from registry.store.ledger import STORED_EVENT, Progress, progress, stream
from registry.store.log import POSITION_AT
from registry.store.recorder import EVENTS_TABLE

BEFORE_ALL = -(2**63)
"""Less than any position, also than such as are never given."""

_PRESENT = f"""
    SELECT {STORED_EVENT}, hash
    FROM {EVENTS_TABLE} LEFT JOIN ledger ON position = notification_id
    WHERE notification_id > %s ORDER BY notification_id
"""  # noqa: S608 - made of constants

_MISSING = f"""
    SELECT position, NULL, hash FROM ledger
    WHERE position > %s
      AND NOT EXISTS (SELECT FROM {EVENTS_TABLE} WHERE notification_id = position)
    ORDER BY position
"""  # noqa: S608 - made of constants

_LINK_AT = "SELECT position, hash FROM ledger WHERE position <= %s ORDER BY position DESC LIMIT 1"

_CHECKPOINTS = """
    SELECT position, hash, signed_at, public_key, signature FROM ledger_checkpoints
    WHERE position >= %s
"""

_RECORDED_AT = f"SELECT recorded_at FROM {EVENTS_TABLE} WHERE notification_id = %s"  # noqa: S608

_STREAM = f"""
    SELECT originator_id, originator_version, topic, state FROM {EVENTS_TABLE}
    WHERE originator_id = %s AND notification_id <= %s ORDER BY originator_version
"""  # noqa: S608 - made of constants

_MENTIONS = f"""
    SELECT originator_id, originator_version, topic, state FROM {EVENTS_TABLE}
    WHERE topic = %s AND notification_id <= %s AND position(%b IN state) > 0
"""  # noqa: S608 - made of constants


class StoreUnreadable(RuntimeError):
    """The event store cannot be read."""


class StillLog:
    """Reads the log over a connection that sees it as it was when the reading began."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    @classmethod
    @contextmanager
    def of(cls, url: str) -> Iterator["StillLog"]:
        """Yield the log of a database as it is now.

        Raises:
            StoreUnreadable: the database cannot be reached or lacks the tables.
        """
        try:
            with psycopg.connect(url, application_name="audit") as connection:
                connection.isolation_level = IsolationLevel.REPEATABLE_READ
                connection.read_only = True
                yield cls(connection)
        except psycopg.Error as error:
            raise StoreUnreadable(f"The event store cannot be read: {error}") from error

    def progress(self) -> Progress:
        """Return how far the ledger has come, and the log."""
        return progress(self._connection)

    def position_at(self, time: datetime) -> int:
        """Return the position of the last event recorded by then, 0 before the first one."""
        row = self._connection.execute(POSITION_AT, {"time": time}).fetchone()
        return int(row[0]) if row else 0

    def recorded_at(self, position: int) -> datetime | None:
        """Return when the event at a position was recorded, None if there is none."""
        row = self._connection.execute(_RECORDED_AT, [position]).fetchone()
        return row[0] if row else None

    def link_at(self, position: int) -> Link:
        """Return the last place in the chain up to a position."""
        row = self._connection.execute(_LINK_AT, [position]).fetchone()
        return Link._make(row) if row else ORIGIN

    def checkpoints(self, since: int = 0) -> Sequence[Checkpoint]:
        """Return what was signed at and after a position."""
        cursor = self._connection.cursor(binary=True)
        cursor.adapters.register_loader("timestamptz", Int8BinaryLoader)
        return [
            Checkpoint(position, hash_, moment(signed_at), public_key, signature)
            for position, hash_, signed_at, public_key, signature in cursor.execute(
                _CHECKPOINTS, [since]
            )
        ]

    def entries(self, after: int) -> Iterator[Entry]:
        """Yield every event and every hash after a position, in order."""
        with (
            stream(self._connection, "present") as present,
            stream(self._connection, "missing") as missing,
        ):
            present.execute(_PRESENT, [after], binary=True)
            missing.execute(_MISSING, [after], binary=True)
            with_event = (Entry(row[0], LoggedEvent(*row[:6]), row[6]) for row in present)
            without = map(Entry._make, missing)
            yield from merge(with_event, without, key=itemgetter(0))

    def events_of(self, aggregate_id: UUID, position: int) -> Iterator[StoredEvent]:
        """Yield an aggregate's events up to a position, in the order of their versions."""
        return self._stored_events(_STREAM, [aggregate_id, position])

    def mentions(self, topic: str, text: str, position: int) -> Iterator[StoredEvent]:
        """Yield the events of a topic up to a position in whose state the text stands."""
        return self._stored_events(_MENTIONS, [topic, position, text.encode()])

    def _stored_events(self, statement: str, parameters: list[Any]) -> Iterator[StoredEvent]:
        cursor = self._connection.cursor(row_factory=dict_row)
        for row in cursor.execute(statement, parameters, binary=True):
            yield StoredEvent(**row)
