"""A scan: one look at a source that a `discovery watch` lists."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

SourceName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
"""The name of a source in `discovery.toml`: 1 to 63 lower-case letters, digits, `_` and `-`."""

MAX_STARTS = 3
"""A scan whose worker was lost so often is given up: it may be what kills them."""

MAX_TOLD_FAILURES = 20
"""A finished scan tells that many of its failures one by one."""


class ScanStatus(StrEnum):
    """How far a scan has come."""

    REQUESTED = "requested"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


class ScanTrigger(StrEnum):
    """Why a scan was asked for."""

    REQUEST = "request"
    SCHEDULE = "schedule"
    CHANGE = "change"


@dataclass(frozen=True, kw_only=True)
class ScanOutcome:
    """What a scan found: numbers of templates by what became of them, and what failed.

    `failures` are the first of the `failed`, a line each.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    connectors: int = 0
    failed: int = 0
    failures: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Scan:
    """A scan as its source remembers it; `done` and `total` are numbers of datasets."""

    id: UUID
    source: str
    trigger: ScanTrigger
    status: ScanStatus
    requested_at: datetime
    updated_at: datetime
    version: int
    worker: str | None = None
    starts: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None
    done: int = 0
    total: int | None = None
    outcome: ScanOutcome | None = None
    reason: str | None = None
