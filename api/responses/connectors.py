"""Answers about connectors."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from api.responses.answer import Answer, Links, Pagination
from registry.connector import AuthMethod, Health


class Configuration(Answer):
    """How to reach a source system; secrets are named by reference."""

    connector_type: str
    endpoint: str | None
    auth_method: AuthMethod
    config: dict[str, Any]


class Connector(Answer):
    """A connector with its last known health."""

    connector_id: UUID
    client_id: UUID
    name: str
    configuration: Configuration
    health: Health
    health_detail: str | None
    checked_at: datetime | None
    last_sync_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime
    links: Links = Field(alias="_links")


class ChangedConnector(Connector):
    """A connector as a command left it, with the position of the last event that tells so."""

    position: int


class ConnectorPage(Answer):
    """A page of connectors."""

    connectors: list[Connector]
    total_count: int
    pagination: Pagination
    links: Links = Field(alias="_links")
