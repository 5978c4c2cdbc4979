"""Answers about the service and its read models."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from api.responses.answer import Answer


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
    projections: list[ProjectionState] = Field(default_factory=list)
    problems: list[str]


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
