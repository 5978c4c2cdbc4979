"""The datasets read model: every dataset with its latest quality checks, retired ones included."""

from dataclasses import asdict
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Index,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSON

from projections.links import DATASETS_PATH, TEMPLATES_PATH, link
from projections.query import Listing, Lookup, equals
from projections.read_model import Document, ReadModel, touched
from registry.dataset import Dataset
from registry.store import RecordedEvent


def columns() -> list[Column[Any]]:
    """Return the table's columns."""
    return [
        Column("dataset_id", Uuid, primary_key=True),
        Column("client_id", Uuid, nullable=False),
        Column("journey_id", Uuid, nullable=False),
        Column("stage", Text, nullable=False),
        Column("status", Text, nullable=False),
        Column("dataset_type", Text, nullable=False),
        Column("template_id", Uuid),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("document", JSON, nullable=False),
    ]


def indexes() -> list[Index]:
    """Return the indexes of the present; where a list's order is followed they tell validity."""
    return [
        Index(None, "client_id", "stage", "created_at", "dataset_id", "valid_from"),
        Index(None, "client_id", "created_at", "dataset_id", "valid_from"),
        Index(None, "journey_id"),
        Index(None, "created_at", "dataset_id", "valid_from"),
        Index(None, "valid_from"),
        _ready_by_template(),
    ]


def past_indexes() -> list[Index]:
    """Return the indexes of the past, which tell validity without a look at the rows."""
    return [
        Index(None, "client_id", "stage", "created_at", "dataset_id", "valid_from", "valid_to"),
        Index(None, "created_at", "dataset_id", "valid_from", "valid_to"),
        Index(None, "valid_to", "valid_from"),
        _ready_by_template(),
    ]


def _ready_by_template() -> Index:
    """Return the index that tells which datasets made from a template were READY."""
    return Index(
        None, "template_id", "dataset_id", "valid_from", postgresql_where=text("status = 'ready'")
    )


def registered(before: Document, event: RecordedEvent) -> Document:
    """Return the dataset as it starts."""
    facts = event.facts
    dataset_id, template_id = facts["dataset_id"], facts["template_id"]
    return {
        "dataset_id": dataset_id,
        "name": facts["name"],
        "dataset_type": facts["dataset_type"],
        "stage": facts["stage"],
        "client_id": facts["client_id"],
        "journey_id": facts["journey_id"],
        "template_id": template_id,
        "status": "provisioning",
        "status_reason": "",
        "source": facts["source"],
        "metadata": facts["metadata"],
        "quality_score": None,
        "quality_checks": [],
        "version": event.originator_version,
        "created_at": facts["timestamp"],
        "updated_at": facts["timestamp"],
        "_links": _links(dataset_id, template_id),
    }


def _links(dataset_id: object, template_id: object) -> dict[str, dict[str, str]]:
    links = {
        "self": link(f"{DATASETS_PATH}/{dataset_id}"),
        "quality_checks": link(f"{DATASETS_PATH}/{dataset_id}/quality-checks"),
    }
    if template_id:
        links["template"] = link(f"{TEMPLATES_PATH}/{template_id}")
    return links


def revised(before: Document, event: RecordedEvent) -> Document:
    """Return the dataset under its new name and metadata."""
    return touched(before, event, name=event.facts["name"], metadata=event.facts["metadata"])


def status_changed(before: Document, event: RecordedEvent) -> Document:
    """Return the dataset in its new status; one provisioned again has yet to be measured."""
    status = event.facts["after"]
    document = touched(before, event, status=status, status_reason=event.facts["reason"])
    if status == "provisioning":
        document |= {"quality_checks": [], "quality_score": None}
    return document


def quality_scored(before: Document, event: RecordedEvent) -> Document:
    """Return the dataset with the latest result of each check."""
    checks = {check["check_type"]: check for check in before["quality_checks"]}
    for check in event.facts["checks"]:
        passed = check["score"] >= check["threshold"]
        checks[check["check_type"]] = {
            **check,
            "passed": passed,
            "checked_at": event.facts["timestamp"],
        }
    return touched(
        before, event, quality_checks=list(checks.values()), quality_score=event.facts["score"]
    )


def row(document: Document) -> tuple[Any, ...]:
    """Return the values of the table's columns."""
    return (
        document["dataset_id"],
        document["client_id"],
        document["journey_id"],
        document["stage"],
        document["status"],
        document["dataset_type"],
        document["template_id"],
        document["created_at"],
        document["version"],
        orjson.dumps(document).decode(),
    )


DATASETS = ReadModel(
    name="datasets",
    version="3",
    columns=columns,
    indexes=indexes,
    past_indexes=past_indexes,
    key=lambda event: str(event.facts["dataset_id"]),
    row=row,
    handlers={
        "DatasetRegistered": registered,
        "DatasetRevised": revised,
        "DatasetStatusChanged": status_changed,
        "QualityScored": quality_scored,
    },
    beginnings=frozenset({"DatasetRegistered"}),
)

dataset_by_id = Lookup(DATASETS)
"""One dataset."""

dataset_listing = Listing(
    DATASETS,
    document="document",
    filters={name: equals(name) for name in ("journey_id", "stage", "status", "dataset_type")},
    order=("-created_at", "-dataset_id"),
)
"""Datasets, the newest first."""


def document_of(dataset: Dataset) -> Document:
    """Return the document that a dataset has once its events are projected."""
    score = dataset.quality_score
    return {
        "dataset_id": dataset.id,
        "name": dataset.name,
        "dataset_type": dataset.dataset_type,
        "stage": dataset.stage,
        "client_id": dataset.client_id,
        "journey_id": dataset.journey_id,
        "template_id": dataset.template_id,
        "status": dataset.status,
        "status_reason": dataset.status_reason,
        "source": dataset.source,
        "metadata": dataset.metadata,
        "quality_score": float(score.value) if score else None,
        "quality_checks": [
            {**asdict(check), "passed": check.passed, "checked_at": dataset.checked_at[kind]}
            for kind, check in dataset.checks.items()
        ],
        "version": dataset.version,
        "created_at": dataset.created_at,
        "updated_at": dataset.updated_at,
        "_links": _links(dataset.id, dataset.template_id),
    }
