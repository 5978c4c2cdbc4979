"""Each read model has one leader at a time, and another one when that is gone."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection

from projections.catalogue import READ_MODELS
from projections.datasets import DATASETS
from projections.projector import Projector, take_lead
from registry.application import RegistryApplication

from .read_tables import live_tables, positions, replayed_tables
from .submissions import new_dataset, new_datasets
from .waiting import until

CLIENT = UUID(int=1)


def test_a_projector_leaves_a_read_model_to_the_leader_it_has(
    application: RegistryApplication, url: str, connection: Connection[Any]
) -> None:
    Projector(url).catch_up()
    before = positions(connection)
    head = application.submit(new_dataset(CLIENT)).position
    with psycopg.connect(url, autocommit=True) as leader:
        assert take_lead(leader, DATASETS)
        Projector(url).catch_up()
        assert positions(connection) == {
            **dict.fromkeys(READ_MODELS, head),
            "datasets": before["datasets"],
        }
    Projector(url).catch_up()
    assert positions(connection) == dict.fromkeys(READ_MODELS, head)


def test_the_lead_ends_with_the_connection_that_holds_it(
    url: str, connection: Connection[Any]
) -> None:
    leader = psycopg.connect(url, autocommit=True)
    assert take_lead(leader, DATASETS)
    assert not take_lead(connection, DATASETS)
    connection.execute("SELECT pg_terminate_backend(%s, 60000)", [leader.info.backend_pid])
    assert take_lead(connection, DATASETS)
    leader.close()


def test_a_waiting_projector_takes_over_from_a_leader_that_is_gone(
    application: RegistryApplication, url: str, connection: Connection[Any]
) -> None:
    stop = threading.Event()
    with psycopg.connect(url, autocommit=True) as leader, ThreadPoolExecutor(1) as threads:
        for model in READ_MODELS.values():
            assert take_lead(leader, model)
        waiting = threads.submit(Projector(url).run, stop)
        try:
            head = application.submit(new_dataset(CLIENT)).position
            until(lambda: _projectors(connection))
            assert positions(connection) == {}
            connection.execute("SELECT pg_terminate_backend(%s, 60000)", [leader.info.backend_pid])
            until(lambda: positions(connection) == dict.fromkeys(READ_MODELS, head))
        finally:
            stop.set()
        waiting.result()


def test_of_two_running_projectors_one_leads_each_read_model_and_the_other_stands_by(
    application: RegistryApplication, url: str, connection: Connection[Any]
) -> None:
    stop = threading.Event()
    with ThreadPoolExecutor(2) as threads:
        running = [threads.submit(Projector(url).run, stop) for _ in range(2)]
        try:
            until(lambda: len(_projectors(connection)) == 2)
            for datasets in new_datasets(CLIENT, 30):
                application.submit(datasets)
            until(lambda: len(_leaders(connection)) == len(READ_MODELS))
            lost = set(_leaders(connection))
            for pid in lost:
                connection.execute("SELECT pg_terminate_backend(%s, 60000)", [pid])
            head = application.submit(new_dataset(CLIENT)).position
            until(lambda: positions(connection) == dict.fromkeys(READ_MODELS, head))
            assert len(_leaders(connection)) == len(READ_MODELS)
            assert not lost & set(_leaders(connection))
        finally:
            stop.set()
        for projector in running:
            projector.result()
    assert live_tables(connection) == replayed_tables(connection)


def _projectors(connection: Connection[Any]) -> list[int]:
    """Return the backends that projectors are connected to."""
    rows = connection.execute(
        "SELECT pid FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = 'projector'"
    ).fetchall()
    return [pid for (pid,) in rows]


def _leaders(connection: Connection[Any]) -> list[int]:
    """Return the backend that leads, for each read model led."""
    rows = connection.execute(
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    ).fetchall()
    return [pid for (pid,) in rows]
