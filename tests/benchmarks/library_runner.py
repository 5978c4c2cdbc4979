"""The datasets read model as the event-sourcing library would have it: a transaction per event."""

import time
from typing import Any
from uuid import UUID

import msgspec
import orjson
import psycopg
from eventsourcing.application import Application
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner

from projections.datasets import DATASETS
from registry.store import EventMapper, RecordedEvent, recorder_environment

_TABLE = """
CREATE TABLE IF NOT EXISTS runner_datasets (dataset_id uuid PRIMARY KEY, document json);
CREATE TABLE IF NOT EXISTS registry_tracking (
    application_name text PRIMARY KEY, notification_id bigint
);
TRUNCATE runner_datasets, registry_tracking;
"""


class RunnerApplication(Application[UUID]):
    name = "registry"

    def construct_mapper(self) -> EventMapper:
        return EventMapper()


class DatasetView(PostgresTrackingRecorder):
    """Reads, folds and writes one document in the transaction that moves the position."""

    def fold(self, event: RecordedEvent, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            key = event.facts["dataset_id"]
            cursor.execute("SELECT document FROM runner_datasets WHERE dataset_id = %s", [key])
            row = cursor.fetchone()
            document = DATASETS.handlers[event.topic](row["document"] if row else {}, event)
            cursor.execute(
                "INSERT INTO runner_datasets VALUES (%s, %s)"
                " ON CONFLICT (dataset_id) DO UPDATE SET document = EXCLUDED.document",
                [key, orjson.dumps(document).decode()],
            )


class DatasetProjection(Projection[DatasetView]):
    topics = tuple(DATASETS.handlers)

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        facts = msgspec.to_builtins(domain_event)
        event = RecordedEvent(
            tracking.notification_id,
            domain_event.originator_id,
            domain_event.originator_version,
            domain_event.TOPIC,
            domain_event.timestamp,
            facts,
        )
        self.view.fold(event, tracking)


def events_per_second(url: str, events: int) -> float:
    """Return the speed of the library's runner over the first events of the log."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_TABLE)
        last = connection.execute(
            "SELECT max(notification_id) FROM (SELECT notification_id FROM registry_events"
            " WHERE topic = ANY(%s) ORDER BY notification_id LIMIT %s) AS first",
            [list(DATASETS.handlers), events],
        ).fetchone()
    assert last
    environment = recorder_environment(url)
    environment["PERSISTENCE_MODULE"] = environment["REGISTRY_PERSISTENCE_MODULE"]
    started = time.perf_counter()
    with ProjectionRunner(
        application_class=RunnerApplication,
        projection_class=DatasetProjection,
        view_class=DatasetView,
        env=environment,
    ) as runner:
        runner.wait(last[0], timeout=120)
    return events / (time.perf_counter() - started)
