"""The connectors read model: every client's connectors with their last known health."""

from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSON

from projections.links import CONNECTORS_PATH, link
from projections.query import Listing, Lookup
from projections.read_model import Document, ReadModel, touched
from registry.connector import Connector
from registry.store import RecordedEvent


def columns() -> list[Column[Any]]:
    """Return the table's columns."""
    return [
        Column("connector_id", Uuid, primary_key=True),
        Column("client_id", Uuid, nullable=False),
        Column("name", Text, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("document", JSON, nullable=False),
    ]


def indexes() -> list[Index]:
    """Return the indexes of the present."""
    return [
        Index(None, "client_id", "name", "connector_id"),
    ]


def past_indexes() -> list[Index]:
    """Return the indexes of the past, which is looked at less than it is written."""
    return [Index(None, "client_id", "name", "connector_id")]


def registered(before: Document, event: RecordedEvent) -> Document:
    """Return the connector as it starts: nobody has looked at its health yet."""
    connector_id = event.facts["connector_id"]
    return {
        "connector_id": connector_id,
        "client_id": event.facts["client_id"],
        "name": event.facts["name"],
        "configuration": event.facts["configuration"],
        "health": "unknown",
        "health_detail": None,
        "checked_at": None,
        "last_sync_at": None,
        "version": event.originator_version,
        "created_at": event.facts["timestamp"],
        "updated_at": event.facts["timestamp"],
        "_links": {"self": link(f"{CONNECTORS_PATH}/{connector_id}")},
    }


def revised(before: Document, event: RecordedEvent) -> Document:
    """Return the connector under its new name and configuration."""
    facts = event.facts
    return touched(before, event, name=facts["name"], configuration=facts["configuration"])


def health_recorded(before: Document, event: RecordedEvent) -> Document:
    """Return the connector with what the last look found."""
    facts = event.facts
    return touched(
        before,
        event,
        health=facts["health"],
        health_detail=facts["detail"],
        checked_at=facts["timestamp"],
        last_sync_at=facts.get("last_sync_at") or before["last_sync_at"],
    )


def removed(before: Document, event: RecordedEvent) -> None:
    """Return nothing: the connector is gone."""


def row(document: Document) -> tuple[Any, ...]:
    """Return the values of the table's columns."""
    return (
        document["connector_id"],
        document["client_id"],
        document["name"],
        document["version"],
        orjson.dumps(document).decode(),
    )


CONNECTORS = ReadModel(
    name="connectors",
    version="2",
    columns=columns,
    indexes=indexes,
    past_indexes=past_indexes,
    key=lambda event: str(event.facts["connector_id"]),
    row=row,
    handlers={
        "ConnectorRegistered": registered,
        "ConnectorRevised": revised,
        "ConnectorHealthRecorded": health_recorded,
        "ConnectorRemoved": removed,
    },
    beginnings=frozenset({"ConnectorRegistered"}),
)

connector_by_id = Lookup(CONNECTORS)
"""One connector."""

connector_listing = Listing(
    CONNECTORS, document="document", filters={}, order=("name", "connector_id")
)
"""Connectors by name."""


def document_of(connector: Connector) -> Document:
    """Return the document that a connector has once its events are projected."""
    return {
        "connector_id": str(connector.id),
        "client_id": str(connector.client_id),
        "name": connector.name,
        "configuration": connector.configuration,
        "health": connector.health,
        "health_detail": connector.health_detail,
        "checked_at": connector.checked_at,
        "last_sync_at": connector.last_sync_at,
        "version": connector.version,
        "created_at": connector.created_at,
        "updated_at": connector.updated_at,
        "_links": {"self": link(f"{CONNECTORS_PATH}/{connector.id}")},
    }
