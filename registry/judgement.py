"""What a client made of a recommendation."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field


class Verdict(StrEnum):
    """What a client thinks of a template that was recommended."""

    CHOSEN = "chosen"
    REJECTED = "rejected"


@dataclass(frozen=True, kw_only=True)
class ShownTemplate:
    """A template as it was recommended, and with which confidence."""

    template_id: UUID
    confidence: Annotated[float, Field(ge=0, le=1)]


@dataclass(kw_only=True)
class Judgement:
    """All that a client said of one recommendation: its latest verdict on each template."""

    recommendation_id: str
    client_id: UUID
    updated_at: datetime
    version: int
    verdicts: dict[UUID, Verdict] = field(default_factory=dict)
