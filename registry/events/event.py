"""What all events have in common."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

from eventsourcing.utils import register_topic

_NOBODY = UUID(int=0)
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Who caused an event, for which client, by which command, and in what course of events."""

    actor: str
    command_id: UUID
    client_id: UUID | None = None
    correlation_id: str | None = None
    causation_id: str | None = None
    traceparent: str | None = None


@dataclass(frozen=True, kw_only=True)
class Event:
    """The envelope of every event. Two events are equal when they state the same facts."""

    TOPIC: ClassVar[str]
    ENVELOPE: ClassVar = ("originator_id", "originator_version")

    originator_id: UUID = field(default=_NOBODY, compare=False, repr=False)
    originator_version: int = field(default=0, compare=False, repr=False)
    timestamp: datetime = field(default=_NEVER, compare=False, repr=False)
    provenance: Provenance | None = field(default=None, compare=False, repr=False)

    def __init_subclass__(cls, topic: str | None = None) -> None:
        super().__init_subclass__()
        if topic:
            cls.TOPIC = topic
            register_topic(topic, cls)


def facts(event: Event) -> Mapping[str, object]:
    """Return what an event states: its fields without those the store keeps in columns."""
    return {
        spec.name: getattr(event, spec.name)
        for spec in fields(event)
        if spec.name not in Event.ENVELOPE
    }
