"""The end of the log, held in memory for all who follow it, so that they need not ask for it."""

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import psycopg
import structlog
from psycopg import AsyncConnection

from registry.store import CHANNEL, RecordedEvent
from registry.store.history import Page, View, head, read_page

POLL_SECONDS = 1.0
"""How long to wait at most before looking again; a NOTIFY only makes it sooner."""

RECONNECT_SECONDS = 1.0

EVENTS_AT_ONCE = 200
BYTES_AT_ONCE = 1024 * 1024
PAGES_HELD = 16
"""What is held is bounded by these three, whatever the pace of writers and followers."""

_EVERYTHING = View()

log = structlog.get_logger(__name__)


class EventTail:
    """Reads new events once for all followers, over one connection, while there are any.

    A follower keeps nothing here but its own position. Whoever is too slow for what is held reads
    the log again by itself, so no follower can hold up the others, or make anything grow.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._pages: deque[Page] = deque(maxlen=PAGES_HELD)
        self._begin: int | None = None
        self._moved = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None
        self.position = 0
        self.followers = 0
        self.is_closed = False

    @contextmanager
    def followed(self) -> Iterator[None]:
        """Keep reading for one follower more."""
        self.followers += 1
        if self._reading is None:
            self._reading = asyncio.create_task(self._read_on())
        try:
            yield
        finally:
            self.followers -= 1
            if not self.followers:
                self._reading.cancel()
                self._reading = self._begin = None
                self._pages.clear()

    def close(self) -> None:
        """Have all followers end."""
        self.is_closed = True
        self._wake_followers()

    def since(self, position: int) -> Sequence[RecordedEvent] | None:
        """Return all events from after `position` up to that of the tail; None if not all held."""
        if self._begin is None or position < self._begin:
            return None
        return [
            event
            for page in self._pages
            if page.position > position
            for event in page.events
            if event.position > position
        ]

    async def move_on(self, position: int, seconds: float) -> None:
        """Wait until there is more than that position, the tail is closed, or time is up."""
        moved = self._moved
        if self.position <= position and not self.is_closed:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await moved.wait()

    async def _read_on(self) -> None:
        while True:
            try:
                async with await AsyncConnection.connect(
                    self._url,
                    autocommit=True,
                    application_name="event tail",
                    options="-c timezone=UTC",
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    while True:
                        await self._catch_up(connection)
                        async for _ in connection.notifies(timeout=POLL_SECONDS, stop_after=1):
                            pass
            except psycopg.OperationalError as error:
                log.warning("event tail interrupted", reason=str(error))
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _catch_up(self, connection: AsyncConnection[tuple[object, ...]]) -> None:
        if self._begin is None:
            self._begin = self.position = await head(connection)
            self._wake_followers()
        while True:
            page = await read_page(
                connection, _EVERYTHING, self.position, EVENTS_AT_ONCE, BYTES_AT_ONCE
            )
            if page.position <= self.position:
                return
            if len(self._pages) == self._pages.maxlen:
                self._begin = self._pages[0].position
            self._pages.append(page)
            self.position = page.position
            self._wake_followers()

    def _wake_followers(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()
