"""The shapes of the answers, for the OpenAPI document; tests hold real answers to them."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from registry.connector import AuthMethod, Health
from registry.dataset import Stage, Status
from registry.quality import CheckType


class Answer(BaseModel):
    """The base of all answers, which are exactly as they are described."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Link(Answer):
    """Where to go from here, relative to this server."""

    href: str


Links = dict[str, Link]


class Pagination(Answer):
    """Where a page stands among the pages."""

    page: int
    per_page: int
    total_count: int
    total_pages: int


class QualityRule(Answer):
    """A threshold that a check of datasets made from the template is held to."""

    name: str
    check: CheckType
    threshold: float
    description: str


class TemplateSummary(Answer):
    """A template as lists show it."""

    template_id: UUID
    name: str
    description: str
    industry: str
    use_case: str
    dataset_type: str
    tags: list[str]
    custom_fields: dict[str, Any]
    default_record_count: int
    default_size_mb: float
    quality_rules: list[QualityRule]
    status: Literal["active", "retired"]
    source: str
    version: int
    created_at: datetime
    updated_at: datetime
    links: Links = Field(alias="_links")


class Template(TemplateSummary):
    """A template with its schema (JSON Schema 2020-12), statistics by field and sample."""

    json_schema: dict[str, Any] = Field(alias="schema")
    declared_schema: bool
    statistics: dict[str, Any]
    sample_data: list[Any]


class ChangedTemplate(Template):
    """A template as a command left it, with the position of the last event that tells so."""

    position: int


class TemplatePage(Answer):
    """A page of templates."""

    templates: list[TemplateSummary]
    total_count: int
    pagination: Pagination
    links: Links = Field(alias="_links")


class QualityCheck(Answer):
    """The latest result of a quality check."""

    check_type: CheckType
    score: float
    threshold: float
    passed: bool
    details: dict[str, Any]
    checked_at: datetime


class Metadata(Answer):
    """What a dataset is about."""

    industry: str | None
    use_case: str | None
    tags: list[str]
    custom_fields: dict[str, Any]


class Dataset(Answer):
    """A dataset."""

    dataset_id: UUID
    name: str
    dataset_type: str
    stage: Stage
    client_id: UUID
    journey_id: UUID
    template_id: UUID | None
    status: Status
    status_reason: str
    source: str | None
    metadata: Metadata
    quality_score: float | None
    quality_checks: list[QualityCheck]
    version: int
    created_at: datetime
    updated_at: datetime
    links: Links = Field(alias="_links")


class DatasetPage(Answer):
    """A page of datasets."""

    datasets: list[Dataset]
    total_count: int
    pagination: Pagination
    links: Links = Field(alias="_links")


class ChangedDataset(Dataset):
    """A dataset as a command left it, with the position of the last event that tells so."""

    position: int


class QualityResult(Answer):
    """The result of a quality check."""

    check_type: CheckType
    score: float
    threshold: float
    passed: bool
    details: dict[str, Any]


class QualityReport(Answer):
    """Results of quality checks that were reported together, and the score they gave."""

    position: int
    client_id: UUID
    dataset_id: UUID
    reported_at: datetime
    quality_score: float | None
    checks: list[QualityResult]


class QualityReportPage(Answer):
    """A page of quality reports."""

    quality_reports: list[QualityReport]
    total_count: int
    pagination: Pagination
    links: Links = Field(alias="_links")


class Configuration(Answer):
    """How to reach a source system; secrets are named by reference."""

    connector_type: str
    endpoint: str | None
    auth_method: AuthMethod
    config: dict[str, Any]


class Connector(Answer):
    """A connector with its last known health."""

    connector_id: UUID
    client_id: UUID
    name: str
    configuration: Configuration
    health: Health
    health_detail: str | None
    checked_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime
    links: Links = Field(alias="_links")


class ChangedConnector(Connector):
    """A connector as a command left it, with the position of the last event that tells so."""

    position: int


class ConnectorPage(Answer):
    """A page of connectors."""

    connectors: list[Connector]
    total_count: int
    pagination: Pagination
    links: Links = Field(alias="_links")


class RefusedCommand(Answer):
    """Why a command of a batch was refused, as its own request would have been told."""

    type: str
    title: str
    status: int
    detail: str


class CommandOutcome(Answer):
    """What became of one command of a batch: the thing as it is now, or the problem."""

    status: int
    version: int | None = None
    result: Dataset | Connector | Template | None = None
    problem: RefusedCommand | None = None


class BatchResult(Answer):
    """What became of a batch, command by command, and the position that shows it all."""

    position: int
    outcomes: list[CommandOutcome]


class Live(Answer):
    """The process answers."""

    status: str = "live"


class ProjectionState(Answer):
    """How far a read model has come, in positions and behind the log's head."""

    name: str
    generation: int
    version: str
    position: int
    lag_events: int
    lag_seconds: float


class Ready(Answer):
    """Whether the service can do its work, and if not, what is missing."""

    status: str = "ready"
    database: str = "unreachable"
    migration: str | None = None
    head: int | None = None
    projections: list[ProjectionState] = []
    problems: list[str]
