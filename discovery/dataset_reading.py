"""How a dataset is read, and what reading it gives, whatever kind of source it was found at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from registry.commands import RegisterTemplate
from registry.connector import ConnectorConfiguration, Health
from registry.privacy import SamplePolicy


@dataclass(frozen=True)
class ScanOptions:
    """How a source is read: parts of the identity that are given, and what samples may tell."""

    identity: dict[str, str] = field(default_factory=dict)
    samples: SamplePolicy = SamplePolicy.MASKED


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A dataset that gave no template, with the place in it and the reason."""

    path: str
    place: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.path, self.place, self.reason) if part)


@dataclass(frozen=True, kw_only=True)
class FoundConnector:
    """A connection to a source system, and what a look at that system found.

    It is registered for the client that the scan is for, or its configuration brought up to date;
    the health is recorded with every look. `name` is unique within its source and does not change.
    """

    name: str
    configuration: ConnectorConfiguration
    health: Health = Health.UNKNOWN
    detail: str = ""
    last_sync_at: datetime | None = None


@dataclass(frozen=True)
class FoundTable:
    """A table whose keys are compared with those of the other tables of its source.

    `name` says what it holds; `evidence` is what its keys depend on, as text.
    """

    name: str
    evidence: str


@dataclass(frozen=True, kw_only=True)
class DatasetReading:
    """What reading a dataset gave: templates, connectors, failures, and a digest of the content.

    `is_known` tells that the content is what it was, and gives the templates that it gave before;
    connectors are given all the same. `tables` are those of the templates that are text tables, by
    the ids of the templates.
    """

    path: str
    size: int
    digest: str = ""
    is_known: bool = False
    commands: Sequence[RegisterTemplate] = ()
    tables: Mapping[UUID, FoundTable] = field(default_factory=dict)
    connectors: Sequence[FoundConnector] = ()
    failures: Sequence[Failure] = ()
