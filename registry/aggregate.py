"""What all aggregates are: a state that only events change."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from registry.events import Event, Provenance


class Entity(Protocol):
    """What commands aim at, such as a dataset, a connector or a template."""

    version: int
    """The aggregate's version at which it last changed."""


class Aggregate:
    """A consistency boundary, rebuilt from its events.

    Command methods guard the rules and then `record` events; `evolve` only assigns, so that no
    rule runs again when old events are replayed. A new aggregate is blank, at version 0.
    """

    def __init__(self, aggregate_id: UUID) -> None:
        self.id = aggregate_id
        self.version = 0
        self.last_updated: datetime | None = None
        self.provenance: Provenance | None = None
        """On whose behalf events are recorded; set before a command is carried out."""
        self._pending: list[Event] = []

    def record(self, event: Event) -> None:
        """Take an event as fact: change the state by it and keep it to be saved."""
        recorded = replace(
            event,
            originator_id=self.id,
            originator_version=self.version + 1,
            timestamp=datetime.now(UTC),
            provenance=self.provenance,
        )
        self.apply(recorded)
        self._pending.append(recorded)

    def apply(self, event: Event) -> None:
        """Bring the state forward by one recorded event.

        Raises:
            ValueError: the event is not the next one of this aggregate.
        """
        if (event.originator_id, event.originator_version) != (self.id, self.version + 1):
            raise ValueError(
                f"event {event.originator_version} of {event.originator_id} does not follow "
                f"version {self.version} of {self.id}"
            )
        self.version = event.originator_version
        self.last_updated = event.timestamp
        self.evolve(event)

    def evolve(self, event: Event) -> None:
        """Assign what the event states; no rule is checked here."""
        raise NotImplementedError

    def entity(self, entity_id: UUID) -> Entity | None:
        """Return the thing of that id which commands aim at, if there is one in use."""
        raise NotImplementedError

    @property
    def pending_events(self) -> Sequence[Event]:
        """The events recorded and not yet collected."""
        return tuple(self._pending)

    def collect_events(self) -> Sequence[Any]:
        """Hand over the pending events to be saved; the event store calls this."""
        collected, self._pending = self._pending, []
        return collected
