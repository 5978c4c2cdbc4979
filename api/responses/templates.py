"""Answers about templates."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from api.responses.answer import Answer, Links, Pagination
from registry.quality import CheckType


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
