"""The templates read model: table, handlers and queries of the catalogue's templates."""

from dataclasses import fields
from typing import Any, Final

import msgspec
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

from projections.links import TEMPLATES_PATH, link
from projections.query import Listing, Lookup, equals
from projections.read_model import Document, ReadModel, touched
from projections.shown_schema import shown_schema
from registry.store import RecordedEvent
from registry.template import Template, TemplateDefinition, TemplateIdentity

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

_DEFINITION_PARTS: Final = [field.name for field in fields(TemplateDefinition)]
_IDENTITY_PARTS: Final = [field.name for field in fields(TemplateIdentity)]


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
        **_described(facts["template_id"], facts["definition"]),
        "status": "active",
        "source": facts["source"],
        **_stated({"schema_version": 1}, facts),
        "compatibility_mode": facts.get("compatibility_mode", "BACKWARD"),
        "refinements": [],
        "version": event.originator_version,
        "created_at": facts["timestamp"],
        "updated_at": facts["timestamp"],
    }


def revised(before: Document, event: RecordedEvent) -> Document:
    """Return the template as it is defined now; what people said of its fields stays."""
    facts = event.facts
    described = _described(facts["template_id"], facts["definition"])
    return touched(before, event, **{**described, **_stated(before, facts)}, source=facts["source"])


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
        known[path] = _refinement(path, pins, facts["reason"], facts["timestamp"])
    return touched(
        before,
        event,
        **_stated(before, facts),
        refinements=[known[path] for path in sorted(known)],
    )


def withdrawn(before: Document, event: RecordedEvent) -> Document:
    """Return the template with a field left to inference again."""
    left = [each for each in before["refinements"] if each["field"] != event.facts["field"]]
    return touched(before, event, **_stated(before, event.facts), refinements=left)


def reviewed(before: Document, event: RecordedEvent) -> Document:
    """Return the template with nothing left to review."""
    return touched(before, event, needs_review=False, unsure=[])


def retired(before: Document, event: RecordedEvent) -> Document:
    """Return the template out of use."""
    return touched(before, event, status="retired")


def restored(before: Document, event: RecordedEvent) -> Document:
    """Return the template in use again."""
    return touched(before, event, status="active")


def _stated(before: Document, facts: Document) -> Document:
    """Return what an event states of the schema; events before versions were counted state less."""
    unsure = facts.get("unsure", [])
    return {
        "schema": shown_schema(facts),
        "schema_version": facts.get("schema_version") or before["schema_version"],
        "schema_digest": facts.get("schema_digest", ""),
        "needs_review": bool(unsure),
        "unsure": unsure,
        "contradictions": facts.get("contradictions", []),
        "rejection": None,
    }


def _refinement(path: str, pins: Document, reason: str, refined_at: object) -> Document:
    said = {name: value for name, value in pins.items() if value is not None}
    return {"field": path, **said, "reason": reason, "refined_at": refined_at}


def document_of(template: Template) -> Document:
    """Return the document that a template has once its events are projected."""
    return {
        **_described(str(template.id), msgspec.to_builtins(template.definition)),
        "schema": template.schema,
        "schema_version": template.schema_version,
        "schema_digest": template.schema_digest,
        "compatibility_mode": template.compatibility_mode,
        "needs_review": bool(template.unsure),
        "unsure": msgspec.to_builtins(template.unsure),
        "refinements": [
            _refinement(path, msgspec.to_builtins(each.pins), each.reason, each.refined_at)
            for path, each in sorted(template.refinements.items())
        ],
        "contradictions": msgspec.to_builtins(template.contradictions),
        "rejection": msgspec.to_builtins(template.rejection),
        "status": "retired" if template.retired else "active",
        "source": template.source,
        "version": template.version,
        "created_at": template.created_at,
        "updated_at": template.updated_at,
    }


def definition_of(document: Document) -> TemplateDefinition:
    """Return the definition of the template whose document it is."""
    parts: Document = {name: document[name] for name in _DEFINITION_PARTS if name in document}
    identity = {part: document[part] for part in _IDENTITY_PARTS}
    return msgspec.convert({**parts, "identity": identity}, TemplateDefinition)


def _described(template_id: str, definition: Document) -> Document:
    identity = definition["identity"]
    return {
        "template_id": template_id,
        **{part: value for part, value in definition.items() if part != "identity"},
        **identity,
        "_links": {
            "self": link(f"{TEMPLATES_PATH}/{template_id}"),
            "collection": link(TEMPLATES_PATH),
            "versions": link(f"{TEMPLATES_PATH}/{template_id}/versions"),
        },
    }


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
