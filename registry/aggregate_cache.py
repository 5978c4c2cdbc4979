"""Aggregates kept in memory between commands, so that their events need not be read again."""

from collections import OrderedDict
from threading import Lock
from uuid import UUID

from registry.aggregate import Aggregate
from registry.dataset_registry import DatasetRegistry

MAX_AGGREGATES = 1_000


class AggregateCache:
    """Lends each aggregate to one command at a time.

    Whoever takes one has it alone, and puts it back only when all it recorded was saved; a second
    command at the same time starts from a blank one. So nothing unsaved is ever seen. An aggregate
    may be out of date; the application knows what it can believe of it all the same.
    """

    def __init__(self) -> None:
        self._aggregates: OrderedDict[UUID, Aggregate] = OrderedDict()
        self._lock = Lock()

    def take(self, blank: Aggregate) -> Aggregate:
        """Return the aggregate as it was put back last, or the blank one."""
        with self._lock:
            return self._aggregates.pop(blank.id, blank)

    def put(self, aggregate: Aggregate) -> None:
        """Keep a client's registry that holds nothing unsaved; what else there is, is not kept."""
        if aggregate.pending_events or not isinstance(aggregate, DatasetRegistry):
            return
        with self._lock:
            self._aggregates[aggregate.id] = aggregate
            if len(self._aggregates) > MAX_AGGREGATES:
                self._aggregates.popitem(last=False)
