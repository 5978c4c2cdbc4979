"""The registries of clients that have datasets, found in the log."""

from collections.abc import Collection, Iterator
from itertools import chain, islice
from typing import Final
from uuid import UUID

import psycopg

from registry.application import RegistryApplication
from registry.dataset_registry import DatasetRegistry
from registry.events import DatasetRegistered
from registry.owners import owners
from registry.store.log import EventLog
from registry.store.still_log import StillLog

_EVENTS: Final = 5_000
_REGISTRIES: Final = 100


class NoSuchDataset(LookupError):
    """A dataset that was never registered, or is retired."""


def registries(
    application: RegistryApplication, url: str, dataset_ids: Collection[UUID] | None = None
) -> Iterator[DatasetRegistry]:
    """Yield the registries of all clients, or of those that some datasets belong to.

    Raises:
        NoSuchDataset: one of the datasets was never registered.
    """
    clients = _clients(url) if dataset_ids is None else _owners(url, dataset_ids)
    left = iter(clients)
    while some := list(islice(left, _REGISTRIES)):
        loaded = application.load(map(DatasetRegistry, some)).values()
        yield from (each for each in loaded if isinstance(each, DatasetRegistry))


def _owners(url: str, dataset_ids: Collection[UUID]) -> Collection[UUID]:
    with StillLog.of(url) as log:
        head = log.progress().goal
        found = {each: owners(log, "dataset", each, head) for each in dataset_ids}
    if unknown := [each for each, clients in found.items() if not clients]:
        raise NoSuchDataset(f"there is no dataset {min(unknown)}: see GET /v1/dataops/datasets")
    return dict.fromkeys(chain.from_iterable(found.values()))


def _clients(url: str) -> Collection[UUID]:
    """Return every client that ever registered a dataset."""
    clients: dict[UUID, None] = {}
    with psycopg.connect(url, autocommit=True, application_name="discovery") as connection:
        log, position = EventLog(connection), 0
        until = log.head()
        while position < until:
            found = log.read(position, _EVENTS, [DatasetRegistered.TOPIC], until=until)
            clients.update((UUID(event.facts["client_id"]), None) for event in found.events)
            position = found.position
    return clients
