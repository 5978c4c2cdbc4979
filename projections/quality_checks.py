"""The quality checks read model: every report of checks on a dataset, the old ones too."""

from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, Index, Uuid
from sqlalchemy.dialects.postgresql import JSON

from projections.query import Listing, equals
from projections.read_model import Document, ReadModel
from registry.store import RecordedEvent


def columns() -> list[Column[Any]]:
    """Return the table's columns."""
    return [
        Column("position", BigInteger, primary_key=True, autoincrement=False),
        Column("client_id", Uuid, nullable=False),
        Column("dataset_id", Uuid, nullable=False),
        Column("document", JSON, nullable=False),
    ]


def indexes() -> list[Index]:
    """Return the indexes of the present."""
    return [
        Index(None, "dataset_id", "position"),
    ]


def past_indexes() -> list[Index]:
    """Return the indexes of the past, which is looked at less than it is written."""
    return []


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
        document["client_id"],
        document["dataset_id"],
        orjson.dumps(document).decode(),
    )


QUALITY_CHECKS = ReadModel(
    name="quality_checks",
    version="1",
    columns=columns,
    indexes=indexes,
    past_indexes=past_indexes,
    key=lambda event: str(event.position),
    row=row,
    handlers={"QualityScored": scored},
    beginnings=frozenset({"QualityScored"}),
)

quality_check_listing = Listing(
    QUALITY_CHECKS,
    document="document",
    filters={"dataset_id": equals("dataset_id")},
    order=("-position",),
)
"""Reports of checks, the newest first."""
