"""The read model of schema versions: what the schema of each template was, and is."""

from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import JSON

from projections.links import TEMPLATES_PATH, link
from projections.query import Listing, Lookup, equals
from projections.read_model import Document, ReadModel
from projections.shown_schema import shown_schema
from registry.store import RecordedEvent


def columns() -> list[Column[Any]]:
    """Return the table's columns."""
    return [
        Column("template_version", Text, primary_key=True),
        Column("template_id", Uuid, nullable=False),
        Column("number", BigInteger, nullable=False),
        Column("digest", Text, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("summary", JSON, nullable=False),
        Column("document", JSON, nullable=False),
    ]


def indexes() -> list[Index]:
    """Return the indexes of the present."""
    return [Index(None, "template_id", "number"), Index(None, "digest"), Index(None, "valid_from")]


def past_indexes() -> list[Index]:
    """Return the indexes of the past."""
    return [Index(None, "template_id", "number"), Index(None, "digest")]


def key_of(template_id: object, number: int) -> str:
    """Return the key of a version of a template's schema."""
    return f"{template_id}/{number}"


def stated(before: Document, event: RecordedEvent) -> Document:
    """Return the version as it is stated first, or as its schema is worded now."""
    facts: dict[str, Any] = event.facts
    worded = {"schema": shown_schema(facts), "stated_at": event.originator_version}
    if before:
        return {**before, **worded}
    number, template_id = facts.get("schema_version") or 1, facts["template_id"]
    provenance = facts.get("provenance") or {}
    self_ = f"{TEMPLATES_PATH}/{template_id}/versions/{number}"
    return {
        "template_id": template_id,
        "number": number,
        "digest": facts.get("schema_digest", ""),
        "position": event.position,
        "created_at": facts["timestamp"],
        "created_by": provenance.get("actor"),
        "client_id": provenance.get("client_id"),
        "caused_by": event.topic,
        "accepted_breaking": facts.get("accepted_breaking"),
        **worded,
        "_links": {"self": link(self_), "template": link(f"{TEMPLATES_PATH}/{template_id}")},
    }


def row(document: Document) -> tuple[Any, ...]:
    """Return the values of the table's columns."""
    summary = {part: value for part, value in document.items() if part != "schema"}
    return (
        key_of(document["template_id"], document["number"]),
        document["template_id"],
        document["number"],
        document["digest"],
        document["stated_at"],
        orjson.dumps(summary).decode(),
        orjson.dumps(document).decode(),
    )


TEMPLATE_VERSIONS = ReadModel(
    name="template_versions",
    version="1",
    columns=columns,
    indexes=indexes,
    past_indexes=past_indexes,
    # Events from before versions were counted all belong to the first one.
    key=lambda event: key_of(event.originator_id, event.facts.get("schema_version") or 1),
    row=row,
    handlers={
        "DatasetTemplateRegistered": stated,
        "DatasetTemplateRevised": stated,
        "TemplateRefined": stated,
        "TemplateRefinementWithdrawn": stated,
    },
    beginnings=frozenset({"DatasetTemplateRegistered"}),
    may_begin=frozenset(
        {"DatasetTemplateRevised", "TemplateRefined", "TemplateRefinementWithdrawn"}
    ),
    batch=500,
)

version_by_key = Lookup(TEMPLATE_VERSIONS)
"""One version with its schema, by `key_of` its template and number."""

version_listing = Listing(
    TEMPLATE_VERSIONS,
    document="summary",
    filters={"template_id": equals("template_id"), "digest": equals("digest")},
    order=("-number", "template_version"),
)
"""Versions without their schemas, the newest first."""
