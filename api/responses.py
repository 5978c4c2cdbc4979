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
    lag_seconds: float = Field(description="Age of the oldest event not yet projected.")
    dead_letters: int = Field(description="Events set aside: one failed, the others wait for it.")


class Ready(Answer):
    """Whether the service can do its work, and if not, what is missing."""

    status: str = "ready"
    database: str = "unreachable"
    migration: str | None = None
    head: int | None = None
    projections: list[ProjectionState] = []
    problems: list[str]


class Change(Answer):
    """What a field held before an event and after it; null where it held nothing."""

    before: Any
    after: Any


class HistoricEvent(Answer):
    """An event of one thing: when it was, who caused it, and what it changed.

    Who of another client caused an event of a template, which all share, is not told: then
    `actor` and what follows it are null.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "position": 1207,
                    "type": "DatasetStatusChanged",
                    "version": 12,
                    "recorded_at": "2026-01-31T12:00:00.250000Z",
                    "actor": "ana@example.com",
                    "client_id": "11111111-1111-4111-8111-111111111111",
                    "command_id": "5e0c1f8e-6d5c-4e39-9c1e-7a3a7a0f2b11",
                    "correlation_id": "onboarding-42",
                    "causation_id": "0b9f1c52-1f5e-4c3c-8a94-0f5d2f6f7c10",
                    "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                    "reason": "all records are loaded",
                    "changes": {"status": {"before": "provisioning", "after": "validating"}},
                }
            ]
        }
    )

    position: int = Field(description="Its place among all events of the registry.")
    type: str
    version: int = Field(description="Its place among the events of its aggregate.")
    recorded_at: datetime
    actor: str | None
    client_id: UUID | None = Field(description="The client that the actor acted for.")
    command_id: UUID | None
    correlation_id: str | None
    causation_id: str | None
    traceparent: str | None
    reason: str | None = Field(description="Why, in the words of whoever caused it.")
    changes: dict[str, Change] | None = Field(
        description="By field; null for an event that the read model has set aside."
    )


class History(Answer):
    """Events of one thing, the newest or the oldest first; `next` leads on as long as there are."""

    events: list[HistoricEvent]
    links: Links = Field(alias="_links")


class CloudEvent(Answer):
    """An event of the registry as CloudEvents 1.0 has it, with who caused it as extensions."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "specversion": "1.0",
                    "id": "1207",
                    "source": "urn:dataset-registry:events",
                    "type": "DatasetStatusChanged",
                    "subject": "datasets/7f1c2b34-9a4e-4d0e-8c55-3d1f0f0b6a21",
                    "time": "2026-01-31T12:00:00.250000Z",
                    "datacontenttype": "application/json",
                    "position": 1207,
                    "version": 12,
                    "actor": "ana@example.com",
                    "clientid": "11111111-1111-4111-8111-111111111111",
                    "commandid": "5e0c1f8e-6d5c-4e39-9c1e-7a3a7a0f2b11",
                    "correlationid": "onboarding-42",
                    "causationid": "0b9f1c52-1f5e-4c3c-8a94-0f5d2f6f7c10",
                    "data": {
                        "timestamp": "2026-01-31T12:00:00.248000Z",
                        "client_id": "11111111-1111-4111-8111-111111111111",
                        "dataset_id": "7f1c2b34-9a4e-4d0e-8c55-3d1f0f0b6a21",
                        "before": "provisioning",
                        "after": "validating",
                        "reason": "all records are loaded",
                    },
                }
            ]
        }
    )

    specversion: Literal["1.0"]
    id: str = Field(description="The position, which with the source tells the event from all.")
    source: str
    type: str
    subject: str | None = Field(None, description="The dataset, connector or template it is about.")
    time: datetime = Field(description="When it was recorded.")
    datacontenttype: Literal["application/json"]
    position: int
    version: int = Field(description="Its place among the events of its aggregate.")
    actor: str | None = None
    clientid: UUID | None = Field(None, description="The client that the actor acted for.")
    commandid: UUID | None = None
    correlationid: str | None = None
    causationid: str | None = None
    traceparent: str | None = None
    data: dict[str, Any] = Field(description="What the event states.")


class Progress(Answer):
    """How far each read model has come; `head` is the position of the last event there is."""

    head: int
    projections: list[ProjectionState]


class Rebuild(Answer):
    """A rebuild that was ordered: how far it is, and how it ended."""

    rebuild_id: UUID
    name: str
    verify: bool
    status: Literal["waiting", "building", "done", "failed"]
    requested_by: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    generation: int | None = Field(description="The generation that is built or was.")
    position: int | None = Field(description="The position that it has reached.")
    head: int | None = Field(description="The position of the last event there is.")
    error: str | None
