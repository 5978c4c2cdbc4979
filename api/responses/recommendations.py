"""Answers about recommendations."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from api.responses.answer import Answer, Links
from registry.judgement import Verdict

SignalName = Literal[
    "industry",
    "use_case",
    "tool",
    "text",
    "fields",
    "size",
    "quality",
    "popularity",
    "freshness",
    "compliance",
]


class RecommendedTemplate(Answer):
    """A template, as far as its choice needs; `_links.self` has all of it."""

    template_id: UUID
    name: str
    industry: str
    use_case: str
    dataset_type: str
    links: Links = Field(alias="_links")


class Evidence(Answer):
    """What one signal told: how far it agrees, 0 to 1, and what that counted in log-odds."""

    signal: SignalName
    strength: float
    counted: float
    because: str


class Recommendation(Answer):
    """A template with the probability that it is right, what speaks for it and what it lacks."""

    template: RecommendedTemplate
    confidence: float = Field(ge=0, le=1)
    evidence: list[Evidence] | None = None
    missing: list[str] | None = None


class KeyLink(Answer):
    """A field of one template that names records of another by their key."""

    source: UUID
    field: str
    target: UUID
    key: str


class Bundle(Answer):
    """Templates that together cover tools, held together by keys; as sure as the least of them."""

    templates: list[RecommendedTemplate]
    covers: list[str]
    links: list[KeyLink]
    confidence: float = Field(ge=0, le=1)


class Recommendations(Answer):
    """Templates that fit the needs, the best first, and advice where there is any."""

    recommendation_id: str
    model_version: int
    recommendations: list[Recommendation]
    bundles: list[Bundle]
    advice: list[str] | None = None


class Judgement(Answer):
    """What a client said of a recommendation: its latest verdict on each template."""

    recommendation_id: str
    client_id: UUID
    verdicts: dict[UUID, Verdict]
    version: int
    updated_at: datetime
    position: int
