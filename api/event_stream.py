"""The feed as server-sent events: what is in the log, and then whatever comes, as it comes."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence

import orjson
import structlog
from fastapi.sse import EventSourceResponse, format_sse_event
from starlette.types import Message, Receive, Scope, Send

from api.caller import Caller
from api.cloud_events import cloud_event
from api.event_tail import EventTail
from api.log_database import LogDatabase
from api.problems import Problem
from registry.store import RecordedEvent
from registry.store.history import View, read_page

HEARTBEAT_SECONDS = 15.0

MAX_STREAM_SECONDS = 15 * 60.0
"""How long a stream lasts; its client then comes back with a token that is looked at anew."""

SEND_SECONDS = 30.0
"""How long a client may take nothing before it is dropped."""

EVENTS_AT_ONCE = 200
BYTES_AT_ONCE = 64 * 1024
RETRY_MILLISECONDS = 1_000

log = structlog.get_logger(__name__)


class EventStream:
    """The events in one caller's view, from a position on."""

    def __init__(
        self, caller: Caller, view: View, position: int, tail: EventTail, database: LogDatabase
    ) -> None:
        self._caller = caller
        self._view = view
        self._position = position
        self._tail = tail
        self._database = database

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the stream in pieces, until its time is over or the tail is closed.

        The id of each event is its position. Where positions were passed over without an event to
        show, an id alone tells so, and a client that comes back need not pass them again.
        """
        yield format_sse_event(retry=RETRY_MILLISECONDS)
        ends_at = time.monotonic() + MAX_STREAM_SECONDS
        told = self._position
        while not self._tail.is_closed and time.monotonic() < ends_at:
            before = self._position
            events = await self._next()
            for chunk in self._encoded(events):
                yield chunk
            if events:
                told = events[-1].position
            if self._position > before:
                continue
            await self._tail.move_on(self._position, HEARTBEAT_SECONDS)
            if self._tail.position <= self._position:
                passed = str(self._position) if self._position > told else None
                yield format_sse_event(comment="nothing new", id=passed)
                told = self._position

    async def _next(self) -> Sequence[RecordedEvent]:
        """Return the next events in view, and move to the position up to which these are all."""
        held = self._tail.since(self._position)
        if held is not None:
            self._position = max(self._position, self._tail.position)
            return [event for event in held if self._view.shows(event)]
        try:
            async with self._database.connection() as connection:
                page = await read_page(connection, self._view, self._position, EVENTS_AT_ONCE)
        except Problem:
            return []  # a database that is away is waited for, with heartbeats
        self._position = max(self._position, page.position)
        return page.events

    def _encoded(self, events: Sequence[RecordedEvent]) -> Iterator[bytes]:
        chunk = bytearray()
        for event in events:
            data = orjson.dumps(cloud_event(self._caller, event)).decode()
            chunk += format_sse_event(data_str=data, id=str(event.position))
            if len(chunk) > BYTES_AT_ONCE:
                yield bytes(chunk)
                chunk.clear()
        if chunk:
            yield bytes(chunk)


class EventStreamResponse(EventSourceResponse):
    """Sends a stream for as long as its client takes it."""

    def __init__(self, stream: EventStream, tail: EventTail) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Vary": "Accept"}
        super().__init__(stream.chunks(), headers=headers)
        self._tail = tail

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream, and count among the followers meanwhile."""

        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(SEND_SECONDS):
                await send(message)

        with self._tail.followed():
            try:
                await super().__call__(scope, receive, send_in_time)
            except TimeoutError:
                log.warning("follower dropped", reason=f"took nothing for {SEND_SECONDS:.0f} s")
