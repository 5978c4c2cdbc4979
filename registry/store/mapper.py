"""Events to and from the bytes that are stored: plain JSON that any language can read."""

from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, StoredEvent
from eventsourcing.utils import resolve_topic

from registry.events import Event, facts


class EventMapper(Mapper[UUID]):
    """Maps typed events to plain JSON and back by the annotations of their fields.

    The library's own transcoder marks typed values as `{"_type_": …, "_data_": …}`, which a
    client's metadata could imitate and so make a stream unreadable; here types come from the
    event class alone. Reading validates no constraint: the log is believed.
    """

    def __init__(self) -> None:
        self.compressor = None
        self.cipher = None

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """Return the event as it is stored."""
        assert isinstance(domain_event, Event)  # noqa: S101 - narrows the library's protocol
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=domain_event.TOPIC,
            state=msgspec.json.encode(facts(domain_event)),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """Return the event that was stored.

        Raises:
            eventsourcing.utils.TopicError: no event class has the topic.
            msgspec.ValidationError: the state lacks a field or holds another type.
        """
        event = _decoder(stored_event.topic).decode(stored_event.state)
        object.__setattr__(event, "originator_id", stored_event.originator_id)
        object.__setattr__(event, "originator_version", stored_event.originator_version)
        return event


@cache
def _decoder(topic: str) -> msgspec.json.Decoder[Event]:
    event_class: type[Event] = resolve_topic(topic)
    return msgspec.json.Decoder(event_class)
