"""The templates read model: table, handlers and queries of the catalogue's templates."""

from dataclasses import fields
from typing import Any, Final

import msgspec
import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    FromClause,
    Index,
    Text,
    Uuid,
    bindparam,
    func,
)
from sqlalchemy.dialects.postgresql import JSON, JSONB

from projections.links import TEMPLATES_PATH, link
from projections.query import Listing, Lookup, equals
from projections.read_model import Document, ReadModel, touched
from registry.store import RecordedEvent
from registry.template import Template, TemplateDefinition, TemplateIdentity

DETAILS = ("schema", "declared_schema", "statistics", "sample_data")
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
    ]


def past_indexes() -> list[Index]:
    """Return the indexes of the past: they tell validity without the rows."""
    order = ("industry", "use_case", "dataset_type", "template_id")
    return [Index(None, *order, "valid_from", "valid_to"), Index(None, "valid_to", "valid_from")]


def registered(before: Document, event: RecordedEvent) -> Document:
    """Return the template as it is defined first."""
    return _document(event, created_at=event.facts["timestamp"])


def revised(before: Document, event: RecordedEvent) -> Document:
    """Return the template as it is defined now."""
    return _document(event, created_at=before["created_at"])


def retired(before: Document, event: RecordedEvent) -> Document:
    """Return the template out of use."""
    return touched(before, event, status="retired")


def restored(before: Document, event: RecordedEvent) -> Document:
    """Return the template in use again."""
    return touched(before, event, status="active")


def _document(event: RecordedEvent, created_at: str) -> Document:
    facts: dict[str, Any] = event.facts
    return {
        **_described(facts["template_id"], facts["definition"]),
        "status": "active",
        "source": facts["source"],
        "version": event.originator_version,
        "created_at": created_at,
        "updated_at": facts["timestamp"],
    }


def document_of(template: Template) -> Document:
    """Return the document that a template has once its events are projected."""
    return {
        **_described(str(template.id), msgspec.to_builtins(template.definition)),
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
        orjson.dumps(summary).decode(),
        orjson.dumps(document).decode(),
    )


TEMPLATES = ReadModel(
    name="templates",
    version="2",
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
    },
    order=("industry", "use_case", "dataset_type", "template_id"),
)
"""Templates without their details, by industry, use case and type."""
