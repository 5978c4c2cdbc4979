"""The ledger as its keeper extends it: where it stands, what comes next, and writing to it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import structs
from psycopg import Connection, ServerCursor
from psycopg.types.numeric import Int8BinaryLoader

from registry.ledger.chain import ORIGIN, Link, LoggedEvent
from registry.ledger.checkpoint import Checkpoint
from registry.store.recorder import EVENTS_TABLE

STORED_EVENT = "notification_id, originator_id, originator_version, topic, recorded_at, state"
"""The columns of a `LoggedEvent`."""

_AT_A_TIME = 1_000
"""How many events are held in memory; a state may be large."""

_PROGRESS = f"""
    SELECT head.position, head.hash, signed.position, signed.signed_at,
           (SELECT coalesce(max(notification_id), 0) FROM {EVENTS_TABLE})
    FROM (VALUES (1)) AS one_row
    LEFT JOIN (SELECT position, hash FROM ledger ORDER BY position DESC LIMIT 1) AS head ON true
    LEFT JOIN (
        SELECT position, signed_at FROM ledger_checkpoints ORDER BY position DESC LIMIT 1
    ) AS signed ON true
"""  # noqa: S608 - made of constants

_NEXT = f"""
    SELECT {STORED_EVENT} FROM {EVENTS_TABLE}
    WHERE notification_id > %s ORDER BY notification_id LIMIT %s
"""  # noqa: S608 - made of constants

_ADD_CHECKPOINT = """
    INSERT INTO ledger_checkpoints (position, hash, signed_at, public_key, signature)
    VALUES (%(position)s, %(hash)b, %(signed_at)s, %(public_key)b, %(signature)b)
"""


class Progress(NamedTuple):
    """How far the ledger has come: chained to `head`, signed to `signed`, of the log's `goal`."""

    head: Link
    signed: int
    signed_at: datetime | None
    goal: int


def try_to_lead(connection: Connection[Any]) -> bool:
    """Become the only one to extend the ledger until the transaction ends, if nobody is."""
    row = connection.execute(
        "SELECT pg_try_advisory_xact_lock(hashtext('projection'), hashtext('ledger'))"
    ).fetchone()
    return bool(row and row[0])


def progress(connection: Connection[Any]) -> Progress:
    """Return how far the ledger has come, as its own rows say."""
    row = connection.execute(_PROGRESS, prepare=True).fetchone()
    assert row  # noqa: S101 - the query gives one row
    position, hash_, signed, signed_at, goal = row
    head = ORIGIN if position is None else Link(position, hash_)
    return Progress(head, signed or 0, signed_at, goal)


def next_events(connection: Connection[Any], after: int, limit: int) -> Iterator[LoggedEvent]:
    """Yield the events after a position, at most `limit`; runs within a transaction."""
    with stream(connection, "next_events") as cursor:
        yield from map(LoggedEvent._make, cursor.execute(_NEXT, [after, limit], binary=True))


def append_links(connection: Connection[Any], links: Iterable[Link]) -> None:
    """Write the next hashes of the ledger."""
    with connection.cursor().copy("COPY ledger FROM STDIN (FORMAT binary)") as copy:
        copy.set_types(["int8", "bytea"])
        for link in links:
            copy.write_row(link)


def append_checkpoint(connection: Connection[Any], checkpoint: Checkpoint) -> None:
    """Write a checkpoint."""
    connection.execute(_ADD_CHECKPOINT, structs.asdict(checkpoint))


@contextmanager
def stream(connection: Connection[Any], name: str) -> Iterator[ServerCursor[Any]]:
    """Yield a cursor that fetches rows by and by, and moments as PostgreSQL keeps them."""
    with connection.cursor(name=name) as cursor:
        cursor.itersize = _AT_A_TIME
        # A datetime could not hold every moment that a tampered event may have.
        cursor.adapters.register_loader("timestamptz", Int8BinaryLoader)
        yield cursor
