"""Every event of the registry, on one page.

An event is a fact in the past tense. Its fields are plain: nothing is validated when it is read
back, so a rule that tightens later can never make an old stream unreadable. The envelope (which
aggregate, which version, when, on whose behalf) is filled in when the event is recorded.

A class's topic is what the store knows it by, and never changes. New fields need a default.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

from eventsourcing.utils import register_topic

from registry.connector import ConnectorConfiguration, Health
from registry.dataset import DatasetMetadata, Stage, Status
from registry.quality import DataQualityCheck
from registry.template import TemplateDefinition

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


@dataclass(frozen=True, kw_only=True)
class DatasetRegistryEvent(Event):
    """An event of one client's registry."""

    client_id: UUID


@dataclass(frozen=True, kw_only=True)
class DatasetRegistered(DatasetRegistryEvent, topic="DatasetRegistered"):
    """A dataset took the slot of its stage and type, and is being provisioned."""

    dataset_id: UUID
    name: str
    dataset_type: str
    stage: Stage
    journey_id: UUID
    template_id: UUID | None
    source: str | None
    metadata: DatasetMetadata


@dataclass(frozen=True, kw_only=True)
class DatasetRevised(DatasetRegistryEvent, topic="DatasetRevised"):
    """A dataset's name or metadata changed; both are given as they are now."""

    dataset_id: UUID
    name: str
    metadata: DatasetMetadata


@dataclass(frozen=True, kw_only=True)
class DatasetStatusChanged(DatasetRegistryEvent, topic="DatasetStatusChanged"):
    """A dataset went from one status to another."""

    dataset_id: UUID
    before: Status
    after: Status
    reason: str


@dataclass(frozen=True, kw_only=True)
class QualityScored(DatasetRegistryEvent, topic="QualityScored"):
    """Quality checks were reported; `score` is the weighted one, None while a check is missing."""

    dataset_id: UUID
    checks: list[DataQualityCheck]
    score: float | None


@dataclass(frozen=True, kw_only=True)
class ConnectorRegistered(DatasetRegistryEvent, topic="ConnectorRegistered"):
    """A connector was registered under a name of its own."""

    connector_id: UUID
    name: str
    configuration: ConnectorConfiguration


@dataclass(frozen=True, kw_only=True)
class ConnectorRevised(DatasetRegistryEvent, topic="ConnectorRevised"):
    """A connector's name or configuration changed; both are given as they are now."""

    connector_id: UUID
    name: str
    configuration: ConnectorConfiguration


@dataclass(frozen=True, kw_only=True)
class ConnectorHealthRecorded(DatasetRegistryEvent, topic="ConnectorHealthRecorded"):
    """Somebody looked at the source system behind a connector."""

    connector_id: UUID
    health: Health
    detail: str


@dataclass(frozen=True, kw_only=True)
class ConnectorRemoved(DatasetRegistryEvent, topic="ConnectorRemoved"):
    """A connector was removed, and its name is free again."""

    connector_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class DatasetTemplateEvent(Event):
    """An event of one template."""

    template_id: UUID


@dataclass(frozen=True, kw_only=True)
class DatasetTemplateRegistered(DatasetTemplateEvent, topic="DatasetTemplateRegistered"):
    """A template became known; `source` tells where it was found."""

    definition: TemplateDefinition
    digest: str
    source: str


@dataclass(frozen=True, kw_only=True)
class DatasetTemplateRevised(DatasetTemplateEvent, topic="DatasetTemplateRevised"):
    """A template's definition changed; it is given whole, as it is now."""

    definition: TemplateDefinition
    digest: str
    source: str


@dataclass(frozen=True, kw_only=True)
class DatasetTemplateRetired(DatasetTemplateEvent, topic="DatasetTemplateRetired"):
    """A template was taken out of use."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class DatasetTemplateRestored(DatasetTemplateEvent, topic="DatasetTemplateRestored"):
    """A retired template was taken back into use."""

    reason: str


def facts(event: Event) -> Mapping[str, object]:
    """Return what an event states: its fields without those the store keeps in columns."""
    return {
        spec.name: getattr(event, spec.name)
        for spec in fields(event)
        if spec.name not in Event.ENVELOPE
    }
