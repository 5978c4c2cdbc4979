"""Whose a dataset or connector is, as the log tells."""

from uuid import UUID

from registry.events import ConnectorRegistered, DatasetRegistered
from registry.store import EventMapper
from registry.store.still_log import StillLog

_BEGINNINGS: dict[str, type[DatasetRegistered | ConnectorRegistered]] = {
    "dataset": DatasetRegistered,
    "connector": ConnectorRegistered,
}


def owners(log: StillLog, kind: str, thing_id: UUID, position: int) -> set[UUID]:
    """Return the clients that registered a dataset or connector of that id up to a position."""
    mentions = log.mentions(_BEGINNINGS[kind].TOPIC, str(thing_id), position)
    return {
        event.client_id
        for event in map(EventMapper().to_domain_event, mentions)
        if getattr(event, f"{kind}_id") == thing_id
    }
