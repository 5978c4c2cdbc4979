"""Answers about what happened."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from api.responses.answer import Answer, Links


class Change(Answer):
    """What a field held before an event and after it; null where it held nothing."""

    before: Any
    after: Any


class HistoricEvent(Answer):
    """An event of one thing: when it was, who caused it, and what it changed.

    Who of another client caused an event of a template, which all share, is not told: then
    `actor` and what follows it are null.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "position": 1207,
                    "type": "DatasetStatusChanged",
                    "version": 12,
                    "recorded_at": "2026-01-31T12:00:00.250000Z",
                    "actor": "ana@example.com",
                    "client_id": "11111111-1111-4111-8111-111111111111",
                    "command_id": "5e0c1f8e-6d5c-4e39-9c1e-7a3a7a0f2b11",
                    "correlation_id": "onboarding-42",
                    "causation_id": "0b9f1c52-1f5e-4c3c-8a94-0f5d2f6f7c10",
                    "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                    "reason": "all records are loaded",
                    "changes": {"status": {"before": "provisioning", "after": "validating"}},
                }
            ]
        }
    )

    position: int = Field(description="Its place among all events of the registry.")
    type: str
    version: int = Field(description="Its place among the events of its aggregate.")
    recorded_at: datetime
    actor: str | None
    client_id: UUID | None = Field(description="The client that the actor acted for.")
    command_id: UUID | None
    correlation_id: str | None
    causation_id: str | None
    traceparent: str | None
    reason: str | None = Field(description="Why, in the words of whoever caused it.")
    changes: dict[str, Change] | None = Field(
        description="By field; null for an event that the read model has set aside."
    )


class History(Answer):
    """Events of one thing, the newest or the oldest first; `next` leads on as long as there are."""

    events: list[HistoricEvent]
    links: Links = Field(alias="_links")


class CloudEvent(Answer):
    """An event of the registry as CloudEvents 1.0 has it, with who caused it as extensions."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "specversion": "1.0",
                    "id": "1207",
                    "source": "urn:dataset-registry:events",
                    "type": "DatasetStatusChanged",
                    "subject": "datasets/7f1c2b34-9a4e-4d0e-8c55-3d1f0f0b6a21",
                    "time": "2026-01-31T12:00:00.250000Z",
                    "datacontenttype": "application/json",
                    "position": 1207,
                    "version": 12,
                    "actor": "ana@example.com",
                    "clientid": "11111111-1111-4111-8111-111111111111",
                    "commandid": "5e0c1f8e-6d5c-4e39-9c1e-7a3a7a0f2b11",
                    "correlationid": "onboarding-42",
                    "causationid": "0b9f1c52-1f5e-4c3c-8a94-0f5d2f6f7c10",
                    "data": {
                        "timestamp": "2026-01-31T12:00:00.248000Z",
                        "client_id": "11111111-1111-4111-8111-111111111111",
                        "dataset_id": "7f1c2b34-9a4e-4d0e-8c55-3d1f0f0b6a21",
                        "before": "provisioning",
                        "after": "validating",
                        "reason": "all records are loaded",
                    },
                }
            ]
        }
    )

    specversion: Literal["1.0"]
    id: str = Field(description="The position, which with the source tells the event from all.")
    source: str
    type: str
    subject: str | None = Field(None, description="The dataset, connector or template it is about.")
    time: datetime = Field(description="When it was recorded.")
    datacontenttype: Literal["application/json"]
    position: int
    version: int = Field(description="Its place among the events of its aggregate.")
    actor: str | None = None
    clientid: UUID | None = Field(None, description="The client that the actor acted for.")
    commandid: UUID | None = None
    correlationid: str | None = None
    causationid: str | None = None
    traceparent: str | None = None
    data: dict[str, Any] = Field(description="What the event states.")
