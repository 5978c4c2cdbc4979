"""A dataset: one client's instance of a dataset type in a stage, and the life it may lead."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from registry.errors import QualityIncomplete, QualityTooLow, TransitionForbidden
from registry.quality import (
    READY_THRESHOLD,
    CheckType,
    DataQualityCheck,
    QualityScore,
    missing_checks,
)
from registry.text import JsonObject, Slug, Tags, Text

WELL_KNOWN_TYPES = (
    "confluence_pages",
    "github_pull_requests",
    "github_repositories",
    "google_drive_files",
    "jira_issues",
    "salesforce_accounts",
    "salesforce_opportunities",
    "servicenow_incidents",
    "sharepoint_documents",
    "slack_messages",
    "zendesk_tickets",
)
"""Dataset types that enterprise-search connectors index; any other slug is a type too."""


class Stage(StrEnum):
    """Where a dataset is used."""

    SANDBOX = "sandbox"
    DEVELOPMENT = "development"
    STAGING = "staging"
    PRODUCTION = "production"


class Status(StrEnum):
    """How far a dataset has come."""

    PROVISIONING = "provisioning"
    VALIDATING = "validating"
    READY = "ready"
    FAILED = "failed"
    RETIRED = "retired"

    @property
    def is_active(self) -> bool:
        """Whether a dataset of this status holds its slot of stage and type."""
        return self in {Status.PROVISIONING, Status.VALIDATING, Status.READY}


TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    Status.PROVISIONING: frozenset({Status.VALIDATING, Status.FAILED, Status.RETIRED}),
    Status.VALIDATING: frozenset({Status.READY, Status.FAILED, Status.RETIRED}),
    Status.READY: frozenset({Status.VALIDATING, Status.FAILED, Status.RETIRED}),
    Status.FAILED: frozenset({Status.PROVISIONING, Status.RETIRED}),
    Status.RETIRED: frozenset(),
}
"""The statuses that may follow each status."""


@dataclass(frozen=True, kw_only=True)
class DatasetMetadata:
    """What a dataset is about."""

    industry: Slug | None = None
    use_case: Slug | None = None
    tags: Tags = field(default_factory=list)
    custom_fields: JsonObject = field(default_factory=dict)


@dataclass(kw_only=True)
class Dataset:
    """A dataset that is not retired, as its client's registry remembers it."""

    id: UUID
    name: str
    dataset_type: str
    stage: Stage
    client_id: UUID
    journey_id: UUID
    status: Status
    status_reason: str = ""
    metadata: DatasetMetadata
    template_id: UUID | None
    source: Text | None
    created_at: datetime
    updated_at: datetime
    version: int
    checks: dict[CheckType, DataQualityCheck] = field(default_factory=dict)
    checked_at: dict[CheckType, datetime] = field(default_factory=dict)

    @property
    def slot(self) -> tuple[Stage, str]:
        """What only one active dataset of a client may hold."""
        return self.stage, self.dataset_type

    @property
    def quality_score(self) -> QualityScore | None:
        """The weighted score, or None while a check is missing."""
        return QualityScore.of(self.checks.values())

    def require_may_become(self, status: Status) -> None:
        """Refuse a status that cannot follow the present one, or READY without the quality for it.

        Raises:
            TransitionForbidden: the status cannot follow the present one.
            QualityIncomplete: READY is asked for, but a quality check is missing.
            QualityTooLow: READY is asked for with a score below 95.
        """
        if status not in TRANSITIONS[self.status]:
            allowed = " or ".join(sorted(TRANSITIONS[self.status]))
            raise TransitionForbidden(before=self.status, after=status, allowed=allowed)
        if status is Status.READY:
            score = self.quality_score
            if score is None:
                raise QualityIncomplete(missing=", ".join(missing_checks(self.checks)))
            if not score.meets_threshold:
                raise QualityTooLow(threshold=READY_THRESHOLD, score=score.value)
