"""What the answers of Glean tell of the health of a connector."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, NamedTuple

from discovery.sources.glean.answers import CredentialStatus, DatasourceStatus
from registry.connector import Health


class Look(NamedTuple):
    """What a look at a connector found, and when its documents were last brought up to date."""

    health: Health
    detail: str
    last_sync_at: datetime | None = None


_OF_CREDENTIALS: Final = {
    "VALID": Health.HEALTHY,
    "VALID_WITH_WARNINGS": Health.DEGRADED,
    "VALIDATING": Health.UNKNOWN,
    "INVALID": Health.UNHEALTHY,
    "MISSING": Health.UNHEALTHY,
}
_WORST_FIRST: Final = (Health.UNHEALTHY, Health.DEGRADED, Health.UNKNOWN, Health.HEALTHY)
_VISIBLE: Final = {
    "ENABLED_FOR_ALL": "visible to all",
    "ENABLED_FOR_TEST_GROUP": "visible to its test group",
    "NOT_ENABLED": "visible to nobody",
}


def look_at_uploads(status: DatasourceStatus) -> Look:
    """Return the health of a custom datasource.

    It is healthy if documents were uploaded and somebody may search them. The last time at which
    an upload or its processing ended is that of the last sync.
    """
    documents = status.documents
    last_sync_at = max(_ends(status), default=None)
    uploaded = sum(each.count for each in documents.counts.uploaded)
    indexed = sum(each.count for each in documents.counts.indexed)
    is_used = status.datasource_visibility != "NOT_ENABLED" and (uploaded or indexed)
    told = [
        f"{indexed} of {uploaded} documents indexed",
        _VISIBLE.get(status.datasource_visibility, status.datasource_visibility),
    ]
    health = Health.HEALTHY if is_used else Health.DEGRADED
    return Look(health, "; ".join(filter(None, told)), last_sync_at)


def look_at_credentials(found: Iterable[tuple[str, CredentialStatus]]) -> Look:
    """Return the health of a native connector: that of the worst of its instances."""
    found = list(found)
    states = {_OF_CREDENTIALS.get(status.status, Health.UNKNOWN) for _, status in found}
    health = next((each for each in _WORST_FIRST if each in states), Health.UNKNOWN)
    told = [
        f"credentials of {instance}: {status.status}"
        + (f" ({status.message})" if status.message else "")
        for instance, status in found
    ]
    return Look(health, "; ".join(told))


def _ends(status: DatasourceStatus) -> Iterator[datetime]:
    """Yield when uploads and processing ended; what still goes on has no such time."""
    documents = status.documents
    for span in (*documents.bulk_upload_history, *documents.processing_history):
        try:
            end = datetime.fromisoformat(span.end_time)
        except ValueError:
            continue
        if end.tzinfo:
            yield end
