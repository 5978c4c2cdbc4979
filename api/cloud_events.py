"""Events of the registry as CloudEvents 1.0 have them."""

from typing import Any

from api.caller import Caller
from api.story import provenance_for
from projections.links import CONNECTORS_PATH, DATASETS_PATH, SCANS_PATH, TEMPLATES_PATH
from registry.store import RecordedEvent

BATCH = "application/cloudevents-batch+json"
"""The media type of a JSON array of CloudEvents."""

SOURCE = "urn:dataset-registry:events"

_SUBJECTS = {
    "dataset_id": DATASETS_PATH,
    "connector_id": CONNECTORS_PATH,
    "template_id": TEMPLATES_PATH,
    "scan_id": SCANS_PATH,
}


def cloud_event(caller: Caller, event: RecordedEvent) -> dict[str, Any]:
    """Return the event as JSON values, with all of it that the caller may know.

    Extension attributes tell who caused it; attributes that are not known are left out.
    """
    attributes = {
        "specversion": "1.0",
        "id": str(event.position),
        "source": SOURCE,
        "type": event.topic,
        "subject": _subject(event),
        "time": event.recorded_at,
        "datacontenttype": "application/json",
        "position": event.position,
        "version": event.originator_version,
        **_extensions(caller, event),
    }
    known = {name: value for name, value in attributes.items() if value is not None}
    facts = {name: value for name, value in event.facts.items() if name != "provenance"}
    return {**known, "data": facts}


def _subject(event: RecordedEvent) -> str | None:
    """Return the path of the thing that the event is about."""
    for key, path in _SUBJECTS.items():
        if thing := event.facts.get(key):
            return f"{path}/{thing}"
    return None


def _extensions(caller: Caller, event: RecordedEvent) -> dict[str, str | None]:
    """Return the provenance under names as CloudEvents allow them: lower-case letters only."""
    provenance = provenance_for(caller, event)
    return {name.replace("_", ""): value for name, value in provenance.items()}
