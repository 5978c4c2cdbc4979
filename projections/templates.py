"""The templates read model: table, handlers and queries of the catalogue's templates."""

from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    FromClause,
    Index,
    Text,
    Uuid,
    bindparam,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSON, JSONB

from projections.query import Listing, Lookup, equals
from projections.read_model import Document, ReadModel, touched
from projections.template_document import described, refinement, stated
from registry.store import RecordedEvent

DETAILS = (
    "schema",
    "declared_schema",
    "statistics",
    "sample_data",
    "refinements",
    "contradictions",
    "rejection",
)
"""The parts of a template that a list leaves out."""


def columns() -> list[Column[Any]]:
    """Return the table's columns."""
    return [
        Column("template_id", Uuid, primary_key=True),
        Column("industry", Text, nullable=False),
        Column("use_case", Text, nullable=False),
        Column("dataset_type", Text, nullable=False),
        Column("status", Text, nullable=False),
        Column("tags", JSONB, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("needs_review", Boolean, nullable=False),
        Column("summary", JSON, nullable=False),
        Column("document", JSON, nullable=False),
    ]


def indexes() -> list[Index]:
    """Return the indexes of the present."""
    return [
        Index(None, "industry", "use_case", "dataset_type", "template_id", "valid_from"),
        Index(None, "valid_from"),
        Index(None, "dataset_type"),
        Index(None, "tags", postgresql_using="gin"),
        Index(None, "needs_review", postgresql_where=text("needs_review")),
    ]


def past_indexes() -> list[Index]:
    """Return the indexes of the past: they tell validity without the rows."""
    order = ("industry", "use_case", "dataset_type", "template_id")
    return [Index(None, *order, "valid_from", "valid_to"), Index(None, "valid_to", "valid_from")]


def registered(before: Document, event: RecordedEvent) -> Document:
    """Return the template as it is defined first."""
    facts = event.facts
    return {
        **described(facts["template_id"], facts["definition"]),
        "status": "active",
        "source": facts["source"],
        **stated({"schema_version": 1}, facts),
        "compatibility_mode": facts.get("compatibility_mode", "BACKWARD"),
        "refinements": [],
        "version": event.originator_version,
        "created_at": facts["timestamp"],
        "updated_at": facts["timestamp"],
    }


def revised(before: Document, event: RecordedEvent) -> Document:
    """Return the template as it is defined now; what people said of its fields stays."""
    facts = event.facts
    told = {**described(facts["template_id"], facts["definition"]), **stated(before, facts)}
    return touched(before, event, **told, source=facts["source"])


def rejected(before: Document, event: RecordedEvent) -> Document:
    """Return the template with what was found and not taken."""
    facts = event.facts
    rejection = {name: facts[name] for name in ("source", "schema_digest", "mode", "verdict")}
    return touched(before, event, rejection={**rejection, "rejected_at": facts["timestamp"]})


def mode_set(before: Document, event: RecordedEvent) -> Document:
    """Return the template with what its next version has to keep."""
    return touched(before, event, compatibility_mode=event.facts["mode"], rejection=None)


def refined(before: Document, event: RecordedEvent) -> Document:
    """Return the template with what a person said of its fields."""
    facts = event.facts
    known = {each["field"]: each for each in before["refinements"]}
    for path, pins in facts["fields"].items():
        known[path] = refinement(path, pins, facts["reason"], facts["timestamp"])
    return touched(
        before,
        event,
        **stated(before, facts),
        refinements=[known[path] for path in sorted(known)],
    )


def withdrawn(before: Document, event: RecordedEvent) -> Document:
    """Return the template with a field left to inference again."""
    left = [each for each in before["refinements"] if each["field"] != event.facts["field"]]
    return touched(before, event, **stated(before, event.facts), refinements=left)


def reviewed(before: Document, event: RecordedEvent) -> Document:
    """Return the template with nothing left to review."""
    return touched(before, event, needs_review=False, unsure=[])


def retired(before: Document, event: RecordedEvent) -> Document:
    """Return the template out of use."""
    return touched(before, event, status="retired")


def restored(before: Document, event: RecordedEvent) -> Document:
    """Return the template in use again."""
    return touched(before, event, status="active")


def row(document: Document) -> tuple[Any, ...]:
    """Return the values of the table's columns."""
    summary = {part: value for part, value in document.items() if part not in DETAILS}
    return (
        document["template_id"],
        document["industry"],
        document["use_case"],
        document["dataset_type"],
        document["status"],
        orjson.dumps(document["tags"]).decode(),
        document["version"],
        document["needs_review"],
        orjson.dumps(summary).decode(),
        orjson.dumps(document).decode(),
    )


TEMPLATES = ReadModel(
    name="templates",
    version="3",
    columns=columns,
    indexes=indexes,
    past_indexes=past_indexes,
    key=lambda event: str(event.originator_id),
    row=row,
    handlers={
        "DatasetTemplateRegistered": registered,
        "DatasetTemplateRevised": revised,
        "DatasetTemplateRetired": retired,
        "DatasetTemplateRestored": restored,
        "TemplateRevisionRejected": rejected,
        "CompatibilityModeSet": mode_set,
        "TemplateRefined": refined,
        "TemplateRefinementWithdrawn": withdrawn,
        "TemplateReviewed": reviewed,
    },
    beginnings=frozenset({"DatasetTemplateRegistered"}),
    batch=500,  # a template with its sample may take hundreds of kilobytes
)

template_by_id = Lookup(TEMPLATES)
"""One template with its schema, statistics and sample."""


def _tagged(rows: FromClause) -> ColumnElement[bool]:
    tags = func.jsonb_build_array(bindparam("tag", type_=Text))
    return rows.c.tags.contains(tags)


template_listing = Listing(
    TEMPLATES,
    document="summary",
    filters={
        **{name: equals(name) for name in ("industry", "use_case", "dataset_type", "status")},
        "tag": _tagged,
        "needs_review": lambda rows: rows.c.needs_review,
        "reviewed": lambda rows: ~rows.c.needs_review,
    },
    order=("industry", "use_case", "dataset_type", "template_id"),
)
"""Templates without their details, by industry, use case and type."""
