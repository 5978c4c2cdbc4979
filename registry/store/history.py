"""The log as it is asked about: what happened to one thing, and all that somebody may see.

What is read at once is bounded in number and in bytes, for a template's event may take megabytes
and a dataset's a few hundred bytes.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from psycopg import AsyncConnection

from registry.events import DatasetRegistryEvent, DatasetTemplateEvent, ScanEvent
from registry.store.log import HEAD, RecordedEvent
from registry.store.recorder import EVENTS_TABLE

REGISTRY_TOPICS = tuple(event.TOPIC for event in DatasetRegistryEvent.__subclasses__())
"""The topics of what happens to one client's datasets and connectors."""

TEMPLATE_TOPICS = tuple(event.TOPIC for event in DatasetTemplateEvent.__subclasses__())
"""The topics of what happens to templates, which all clients share."""

SCAN_TOPICS = tuple(event.TOPIC for event in ScanEvent.__subclasses__())
"""The topics of what happens to scans: who sees no particular client's events sees them."""

MAX_BYTES = 4 * 1024 * 1024
"""How many bytes of events are read at once; a single event may be larger."""

MAX_POSITIONS = 50_000
"""How many positions are searched at once, whether or not anything wanted is found there."""

_AT_ONCE = 500

_FIRST_EVENTS = f"""
    SELECT notification_id, originator_id, originator_version, topic, recorded_at, state, found
    FROM (
        SELECT *, count(*) OVER () AS found,
               sum(octet_length(state)) OVER (ORDER BY notification_id) - octet_length(state)
                   AS bytes_before
        FROM (
            SELECT notification_id, originator_id, originator_version, topic, recorded_at, state
            FROM {EVENTS_TABLE} WHERE {{condition}} ORDER BY {{order}} LIMIT %(limit)s
        ) AS first_events
    ) AS measured
    WHERE bytes_before < %(max_bytes)s
    ORDER BY notification_id
"""  # noqa: S608 - made of constants

_IN_VIEW = _FIRST_EVENTS.format(
    condition="""
        notification_id > %(after)s AND notification_id <= %(last)s
        AND (%(topics)s::text[] IS NULL OR topic = ANY(%(topics)s))
        AND (%(registry_id)s::uuid IS NULL OR originator_id = %(registry_id)s
             OR topic = ANY(%(shared)s))
    """,
    order="notification_id",
)

_IN_STREAM = (
    "originator_id = %(stream)s AND originator_version > %(after)s AND topic = ANY(%(topics)s)"
)

# Looking for the id's bytes first saves the parsing of nearly all other events.
_ABOUT = """
    CASE WHEN position(%(mark)s::bytea IN state) > 0
         THEN convert_from(state, 'UTF8')::json ->> %(key)s = %(thing)s ELSE false END
"""

_OF_STREAM = _FIRST_EVENTS.format(condition=_IN_STREAM, order="originator_version")

_OF_THING = _FIRST_EVENTS.format(condition=f"{_IN_STREAM} AND {_ABOUT}", order="originator_version")

_STREAM_OF = f"""
    SELECT originator_id FROM {EVENTS_TABLE} WHERE topic = ANY(%(topics)s) AND {_ABOUT} LIMIT 1
"""  # noqa: S608 - made of constants


@dataclass(frozen=True)
class View:
    """Which events somebody sees.

    Attributes:
        registry_id: Whose registry's events are seen beside the templates'; None for all there are.
        topics: The topics wanted; None for all.
    """

    registry_id: UUID | None = None
    topics: frozenset[str] | None = None

    def shows(self, event: RecordedEvent) -> bool:
        """Whether the event is seen; `read_page` asks Postgres the same."""
        if self.topics is not None and event.topic not in self.topics:
            return False
        return self.registry_id in (None, event.originator_id) or event.topic in TEMPLATE_TOPICS


class Page(NamedTuple):
    """Every event in view after the old position and up to `position`; `head` is the log's."""

    events: Sequence[RecordedEvent]
    position: int
    head: int


@dataclass(frozen=True)
class Thing:
    """A dataset or a connector: the fact that names it in events, its id, its events' topics."""

    key: str
    id: UUID
    topics: Sequence[str]

    @property
    def parameters(self) -> dict[str, Any]:
        """The thing as the statements ask about it."""
        text = str(self.id)
        return {"key": self.key, "thing": text, "mark": text.encode(), "topics": list(self.topics)}


async def head(connection: AsyncConnection[Any]) -> int:
    """Return the position of the last event, 0 for an empty log."""
    row = await (await connection.execute(HEAD, prepare=True)).fetchone()
    return int(row[0]) if row else 0


async def read_page(
    connection: AsyncConnection[Any], view: View, after: int, limit: int, max_bytes: int = MAX_BYTES
) -> Page:
    """Return the next events in view, at most `limit`, from the next `MAX_POSITIONS` positions.

    A position past the end of the log counts as its end. A page without events is the last one
    only if its position is the head.
    """
    end = await head(connection)
    if end <= after:
        return Page([], end, end)
    last = min(end, after + MAX_POSITIONS)
    wanted = {
        "after": after,
        "last": last,
        "topics": None if view.topics is None else list(view.topics),
        "registry_id": view.registry_id,
        "shared": list(TEMPLATE_TOPICS),
        "limit": limit,
        "max_bytes": max_bytes,
    }
    events, is_all = await _events(connection, _IN_VIEW, wanted)
    return Page(events, last if is_all else events[-1].position, end)


async def events_of(
    connection: AsyncConnection[Any], stream: UUID, thing: Thing
) -> AsyncIterator[RecordedEvent]:
    """Yield the events of a thing, the oldest first, from the stream of its aggregate."""
    # A template has its stream to itself, so there the events need not be looked into.
    statement = _OF_STREAM if stream == thing.id else _OF_THING
    wanted = {**thing.parameters, "stream": stream, "limit": _AT_ONCE, "max_bytes": MAX_BYTES}
    after, is_all = 0, False
    while not is_all:
        events, is_all = await _events(connection, statement, {**wanted, "after": after})
        for event in events:
            yield event
            after = event.originator_version


async def stream_of(connection: AsyncConnection[Any], thing: Thing) -> UUID | None:
    """Return the stream that a thing's events are in, None if there is none; searches the log."""
    rows = await connection.execute(_STREAM_OF, thing.parameters)
    row = await rows.fetchone()
    return row[0] if row else None


async def _events(
    connection: AsyncConnection[Any], statement: str, wanted: dict[str, Any]
) -> tuple[list[RecordedEvent], bool]:
    """Return the first events wanted, and whether they are all."""
    cursor = await connection.execute(statement, wanted, prepare=True, binary=True)
    rows = await cursor.fetchall()
    events = [RecordedEvent._make((*row[:5], orjson.loads(row[5]))) for row in rows]
    found = rows[0][6] if rows else 0
    return events, found < wanted["limit"] and len(events) == found
