"""Answers about templates."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from api.responses.answer import Answer, Links, Pagination
from api.responses.verdict import Verdict
from registry.compatibility import Mode
from registry.quality import CheckType
from registry.refinement import JsonType


class QualityRule(Answer):
    """A threshold that a check of datasets made from the template is held to."""

    name: str
    check: CheckType
    threshold: float
    description: str


class UnsureField(Answer):
    """A field of which inference is not sure, for a person to look at."""

    field: str
    aspect: Literal["type", "semantic_class"]
    inferred: str | None
    certainty: float = Field(description="From 0 to 1.")


class Relation(Answer):
    """The field of a template whose values a field takes up."""

    template_id: UUID
    field: str


class Refinement(Answer):
    """What people said of a field, and why they said the last of it."""

    field: str
    type: list[JsonType] | None = None
    format: str | None = None
    enum: list[Any] | None = None
    required: bool | None = None
    description: str | None = None
    semantic_class: str | None = None
    key: bool | None = None
    relation: Relation | None = None
    reason: str
    refined_at: datetime


class Contradiction(Answer):
    """What the data show against what people said of a field."""

    field: str
    pin: str = Field(description="What was said of the field, as `enum`; `field` if it is gone.")
    found: str


class Rejection(Answer):
    """A revision that was found and not taken, since it broke the compatibility mode."""

    source: str
    schema_digest: str
    mode: Mode
    verdict: Verdict
    rejected_at: datetime


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
    schema_version: int
    schema_digest: str
    compatibility_mode: Mode
    needs_review: bool
    unsure: list[UnsureField]
    version: int
    created_at: datetime
    updated_at: datetime
    links: Links = Field(alias="_links")


class Template(TemplateSummary):
    """A template with its schema (JSON Schema 2020-12), statistics by field and sample.

    The schema is the one inferred or declared, with the refinements in it: where it has
    `x-semantic-class` or `x-key`, these hold over what the statistics tell, which is as measured.
    """

    json_schema: dict[str, Any] = Field(alias="schema")
    declared_schema: bool
    statistics: dict[str, Any]
    sample_data: list[Any]
    refinements: list[Refinement]
    contradictions: list[Contradiction]
    rejection: Rejection | None


class ChangedTemplate(Template):
    """A template as a command left it, with the position of the last event that tells so."""

    position: int


class TemplatePage(Answer):
    """A page of templates."""

    templates: list[TemplateSummary]
    total_count: int
    pagination: Pagination
    links: Links = Field(alias="_links")
