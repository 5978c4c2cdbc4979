"""Snapshots: an aggregate's state at a version, so that a long stream need not be replayed whole.

A snapshot is only a shortcut. When the shape of a state changes, change the number in its topic:
snapshots under the old topic are then left alone and the stream is replayed once.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from registry.aggregate import Aggregate
from registry.connector import Connector
from registry.dataset import Dataset
from registry.dataset_registry import DatasetRegistry
from registry.dataset_template import DatasetTemplate
from registry.events import Event, SourceListed
from registry.recommendation import Recommendation, RecommendationModel
from registry.scan import Scan
from registry.scanned_source import ScannedSource
from registry.template import Template

SNAPSHOT_INTERVAL = 100
"""A snapshot is taken about every so many events of an aggregate."""


@dataclass(frozen=True, kw_only=True)
class DatasetRegistrySnapshot(Event, topic="DatasetRegistrySnapshot/1"):
    """What one client's registry remembers."""

    datasets: dict[UUID, Dataset]
    connectors: dict[UUID, Connector]


@dataclass(frozen=True, kw_only=True)
class DatasetTemplateSnapshot(Event, topic="DatasetTemplateSnapshot/2"):
    """What a template remembers."""

    template: Template


@dataclass(frozen=True, kw_only=True)
class ScannedSourceSnapshot(Event, topic="ScannedSourceSnapshot/1"):
    """What a source remembers of its scans."""

    listed: SourceListed | None
    waiting: Scan | None
    current: Scan | None
    last: Scan | None
    mark: str


SNAPSHOT_TOPICS = (
    DatasetRegistrySnapshot.TOPIC,
    DatasetTemplateSnapshot.TOPIC,
    ScannedSourceSnapshot.TOPIC,
)


def snapshot_is_due(aggregate: Aggregate) -> bool:
    """Whether what the aggregate has recorded and not yet saved crosses an interval.

    What is said of one recommendation, and the model, are short streams for ever.
    """
    if isinstance(aggregate, (Recommendation, RecommendationModel)):
        return False
    before = aggregate.version - len(aggregate.pending_events)
    return aggregate.version // SNAPSHOT_INTERVAL > before // SNAPSHOT_INTERVAL


def snapshot_of(aggregate: Aggregate) -> Event:
    """Return the snapshot of an aggregate as it is.

    Raises:
        TypeError: there is no snapshot for that kind of aggregate.
    """
    snapshot: Event
    match aggregate:
        case DatasetRegistry():
            snapshot = DatasetRegistrySnapshot(
                datasets=aggregate.datasets, connectors=aggregate.connectors
            )
        case DatasetTemplate(template=Template() as template):
            snapshot = DatasetTemplateSnapshot(template=template)
        case ScannedSource():
            snapshot = ScannedSourceSnapshot(
                listed=aggregate.listed,
                waiting=aggregate.waiting,
                current=aggregate.current,
                last=aggregate.last,
                mark=aggregate.mark,
            )
        case _:
            raise TypeError(f"no snapshot is defined for {type(aggregate).__name__}")
    return replace(
        snapshot,
        originator_id=aggregate.id,
        originator_version=aggregate.version,
        timestamp=aggregate.last_updated or snapshot.timestamp,
    )


def restore(aggregate: Aggregate, snapshot: Event) -> None:
    """Bring a blank aggregate to the state of its snapshot.

    Raises:
        TypeError: the snapshot is of another kind of aggregate.
    """
    match aggregate, snapshot:
        case DatasetRegistry(), DatasetRegistrySnapshot():
            aggregate.adopt(snapshot.datasets, snapshot.connectors)
        case DatasetTemplate(), DatasetTemplateSnapshot():
            aggregate.adopt(snapshot.template)
        case ScannedSource(), ScannedSourceSnapshot():
            aggregate.listed, aggregate.mark = snapshot.listed, snapshot.mark
            aggregate.waiting, aggregate.current = snapshot.waiting, snapshot.current
            aggregate.last = snapshot.last
        case _:
            raise TypeError(f"{snapshot.TOPIC} is no snapshot of a {type(aggregate).__name__}")
    aggregate.version = snapshot.originator_version
    aggregate.last_updated = snapshot.timestamp
