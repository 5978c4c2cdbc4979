"""The registries of clients that have datasets, found in the log."""

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Final
from uuid import UUID

import psycopg

from registry.application import RegistryApplication
from registry.dataset_registry import DatasetRegistry
from registry.events import DatasetRegistered
from registry.store.log import EventLog

_EVENTS: Final = 5_000
_REGISTRIES: Final = 100


class NoSuchDataset(LookupError):
    """A dataset that was never registered."""


def registries(
    application: RegistryApplication, url: str, dataset_ids: Collection[UUID] | None = None
) -> Iterator[DatasetRegistry]:
    """Yield the registries of all clients, or of those that some datasets belong to.

    Raises:
        NoSuchDataset: one of the datasets was never registered.
    """
    clients: dict[UUID, None] = {}
    wanted = None if dataset_ids is None else {str(each) for each in dataset_ids}
    for dataset_id, client in _registered(url):
        if wanted is None or dataset_id in wanted:
            clients.setdefault(client)
            (wanted or set()).discard(dataset_id)
    if wanted:
        raise NoSuchDataset(f"there is no dataset {min(wanted)}: see GET /v1/dataops/datasets")
    left = iter(clients)
    while some := list(islice(left, _REGISTRIES)):
        loaded = application.load(map(DatasetRegistry, some)).values()
        yield from (each for each in loaded if isinstance(each, DatasetRegistry))


def _registered(url: str) -> Iterator[tuple[str, UUID]]:
    """Yield each dataset that was ever registered, and its client."""
    with psycopg.connect(url, autocommit=True, application_name="discovery") as connection:
        log, position = EventLog(connection), 0
        until = log.head()
        while position < until:
            found = log.read(position, _EVENTS, [DatasetRegistered.TOPIC], until=until)
            for event in found.events:
                yield event.facts["dataset_id"], UUID(event.facts["client_id"])
            position = found.position
