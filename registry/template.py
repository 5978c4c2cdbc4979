"""A template: a reusable description of a dataset kind."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid5

import msgspec
from pydantic import Field

from registry.compatibility import Mode
from registry.contradiction import Contradiction
from registry.quality import CheckType, Score
from registry.refinement import Pins, Refinement
from registry.review import UnsureField, unsure_fields
from registry.schema_place import JSONSchema
from registry.text import JsonObject, Name, Slug, Tags, Text

TEMPLATES = UUID("6f0c2a0e-6b0e-5d0c-9a57-3a6f3c1f7d51")
"""The namespace (RFC 9562, version 5) of template ids."""


@dataclass(frozen=True, kw_only=True)
class TemplateIdentity:
    """What tells one template from another: there is one template per identity."""

    industry: Slug
    use_case: Slug
    dataset_type: Slug

    @property
    def template_id(self) -> UUID:
        """The id that this identity always has."""
        return uuid5(TEMPLATES, str(self))

    def __str__(self) -> str:
        return f"{self.industry}/{self.use_case}/{self.dataset_type}"


def title_of(identity: Mapping[str, Any]) -> str:
    """Return the name of a template that was not given one: its identity in words."""
    parts = (identity["industry"], identity["use_case"], identity["dataset_type"])
    return " ".join(part.replace("_", " ").title() for part in parts)


@dataclass(frozen=True, kw_only=True)
class QualityRule:
    """A threshold, 0 to 100, that a check of datasets made from the template is held to."""

    name: Name
    check: CheckType
    threshold: Score
    description: Text = ""


@dataclass(frozen=True, kw_only=True)
class TemplateDefinition:
    """All that a template says.

    `schema` is a JSON Schema 2020-12 of one record, `statistics` the profile of its fields,
    `sample_data` some records; `declared_schema` tells a schema that its author wrote from one
    inferred from the records. `default_record_count` and `default_size_mb` are what a dataset
    made from it starts with unless told otherwise.
    """

    identity: TemplateIdentity
    name: Name
    description: Text = ""
    tags: Tags = field(default_factory=list)
    custom_fields: JsonObject = field(default_factory=dict)
    schema: JsonObject
    declared_schema: bool = False
    statistics: JsonObject = field(default_factory=dict)
    sample_data: Annotated[list[Any], Field(max_length=1_000)] = field(default_factory=list)
    default_record_count: Annotated[int, Field(ge=0, le=2**53)] = 0
    default_size_mb: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    quality_rules: Annotated[list[QualityRule], Field(max_length=100)] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """The SHA-256 of the definition's canonical JSON: equal exactly when nothing changed."""
        canonical = msgspec.json.encode(self, order="sorted")
        return hashlib.sha256(canonical).hexdigest()

    @property
    def unsure(self) -> list[UnsureField]:
        """The fields that inference is not sure of; none where the schema is its author's."""
        return [] if self.declared_schema else unsure_fields(self.statistics)


@dataclass(frozen=True, kw_only=True)
class Rejection:
    """A revision that was found at `source` and rejected, since it broke the mode."""

    source: str
    schema_digest: str
    mode: Mode
    verdict: dict[str, Any]
    rejected_at: datetime


@dataclass(kw_only=True)
class Template:
    """A template as its aggregate remembers it; `source` tells where its definition was found.

    Its schema is the definition's with the refinements applied, `refined_schema` if there are any.
    `unsure` are the fields to be reviewed, `approved` those that were, since the schema has the
    version; `rejection` is the last revision to be rejected, until one is taken.
    """

    id: UUID
    definition: TemplateDefinition
    digest: str
    source: str
    created_at: datetime
    updated_at: datetime
    version: int
    retired: bool = False
    refined_schema: JsonObject | None = None
    schema_version: int = 1
    schema_digest: str = ""
    compatibility_mode: Mode = Mode.BACKWARD
    refinements: dict[str, Refinement] = field(default_factory=dict)
    contradictions: list[Contradiction] = field(default_factory=list)
    unsure: list[UnsureField] = field(default_factory=list)
    approved: list[UnsureField] = field(default_factory=list)
    rejection: Rejection | None = None

    @property
    def schema(self) -> JSONSchema:
        """The schema that readers see."""
        return self.definition.schema if self.refined_schema is None else self.refined_schema

    @property
    def pins(self) -> dict[str, Pins]:
        """What is said of each field, by its path."""
        return {path: each.pins for path, each in self.refinements.items()}
