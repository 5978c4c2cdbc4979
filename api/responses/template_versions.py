"""Answers about the versions of templates' schemas."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from api.responses.answer import Answer, Links, Pagination
from registry.compatibility import Change


class SchemaVersionSummary(Answer):
    """A version of a template's schema as lists show it.

    Who of another client made it is not told: then `created_by` and `client_id` are null.
    """

    template_id: UUID
    number: int = Field(description="Counts from 1; another wording of the same is no version.")
    digest: str = Field(description="Equal for schemas that mean the same.")
    position: int
    created_at: datetime
    created_by: str | None
    client_id: UUID | None
    caused_by: str = Field(description="The type of the event that it came with.")
    accepted_breaking: str | None = Field(
        description="Why a break of the compatibility mode was accepted, if it was one."
    )
    stated_at: int = Field(description="The template's version that worded it last.")
    links: Links = Field(alias="_links")


class SchemaVersion(SchemaVersionSummary):
    """A version of a template's schema."""

    json_schema: dict[str, Any] = Field(alias="schema")


class SchemaVersionPage(Answer):
    """A page of versions, the newest first."""

    versions: list[SchemaVersionSummary]
    total_count: int
    pagination: Pagination
    links: Links = Field(alias="_links")


class SchemaDifference(Answer):
    """One change of what a schema accepts; `was` and `now` are null where there is nothing."""

    change: Change
    pointer: str = Field(description="Into the new schema; into the old one for what was removed.")
    was: Any
    now: Any


class SchemaDiff(Answer):
    """What is different between two versions of a template's schema."""

    template_id: UUID
    from_: int = Field(alias="from")
    to: int
    differences: list[SchemaDifference]
