"""The templates read model: table, handlers and queries of the catalogue's templates."""

from typing import Any
from uuid import UUID

import msgspec
import orjson
from sqlalchemy import BigInteger, Column, Index, MetaData, Table, Text, Uuid, bindparam, cast
from sqlalchemy.dialects.postgresql import ARRAY, JSON, array

from projections.links import TEMPLATES_PATH, link
from projections.query import Listing, Lookup
from projections.read_model import METADATA, Document, ReadModel
from registry.store import RecordedEvent
from registry.template import Template

DETAILS = ("schema", "declared_schema", "statistics", "sample_data")
"""The parts of a template that a list leaves out."""


def table(name: str, metadata: MetaData) -> Table:
    """Declare the table of templates under a name."""
    return Table(
        name,
        metadata,
        Column("template_id", Uuid, primary_key=True),
        Column("industry", Text, nullable=False),
        Column("use_case", Text, nullable=False),
        Column("dataset_type", Text, nullable=False),
        Column("status", Text, nullable=False),
        Column("tags", ARRAY(Text), nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("summary", JSON, nullable=False),
        Column("document", JSON, nullable=False),
        Index(None, "industry", "use_case", "dataset_type", "template_id"),
        Index(None, "dataset_type"),
        Index(None, "tags", postgresql_using="gin"),
    )


def registered(before: Document, event: RecordedEvent) -> Document:
    """Return the template as it is defined first."""
    return _document(event, created_at=event.facts["timestamp"])


def revised(before: Document, event: RecordedEvent) -> Document:
    """Return the template as it is defined now."""
    return _document(event, created_at=before["created_at"])


def retired(before: Document, event: RecordedEvent) -> Document:
    """Return the template out of use."""
    return _touched(before, event, status="retired")


def restored(before: Document, event: RecordedEvent) -> Document:
    """Return the template in use again."""
    return _touched(before, event, status="active")


def _touched(before: Document, event: RecordedEvent, **changes: Any) -> Document:
    touched = {"version": event.originator_version, "updated_at": event.facts["timestamp"]}
    return {**before, **changes, **touched}


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
        UUID(document["template_id"]),
        document["industry"],
        document["use_case"],
        document["dataset_type"],
        document["status"],
        document["tags"],
        document["version"],
        orjson.dumps(summary).decode(),
        orjson.dumps(document).decode(),
    )


TEMPLATES = ReadModel(
    name="templates",
    version="1",
    table=table,
    key=lambda event: event.originator_id,
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

templates = table(TEMPLATES.name, METADATA)
"""The live table, for queries."""

template_by_id = Lookup(
    templates, {"template_id": templates.c.template_id == bindparam("template_id")}
)
"""One template with its schema, statistics and sample."""

template_listing = Listing(
    templates,
    document="summary",
    filters={
        "industry": templates.c.industry == bindparam("industry"),
        "use_case": templates.c.use_case == bindparam("use_case"),
        "dataset_type": templates.c.dataset_type == bindparam("dataset_type"),
        "status": templates.c.status == bindparam("status"),
        "tag": templates.c.tags.contains(cast(array([bindparam("tag")]), ARRAY(Text))),
    },
    order=(
        templates.c.industry,
        templates.c.use_case,
        templates.c.dataset_type,
        templates.c.template_id,
    ),
)
"""Templates without their details, by industry, use case and type."""
