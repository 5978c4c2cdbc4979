"""A dataset, connector or template as it was, rebuilt from its events and from nothing else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing.utils import TopicError

from registry.aggregate import Aggregate, Entity
from registry.connector import Connector
from registry.dataset import Dataset
from registry.dataset_registry import DatasetRegistry
from registry.dataset_template import DatasetTemplate
from registry.owners import owners
from registry.store import EventMapper
from registry.store.still_log import StillLog


class NotReplayable(LookupError):
    """What is asked for cannot be rebuilt from the log."""


@dataclass(frozen=True)
class Replayed:
    """A thing of a `kind` (dataset, connector, template) as it was after the event at `position`.

    `in_use` tells whether its aggregate still knew it: nothing is known of a dataset after it is
    retired, or of a connector after it is removed, so then `entity` is what it was at the last.
    """

    kind: str
    position: int
    recorded_at: datetime | None
    aggregate: Aggregate
    entity: Entity
    in_use: bool

    def facts(self) -> dict[str, Any]:
        """Return everything as plain JSON values."""
        entity = msgspec.to_builtins(self.entity)
        if isinstance(self.entity, Dataset):
            score = self.entity.quality_score
            entity["quality_score"] = float(score.value) if score else None
        registry = {}
        if isinstance(self.aggregate, DatasetRegistry):
            registry["registry"] = {
                "id": self.aggregate.id,
                "client_id": self.aggregate.client_id,
                "registry_version": self.aggregate.version,
                "last_updated": self.aggregate.last_updated,
                "total_datasets": self.aggregate.total_datasets,
            }
        return {
            "kind": self.kind,
            "position": self.position,
            "recorded_at": self.recorded_at,
            "in_use": self.in_use,
            self.kind: entity,
            **registry,
        }


def position_of(log: StillLog, at: int | datetime | None) -> int:
    """Return the position that a position or time means; the last one if neither is given.

    Raises:
        NotReplayable: it lies in the future.
    """
    last = log.progress().goal
    if at is None:
        return last
    if isinstance(at, datetime):
        if at > datetime.now(at.tzinfo):
            raise NotReplayable(f"{at.isoformat()} lies in the future")
        return log.position_at(at)
    if at > last:
        raise NotReplayable(f"Position {at} lies in the future; the last one is {last}")
    return at


def replay(
    log: StillLog, kind: str, thing_id: UUID, position: int, client_id: UUID | None = None
) -> Replayed:
    """Rebuild a thing as it was after the event at a position.

    Without `client_id` the log is searched for the client that a dataset or connector belongs to.

    Raises:
        NotReplayable: there was no such thing then, or several clients had one of that id, or the
            events cannot be applied.
    """
    if kind == "template":
        aggregate: Aggregate = DatasetTemplate(thing_id)
    else:
        aggregate = DatasetRegistry(client_id or _client_of(log, kind, thing_id, position))
    entity = _replayed_entity(log, aggregate, thing_id, position)
    if entity is None or kind != _kind_of(entity):
        raise NotReplayable(_absence(kind, thing_id, position))
    return Replayed(
        kind,
        position,
        log.recorded_at(position),
        aggregate,
        entity,
        in_use=aggregate.entity(thing_id) is not None,
    )


def _replayed_entity(
    log: StillLog, aggregate: Aggregate, thing_id: UUID, position: int
) -> Entity | None:
    """Apply an aggregate's events up to a position; return the thing as it was at the last."""
    mapper = EventMapper()
    entity = None
    for stored in log.events_of(aggregate.id, position):
        try:
            aggregate.apply(mapper.to_domain_event(stored))
        except (ValueError, LookupError, msgspec.MsgspecError, TopicError) as error:
            raise NotReplayable(
                f"Version {stored.originator_version} of {aggregate.id} cannot be applied:"
                f" {error!r}. Was the log altered? See: python -m registry audit verify"
            ) from error
        entity = aggregate.entity(thing_id) or entity
    return entity


def _client_of(log: StillLog, kind: str, thing_id: UUID, position: int) -> UUID:
    """Return the one client in whose registry the thing was registered by then."""
    clients = owners(log, kind, thing_id, position)
    if not clients:
        raise NotReplayable(_absence(kind, thing_id, position))
    if len(clients) > 1:
        names = ", ".join(sorted(map(str, clients)))
        raise NotReplayable(
            f"Several clients have a {kind} {thing_id}; name one with --client: {names}"
        )
    return clients.pop()


def _kind_of(entity: Entity) -> str:
    match entity:
        case Dataset():
            return "dataset"
        case Connector():
            return "connector"
    return "template"


def _absence(kind: str, thing_id: UUID, position: int) -> str:
    return f"Up to position {position} the log knows of no {kind} {thing_id}"
