"""The search read model: a row of lexemes for each thing there is, and the words they hold."""

from typing import Any

import orjson
from sqlalchemy import Column, DateTime, Float, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSON, TSVECTOR

from projections.read_model import Document, Handler, ReadModel
from projections.search import documents
from projections.search.lexemes import field_vectors, vector
from projections.search.vocabulary import VOCABULARY
from registry.store import RecordedEvent

HANDLERS: dict[str, dict[str, Handler]] = {
    "template": {
        "DatasetTemplateRegistered": documents.template_registered,
        "DatasetTemplateRevised": documents.template_registered,
        "TemplateRefined": documents.template_refined,
        "TemplateRefinementWithdrawn": documents.template_refined,
        "DatasetTemplateRetired": documents.template_retired,
        "DatasetTemplateRestored": documents.template_restored,
    },
    "dataset": {
        "DatasetRegistered": documents.dataset_registered,
        "DatasetRevised": documents.dataset_revised,
        "DatasetStatusChanged": documents.dataset_status_changed,
        "QualityScored": documents.quality_scored,
    },
    "connector": {
        "ConnectorRegistered": documents.connector_registered,
        "ConnectorRevised": documents.connector_revised,
        "ConnectorHealthRecorded": documents.connector_health_recorded,
        "ConnectorRemoved": documents.connector_removed,
    },
}
_CODE = Text(collation="C")
_KINDS = {topic: kind for kind, handlers in HANDLERS.items() for topic in handlers}


def columns() -> list[Column[Any]]:
    """Return the table's columns; what all clients share has no `client_id`."""
    return [
        Column("key", Text, primary_key=True),
        Column("client_id", Uuid),
        Column("type", _CODE, nullable=False),
        Column("industry", _CODE),
        Column("use_case", _CODE),
        Column("dataset_type", _CODE),
        Column("status", _CODE, nullable=False),
        Column("stage", _CODE),
        Column("tags", ARRAY(_CODE), nullable=False),
        Column("quality_score", Float),
        Column("name", _CODE, nullable=False),
        Column("updated_at", DateTime(timezone=True), nullable=False),
        Column("lexemes", TSVECTOR, nullable=False),
        Column("field_lexemes", ARRAY(TSVECTOR)),
        Column("document", JSON, nullable=False),
    ]


def indexes() -> list[Index]:
    """Return the index of words; nothing waits in a list that each search would have to read."""
    return [
        Index(None, "lexemes", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
        Index(None, "valid_from"),
    ]


def past_indexes() -> list[Index]:
    """Return the index of the words of the past."""
    return indexes()[:1]


def key(event: RecordedEvent) -> str:
    """Return what an event is about, as `kind/id`."""
    kind = _KINDS[event.topic]
    return f"{kind}/{event.facts[f'{kind}_id']}"


def row(document: Document) -> tuple[Any, ...]:
    """Return the values of the table's columns."""
    key, score = f"{document['type']}/{document['id']}", document["quality_score"]
    return (
        key,
        document["client_id"],
        document["type"],
        document["industry"],
        document["use_case"],
        document["dataset_type"],
        document["status"],
        document["stage"],
        f"{{{','.join(document['tags'])}}}",
        None if score is None else str(score),
        document["name"].casefold(),
        document["updated_at"],
        vector(document, key),
        field_vectors(document),
        orjson.dumps(document).decode(),
    )


SEARCH = ReadModel(
    name="search",
    version="3",
    columns=columns,
    indexes=indexes,
    past_indexes=past_indexes,
    key=key,
    row=row,
    handlers={topic: each for handlers in HANDLERS.values() for topic, each in handlers.items()},
    beginnings=frozenset({"DatasetTemplateRegistered", "DatasetRegistered", "ConnectorRegistered"}),
    batch=500,
    tally=VOCABULARY,
    whole_bytes=3_000,  # ranking reads the lexemes of hundreds of rows, and no documents
)
