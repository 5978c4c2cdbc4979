"""The log gives every reader all events, once, in the order of their positions."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import Connection

from registry.application import RegistryApplication
from registry.store import EventLog, RecordedEvent

from .conftest import TOPICS
from .held_commits import HOLD_COMMITS, held
from .submissions import checks, new_connector, new_dataset, new_datasets, new_template
from .waiting import until, waiting_for

CLIENT = UUID(int=1)
Recorded = Callable[[], list[RecordedEvent]]


def test_events_are_read_back_in_the_order_in_which_they_were_recorded(
    application: RegistryApplication, recorded: Recorded
) -> None:
    dataset = new_dataset(CLIENT)
    application.submit(dataset)
    application.submit(checks(dataset))
    application.submit(new_connector(CLIENT))
    template = application.submit(new_template())

    events = recorded()

    assert [event.topic for event in events] == [
        "DatasetRegistered",
        "QualityScored",
        "ConnectorRegistered",
        "DatasetTemplateRegistered",
    ]
    assert [event.originator_version for event in events] == [1, 2, 3, 1]
    assert [event.position for event in events] == sorted(event.position for event in events)
    assert events[-1].position == template.position


def test_a_moment_rises_with_the_position(
    application: RegistryApplication, recorded: Recorded
) -> None:
    application.submit_all(new_datasets(CLIENT, 50))
    moments = [event.recorded_at for event in recorded()]
    assert moments == sorted(moments)


def test_a_slice_ends_at_its_limit_and_the_next_begins_there(
    application: RegistryApplication, connection: Connection[Any]
) -> None:
    application.submit_all(new_datasets(CLIENT, 7))
    log = EventLog(connection)
    positions, slices, position = [], [], 0
    while (part := log.read(position, 3, TOPICS)).position > position:
        slices.append(len(part.events))
        positions += [event.position for event in part.events]
        position = part.position
    assert slices == [3, 3, 1]
    assert positions == sorted(set(positions))
    assert position == log.head()


def test_a_slice_passes_over_events_of_other_topics(
    application: RegistryApplication, connection: Connection[Any]
) -> None:
    application.submit_all(new_datasets(CLIENT, 5))
    assert EventLog(connection).read(0, 100, ["ConnectorRegistered"]) == (
        [],
        EventLog(connection).head(),
    )


def test_an_empty_log_has_no_head(connection: Connection[Any]) -> None:
    log = EventLog(connection)
    assert (log.head(), log.read(0, 10, TOPICS)) == (0, ([], 0))


def test_a_slow_commit_is_not_overtaken_by_a_later_position(
    url: str, connection: Connection[Any]
) -> None:
    """Or else a reader would go past the slow one's position and never see its event."""
    connection.execute(HOLD_COMMITS)
    log = EventLog(connection)
    with (
        ThreadPoolExecutor(2) as threads,
        RegistryApplication(url) as application,
        RegistryApplication(url) as other,
    ):
        with held(connection):
            slow = threads.submit(application.submit, new_dataset(CLIENT))
            until(lambda: waiting_for(connection, "advisory"))
            quick = threads.submit(other.submit, new_template())
            until(lambda: quick.done() or waiting_for(connection, "relation"))
            before = log.read(0, 10, TOPICS)
        slow.result()
        quick.result()

    after = log.read(before.position, 10, TOPICS)
    assert [event.topic for event in [*before.events, *after.events]] == [
        "DatasetRegistered",
        "DatasetTemplateRegistered",
    ]


def test_a_reader_at_the_tail_sees_every_commit_of_many_writers_once(
    url: str, connection: Connection[Any]
) -> None:
    writers, rounds, events_each = 4, 25, 8
    start = threading.Barrier(writers)

    def write() -> None:
        client = uuid4()
        with RegistryApplication(url) as application:
            datasets = new_datasets(client, rounds * events_each)
            start.wait()
            for offset in range(0, len(datasets), events_each):
                application.submit_all(datasets[offset : offset + events_each])

    log, seen, position = EventLog(connection), list[int](), 0
    with ThreadPoolExecutor(writers) as threads:
        running = [threads.submit(write) for _ in range(writers)]
        finished = False
        while True:
            part = log.read(position, 50, TOPICS)
            seen += [event.position for event in part.events]
            if finished and part.position == position:
                break
            position = part.position
            finished = finished or all(writer.done() for writer in running)
        for writer in running:
            writer.result()

    assert seen == sorted(set(seen))
    rows = connection.execute("SELECT notification_id FROM registry_events ORDER BY 1").fetchall()
    assert seen == [position for (position,) in rows]
    assert len(seen) == writers * rounds * events_each


def test_a_writer_that_rolls_back_leaves_nothing_but_a_gap(
    application: RegistryApplication, url: str, recorded: Recorded
) -> None:
    before = application.submit(new_template("first"))
    with psycopg.connect(url) as writer:
        writer.execute(
            "INSERT INTO registry_events (originator_id, originator_version, topic, state)"
            " VALUES (gen_random_uuid(), 1, 'DatasetRegistered', '{}')"
        )
        writer.rollback()
    after = application.submit(new_template("second"))

    assert after.position == before.position + 2
    assert [event.position for event in recorded()] == [before.position, after.position]
