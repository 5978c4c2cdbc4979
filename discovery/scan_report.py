"""What a scan found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from uuid import UUID

from discovery.dataset_reading import Failure
from discovery.scan_memory import KnownTemplate
from registry.connector import Health
from registry.events import Event


class Change(StrEnum):
    """What a scan changed about a template."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    """Its new schema breaks its compatibility mode, so it stays as it was."""


@dataclass(frozen=True, slots=True)
class AppendedEvent:
    """An event that a scan appended, or would have: its type, and its place in its stream.

    What it states is not kept, as a scan may append any number.
    """

    type: str
    version: int


def appended(events: Iterable[Event]) -> tuple[AppendedEvent, ...]:
    """Return what is kept of events."""
    return tuple(AppendedEvent(event.TOPIC, event.originator_version) for event in events)


@dataclass(frozen=True, kw_only=True)
class ScannedTemplate(KnownTemplate):
    """A template at the version it has now, and the events that got it there, or would have.

    `contradictions` are what the data show against what people said of its fields.
    """

    path: str
    change: Change
    events: Sequence[AppendedEvent] = ()
    needs_review: bool = False
    contradictions: Sequence[str] = ()

    @property
    def known(self) -> KnownTemplate:
        """What is worth remembering of it."""
        names = (each.name for each in fields(KnownTemplate))
        return KnownTemplate(**{name: getattr(self, name) for name in names})


@dataclass(frozen=True, kw_only=True)
class ScannedConnector:
    """A connector with what was found of it, and the events that tell so, or would."""

    path: str
    connector_id: UUID
    name: str
    health: Health
    change: Change
    events: Sequence[AppendedEvent] = ()


@dataclass(kw_only=True)
class ScanReport:
    """What a scan of one source found; `position` is the registry's after it.

    `unreachable` tells why nothing was found, if the source is not there or not to be reached;
    `unclaimed` is the number of connectors that were found, but for no client.
    """

    source: str
    templates: list[ScannedTemplate] = field(default_factory=list)
    connectors: list[ScannedConnector] = field(default_factory=list)
    unclaimed: int = 0
    failures: list[Failure] = field(default_factory=list)
    position: int = 0
    unreachable: str = ""

    def count(self, change: Change) -> int:
        """Return the number of templates that changed in that way."""
        return sum(template.change is change for template in self.templates)


class ScanInterrupted(KeyboardInterrupt):
    """A scan that was broken off; `report` tells what it had got done."""

    def __init__(self, report: ScanReport) -> None:
        super().__init__()
        self.report = report
