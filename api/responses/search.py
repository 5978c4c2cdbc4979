"""Answers of search."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from api.responses.answer import Answer, Links

KindOfThing = Literal["template", "dataset", "connector"]


class FoundField(Answer):
    """A field of a template, with what was found in it in `<mark>`; the rest is escaped HTML."""

    path: str
    type: str | None = None
    semantic_class: str | None = None
    found_class: str | None = Field(
        None, description="What the data look like, where people say something else."
    )
    description: str | None = None


class Highlights(Answer):
    """Where the words were found: HTML in which they are marked and all else is escaped.

    A long description is cut to the part around the first one.
    """

    name: str | None = None
    description: str | None = None
    fields: list[FoundField] = Field([], description="The first few fields with the words.")


class Hit(Answer):
    """Something found. The higher its score, the better it matches."""

    type: KindOfThing
    id: UUID
    client_id: UUID | None
    name: str
    description: str
    industry: str | None
    use_case: str | None
    dataset_type: str | None
    connector_type: str | None
    stage: str | None
    status: str
    tags: list[str]
    quality_score: float | None
    field_count: int
    updated_at: datetime
    score: float
    highlights: Highlights
    links: Links = Field(alias="_links")


class FieldHolder(Answer):
    """A template that has a field."""

    template_id: UUID
    name: str
    links: Links = Field(alias="_links")


class FieldHit(Answer):
    """A field that some templates have; it is told as the one that matches best has it."""

    type: Literal["field"]
    path: str
    data_type: str | None
    semantic_class: str | None
    description: str | None
    template_count: int = Field(description="Templates with it, of those that were looked at.")
    templates: list[FieldHolder] = Field(description="Some of them.")
    score: float
    highlights: FoundField
    links: Links = Field(alias="_links")


class Total(Answer):
    """How much was found: as many, or at least as many.

    Of what very much matches a share is ranked and counted, drawn by lot.
    """

    count: int
    relation: Literal["exact", "at_least"]


class FacetValue(Answer):
    """A value by which the result can be narrowed, and how many of what was counted have it."""

    value: str
    count: int


class SearchPage(Answer):
    """A page of what was found.

    Where nothing has all that was wanted, what has `some` of it was `matched`. `corrected` are
    words that are in no thing, with those that were looked for in their place; `unknown` those that
    resemble no word there is.
    """

    results: list[Hit | FieldHit]
    total: Total
    facets: dict[str, list[FacetValue]]
    matched: Literal["all", "some"]
    corrected: dict[str, list[str]]
    unknown: list[str]
    links: Links = Field(alias="_links")


class Suggestion(Answer):
    """What may have been meant to be typed, and in how many things its last word is."""

    text: str
    count: int


class Suggestions(Answer):
    """Texts that go on from what was typed, the likeliest first."""

    suggestions: list[Suggestion]
