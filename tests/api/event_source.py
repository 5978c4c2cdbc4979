"""A reader of server-sent events, as the HTML standard has them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import orjson

from api.caller import Scope
from tests.api.service import CLIENT, Service

EVENTS = "/v1/dataops/events"


@dataclass(frozen=True)
class Block:
    """What stands between two blank lines."""

    data: str
    id: str
    comment: str
    retry: str

    @property
    def event(self) -> dict[str, Any]:
        """The CloudEvent that the block brings."""
        event: dict[str, Any] = orjson.loads(self.data)
        assert event["id"] == self.id
        return event


class EventSource:
    """A stream that was answered with 200."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.iter_lines()

    def blocks(self) -> Iterator[Block]:
        """Yield what comes, as it comes."""
        fields: dict[str, list[str]] = {}
        for line in self._lines:
            if line:
                name, _, value = line.partition(":")
                fields.setdefault(name, []).append(value.removeprefix(" "))
                continue
            parts = {name: "\n".join(values) for name, values in fields.items()}
            yield Block(*(parts.get(name, "") for name in ("data", "id", "", "retry")))
            fields = {}

    def events(self) -> Iterator[dict[str, Any]]:
        """Yield the events, as they come."""
        return (block.event for block in self.blocks() if block.data)

    def take(self, count: int) -> list[dict[str, Any]]:
        """Return the next events."""
        events = self.events()
        return [next(events) for _ in range(count)]


class Unavailable(Exception):
    """The service cannot answer at the moment; whoever follows it tries again."""


@contextmanager
def event_source(
    service: Service,
    client_id: UUID = CLIENT,
    scope: Scope = Scope.DATASETS_READ,
    last_event_id: object = None,
    **asked: Any,
) -> Iterator[EventSource]:
    """Follow the events as a client."""
    headers = {
        "Authorization": f"Bearer {service.token(client_id, scope)}",
        "Accept": "text/event-stream",
    }
    if last_event_id is not None:
        headers["Last-Event-ID"] = str(last_event_id)
    address = service.base_url + EVENTS
    with (
        # What is awaited comes at once or never; the timeout is shorter than a heartbeat takes.
        httpx.Client(timeout=12, verify=False) as client,  # noqa: S501 - there is no TLS
        client.stream("GET", address, headers=headers, params=asked) as response,
    ):
        if response.status_code == 503:
            raise Unavailable(response.read())
        assert response.status_code == 200, response.read()
        yield EventSource(response)
