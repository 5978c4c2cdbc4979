"""The scans read model: every scan that was asked for, how far it has come, and what it found."""

from typing import Any

import msgspec
import orjson
from sqlalchemy import BigInteger, Column, DateTime, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import JSON

from projections.links import SCANS_PATH, link
from projections.query import Listing, Lookup, equals
from projections.read_model import Document, ReadModel, touched
from registry.scan import Scan
from registry.store import RecordedEvent


def columns() -> list[Column[Any]]:
    """Return the table's columns."""
    return [
        Column("scan_id", Uuid, primary_key=True),
        Column("source", Text, nullable=False),
        Column("status", Text, nullable=False),
        Column("requested_at", DateTime(timezone=True), nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("document", JSON, nullable=False),
    ]


def indexes() -> list[Index]:
    """Return the indexes of the present."""
    return [
        Index(None, "requested_at", "scan_id"),
        Index(None, "source", "requested_at", "scan_id"),
    ]


def past_indexes() -> list[Index]:
    """Return the indexes of the past, which is looked at less than it is written."""
    return [Index(None, "requested_at", "scan_id")]


def requested(before: Document, event: RecordedEvent) -> Document:
    """Return the scan as it waits for a worker."""
    facts = event.facts
    return {
        "scan_id": facts["scan_id"],
        "source": facts["source"],
        "trigger": facts["trigger"],
        "status": "requested",
        "requested_at": facts["timestamp"],
        "started_at": None,
        "ended_at": None,
        "starts": 0,
        "done": 0,
        "total": None,
        "outcome": None,
        "reason": None,
        "version": event.originator_version,
        "updated_at": facts["timestamp"],
        "_links": _links(facts["scan_id"]),
    }


def started(before: Document, event: RecordedEvent) -> Document:
    """Return the scan with a worker at it, which begins anew if another one had begun."""
    return touched(
        before,
        event,
        status="running",
        started_at=event.facts["timestamp"],
        starts=before["starts"] + 1,
        done=0,
        total=None,
    )


def progressed(before: Document, event: RecordedEvent) -> Document:
    """Return the scan with so many of its datasets done."""
    return touched(before, event, done=event.facts["done"], total=event.facts["total"])


def released(before: Document, event: RecordedEvent) -> Document:
    """Return the scan as it waits for the next worker."""
    return touched(before, event, status="requested", starts=before["starts"] - 1)


def finished(before: Document, event: RecordedEvent) -> Document:
    """Return the scan with what it found."""
    facts = event.facts
    return touched(
        before, event, status="finished", ended_at=facts["timestamp"], outcome=facts["outcome"]
    )


def failed(before: Document, event: RecordedEvent) -> Document:
    """Return the scan with the reason why it found nothing."""
    facts = event.facts
    return touched(
        before, event, status="failed", ended_at=facts["timestamp"], reason=facts["reason"]
    )


def row(document: Document) -> tuple[Any, ...]:
    """Return the values of the table's columns."""
    return (
        document["scan_id"],
        document["source"],
        document["status"],
        document["requested_at"],
        document["version"],
        orjson.dumps(document).decode(),
    )


SCANS = ReadModel(
    name="scans",
    version="1",
    columns=columns,
    indexes=indexes,
    past_indexes=past_indexes,
    key=lambda event: str(event.facts["scan_id"]),
    row=row,
    handlers={
        "ScanRequested": requested,
        "ScanStarted": started,
        "ScanProgressed": progressed,
        "ScanReleased": released,
        "ScanFinished": finished,
        "ScanFailed": failed,
    },
    beginnings=frozenset({"ScanRequested"}),
)

scan_by_id = Lookup(SCANS)
"""One scan."""

scan_listing = Listing(
    SCANS,
    document="document",
    filters={name: equals(name) for name in ("source", "status")},
    order=("-requested_at", "-scan_id"),
)
"""Scans, the latest first."""


def document_of(scan: Scan) -> Document:
    """Return the document that a scan has once its events are projected."""
    return {
        "scan_id": str(scan.id),
        "source": scan.source,
        "trigger": scan.trigger,
        "status": scan.status,
        "requested_at": scan.requested_at,
        "started_at": scan.started_at,
        "ended_at": scan.ended_at,
        "starts": scan.starts,
        "done": scan.done,
        "total": scan.total,
        "outcome": scan.outcome and msgspec.to_builtins(scan.outcome),
        "reason": scan.reason,
        "version": scan.version,
        "updated_at": scan.updated_at,
        "_links": _links(str(scan.id)),
    }


def _links(scan_id: str) -> dict[str, dict[str, str]]:
    return {"self": link(f"{SCANS_PATH}/{scan_id}"), "collection": link(SCANS_PATH)}
