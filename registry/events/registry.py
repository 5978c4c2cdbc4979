"""The events of one client's registry."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from registry.connector import ConnectorConfiguration, Health
from registry.dataset import DatasetMetadata, Stage, Status
from registry.events.event import Event
from registry.quality import DataQualityCheck


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
    recommendation_id: str | None = None


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
    last_sync_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ConnectorRemoved(DatasetRegistryEvent, topic="ConnectorRemoved"):
    """A connector was removed, and its name is free again."""

    connector_id: UUID
    reason: str
