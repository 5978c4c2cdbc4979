"""Answers about scans."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from api.responses.answer import Answer, Links, Pagination
from registry.scan import ScanStatus, ScanTrigger


class Found(Answer):
    """What a scan found: templates by what became of them, connectors, and what failed.

    `failures` tells where the first of the failed are; the worker that scans prints the reasons.
    """

    new: int
    changed: int
    unchanged: int
    connectors: int
    failed: int
    failures: list[str]


class Scan(Answer):
    """A scan: `done` of `total` datasets so far, `starts` by how many workers."""

    scan_id: UUID
    source: str
    trigger: ScanTrigger
    status: ScanStatus
    requested_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    starts: int
    done: int
    total: int | None
    outcome: Found | None
    reason: str | None
    version: int
    updated_at: datetime
    links: Links = Field(alias="_links")


class RequestedScan(Scan):
    """A scan as a command left it, with the position of the last event that tells so."""

    position: int


class ScanPage(Answer):
    """A page of scans."""

    scans: list[Scan]
    total_count: int
    pagination: Pagination
    links: Links = Field(alias="_links")
