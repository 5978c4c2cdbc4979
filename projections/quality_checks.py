"""The quality checks read model: every report of checks on a dataset, the old ones too."""

from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, Column, Index, MetaData, Table, Uuid, bindparam
from sqlalchemy.dialects.postgresql import JSON

from projections.query import Listing
from projections.read_model import METADATA, Document, ReadModel
from registry.store import RecordedEvent


def table(name: str, metadata: MetaData) -> Table:
    """Declare the table of quality reports under a name."""
    return Table(
        name,
        metadata,
        Column("position", BigInteger, primary_key=True, autoincrement=False),
        Column("client_id", Uuid, nullable=False),
        Column("dataset_id", Uuid, nullable=False),
        Column("document", JSON, nullable=False),
        Index(None, "dataset_id", "position"),
    )


def scored(before: Document, event: RecordedEvent) -> Document:
    """Return the report as it was made."""
    return {
        "position": event.position,
        "client_id": event.facts["client_id"],
        "dataset_id": event.facts["dataset_id"],
        "reported_at": event.facts["timestamp"],
        "quality_score": event.facts["score"],
        "checks": [
            {**check, "passed": check["score"] >= check["threshold"]}
            for check in event.facts["checks"]
        ],
    }


def row(document: Document) -> tuple[Any, ...]:
    """Return the values of the table's columns."""
    return (
        document["position"],
        UUID(document["client_id"]),
        UUID(document["dataset_id"]),
        orjson.dumps(document).decode(),
    )


QUALITY_CHECKS = ReadModel(
    name="quality_checks",
    version="1",
    table=table,
    key=lambda event: event.position,
    row=row,
    handlers={"QualityScored": scored},
    beginnings=frozenset({"QualityScored"}),
)

quality_checks = table(QUALITY_CHECKS.name, METADATA)
"""The live table, for queries."""

quality_check_listing = Listing(
    quality_checks,
    document="document",
    filters={"dataset_id": quality_checks.c.dataset_id == bindparam("dataset_id")},
    order=(quality_checks.c.position.desc(),),
)
"""Reports of checks, the newest first."""
