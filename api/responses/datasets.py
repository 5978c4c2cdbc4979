"""Answers about datasets."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from api.responses.answer import Answer, Links, Pagination
from registry.dataset import Stage, Status
from registry.quality import CheckType


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
