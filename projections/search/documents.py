"""What search knows of each template, dataset and connector: the handlers of its read model."""

from typing import Any

from projections.links import CONNECTORS_PATH, DATASETS_PATH, TEMPLATES_PATH, link
from projections.read_model import Document, touched
from projections.search.fields import searched_fields, stated_anew
from projections.shown_schema import shown_schema
from registry.store import RecordedEvent


def template_registered(before: Document, event: RecordedEvent) -> Document:
    """Return the template as it is defined, in use."""
    facts: dict[str, Any] = event.facts
    definition = facts["definition"]
    return _found(
        "template",
        facts["template_id"],
        event,
        path=TEMPLATES_PATH,
        name=definition["name"],
        description=definition["description"],
        **definition["identity"],
        tags=definition["tags"],
        status="active",
        fields=searched_fields(shown_schema(facts), definition["statistics"]),
    )


def template_refined(before: Document, event: RecordedEvent) -> Document:
    """Return the template with what people say of its fields by now."""
    return touched(before, event, fields=stated_anew(before["fields"], shown_schema(event.facts)))


def template_retired(before: Document, event: RecordedEvent) -> Document:
    """Return the template out of use."""
    return touched(before, event, status="retired")


def template_restored(before: Document, event: RecordedEvent) -> Document:
    """Return the template in use again."""
    return touched(before, event, status="active")


def dataset_registered(before: Document, event: RecordedEvent) -> Document:
    """Return the dataset as it starts."""
    facts = event.facts
    return _found(
        "dataset",
        facts["dataset_id"],
        event,
        path=DATASETS_PATH,
        client_id=facts["client_id"],
        name=facts["name"],
        dataset_type=facts["dataset_type"],
        stage=facts["stage"],
        status="provisioning",
        **_about(facts["metadata"]),
    )


def dataset_revised(before: Document, event: RecordedEvent) -> Document:
    """Return the dataset under its new name and metadata."""
    facts = event.facts
    return touched(before, event, name=facts["name"], **_about(facts["metadata"]))


def dataset_status_changed(before: Document, event: RecordedEvent) -> Document:
    """Return the dataset in its new status; one provisioned again has yet to be measured."""
    document = touched(before, event, status=event.facts["after"])
    return document | ({"quality_score": None} if document["status"] == "provisioning" else {})


def quality_scored(before: Document, event: RecordedEvent) -> Document:
    """Return the dataset with its latest score."""
    return touched(before, event, quality_score=event.facts["score"])


def connector_registered(before: Document, event: RecordedEvent) -> Document:
    """Return the connector as it starts; its health is its status."""
    facts = event.facts
    return _found(
        "connector",
        facts["connector_id"],
        event,
        path=CONNECTORS_PATH,
        client_id=facts["client_id"],
        name=facts["name"],
        connector_type=facts["configuration"]["connector_type"],
        status="unknown",
    )


def connector_revised(before: Document, event: RecordedEvent) -> Document:
    """Return the connector under its new name and type."""
    facts = event.facts
    connector_type = facts["configuration"]["connector_type"]
    return touched(before, event, name=facts["name"], connector_type=connector_type)


def connector_health_recorded(before: Document, event: RecordedEvent) -> Document:
    """Return the connector as the last look found it."""
    return touched(before, event, status=event.facts["health"])


def connector_removed(before: Document, event: RecordedEvent) -> None:
    """Return nothing: the connector is gone."""


def _about(metadata: Document) -> Document:
    return {part: metadata[part] for part in ("industry", "use_case", "tags")}


def _found(kind: str, key: str, event: RecordedEvent, *, path: str, **facts: Any) -> Document:
    """Return a document with every part, those that its kind of thing does not have being empty."""
    return {
        "type": kind,
        "id": key,
        "client_id": None,
        "name": "",
        "description": "",
        "industry": None,
        "use_case": None,
        "dataset_type": None,
        "connector_type": None,
        "stage": None,
        "status": None,
        "tags": [],
        "quality_score": None,
        "fields": [],
        **facts,
        "version": event.originator_version,
        "updated_at": event.facts["timestamp"],
        "_links": {"self": link(f"{path}/{key}")},
    }
