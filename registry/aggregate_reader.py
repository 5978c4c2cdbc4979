"""Brings aggregates to their recorded state, from snapshots and the events after them."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from psycopg import Connection

from registry.aggregate import Aggregate
from registry.commands import SetCompatibilityMode
from registry.dataset_template import DatasetTemplate
from registry.snapshots import SNAPSHOT_TOPICS, restore
from registry.store import EventMapper, EventRecorder
from registry.submission import Submission


class AggregateReader:
    """Reads the streams of aggregates over whichever connection it is given."""

    def __init__(self, recorder: EventRecorder, mapper: EventMapper) -> None:
        self._recorder = recorder
        self._mapper = mapper

    def load(
        self, aggregates: Iterable[Aggregate], connection: Connection[Any]
    ) -> Mapping[UUID, Aggregate]:
        """Bring blank aggregates to their recorded state, all of them in two queries."""
        known = {aggregate.id: aggregate for aggregate in aggregates}
        if not known:
            return known
        for stored in self._recorder.select_snapshots(connection, list(known), SNAPSHOT_TOPICS):
            restore(known[_id(stored)], self._mapper.to_domain_event(stored))
        versions = {aggregate.id: aggregate.version for aggregate in known.values()}
        for stored in self._recorder.select_streams(connection, versions):
            known[_id(stored)].apply(self._mapper.to_domain_event(stored))
        return known

    def load_whole(self, template_id: UUID, connection: Connection[Any]) -> DatasetTemplate:
        """Return a template with the schemas of all its versions, which no snapshot has."""
        template = DatasetTemplate(template_id)
        for stored in self._recorder.select_streams(connection, {template_id: 0}):
            template.apply(self._mapper.to_domain_event(stored))
        return template


def is_wanted_whole(aggregate: Aggregate, submissions: Iterable[Submission]) -> bool:
    """Whether decisions may need schemas of versions before a template's snapshot."""
    if not isinstance(aggregate, DatasetTemplate) or aggregate.knows_all_schemas:
        return False
    template = aggregate.template
    return any(
        isinstance(each.command, SetCompatibilityMode)
        or (template is not None and template.compatibility_mode.is_transitive)
        for each in submissions
    )


def _id(stored: StoredEvent) -> UUID:
    assert isinstance(stored.originator_id, UUID)  # noqa: S101 - the column's type
    return stored.originator_id
