"""The log, as whoever has the database can read it."""

from collections.abc import Callable
from typing import Any, NamedTuple

import orjson
import psycopg


class Event(NamedTuple):
    """An event with what it states."""

    topic: str
    facts: dict[str, Any]


Recorded = Callable[..., list[Event]]
"""Gives the events that state the given facts."""


def events(url: str, **facts: object) -> list[Event]:
    """Return the events that state these facts, in the order of the log."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT topic, state FROM registry_events ORDER BY notification_id"
        ).fetchall()
    wanted = {name: str(value) for name, value in facts.items()}
    found = [Event(topic, orjson.loads(state)) for topic, state in rows]
    return [event for event in found if wanted.items() <= event.facts.items()]
