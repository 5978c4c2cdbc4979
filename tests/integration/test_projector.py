"""The projector brings the read models to the head of the log and keeps them there."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection, sql
from psycopg.conninfo import conninfo_to_dict
from structlog.testing import capture_logs

from projections.catalogue import READ_MODELS
from projections.datasets import DATASETS
from projections.generation import Generation, PositionTaken, advance
from projections.projector import Projector
from projections.rebuild import rebuild
from registry.application import RegistryApplication
from registry.database import migrate
from registry.embedded_postgres import EmbeddedPostgres

from .postmaster import kill_postmaster
from .read_tables import live_rows, live_tables, positions, replayed_tables
from .submissions import (
    checks,
    new_connector,
    new_dataset,
    new_datasets,
    new_scan,
    new_template,
)
from .waiting import until

CLIENT = UUID(int=1)


def test_catching_up_brings_every_read_model_to_the_head_of_the_log(
    application: RegistryApplication, url: str, connection: Connection[Any]
) -> None:
    dataset = new_dataset(CLIENT)
    application.submit_all([dataset, checks(dataset), new_connector(CLIENT)])
    application.submit_all(new_scan("shop"))
    head = application.submit(new_template()).position

    Projector(url).catch_up()

    assert positions(connection) == dict.fromkeys(READ_MODELS, head)
    tables = live_tables(connection)
    counts = {name: len(rows.present) for name, rows in tables.items()}
    assert counts == {**dict.fromkeys(READ_MODELS, 1), "search": 3, "recommendation_models": 0}
    assert tables == replayed_tables(connection)


def test_an_empty_log_gives_empty_read_models(url: str, connection: Connection[Any]) -> None:
    Projector(url).catch_up()
    assert live_tables(connection) == {name: ([], []) for name in READ_MODELS}
    assert positions(connection) == dict.fromkeys(READ_MODELS, 0)


def test_events_of_other_topics_move_the_position_of_a_read_model_on(
    application: RegistryApplication, url: str, connection: Connection[Any]
) -> None:
    Projector(url).catch_up()
    head = application.submit_all([new_connector(CLIENT, f"Jira {n}") for n in range(9)])[-1]
    Projector(url).catch_up()
    assert positions(connection)["datasets"] == head.position
    assert live_rows(connection, "datasets") == ([], [])


def test_a_stale_generation_writes_nothing(
    application: RegistryApplication, url: str, connection: Connection[Any]
) -> None:
    Projector(url).catch_up()
    stale = Generation.find_live(connection, DATASETS)
    assert stale
    application.submit(new_dataset(CLIENT))
    Projector(url).catch_up()
    before = live_tables(connection), positions(connection)

    with pytest.raises(PositionTaken, match="datasets is past 0"):
        advance(connection, stale)

    assert (live_tables(connection), positions(connection)) == before


def test_rows_and_position_are_written_together_or_not_at_all(
    application: RegistryApplication, url: str, connection: Connection[Any]
) -> None:
    Projector(url).catch_up()
    application.submit_all(new_datasets(CLIENT, 3))
    connection.execute("ALTER TABLE read_models.datasets_1 ADD CHECK (dataset_type < 'type_00002')")
    before = positions(connection)["datasets"]
    live = Generation.find_live(connection, DATASETS)
    assert live
    with pytest.raises(psycopg.errors.CheckViolation):
        advance(connection, live)
    assert (live_rows(connection, "datasets"), positions(connection)["datasets"]) == (
        ([], []),
        before,
    )


def test_a_running_projector_follows_the_log(
    application: RegistryApplication, url: str, connection: Connection[Any]
) -> None:
    with running(url):
        for number in range(3):
            head = application.submit(new_dataset(CLIENT, f"type_{number}")).position
            until(lambda head=head: positions(connection) == dict.fromkeys(READ_MODELS, head))
    assert live_tables(connection) == replayed_tables(connection)


def test_a_running_projector_survives_the_loss_of_its_connection(
    application: RegistryApplication, url: str, connection: Connection[Any]
) -> None:
    with running(url):
        application.submit(new_dataset(CLIENT))
        until(lambda: "datasets" in positions(connection))
        assert _terminate_projectors(connection) == 1
        head = application.submit(new_dataset(CLIENT, "slack_messages")).position
        until(lambda: positions(connection) == dict.fromkeys(READ_MODELS, head))
    assert live_tables(connection) == replayed_tables(connection)


def test_an_event_whose_notification_is_missed_is_found_all_the_same(
    application: RegistryApplication,
    url: str,
    connection: Connection[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("projections.projector.CHANNEL", "where_nobody_calls")
    with running(url):
        until(lambda: "datasets" in positions(connection))
        head = application.submit(new_dataset(CLIENT)).position
        until(lambda: positions(connection) == dict.fromkeys(READ_MODELS, head))


def test_a_running_projector_goes_on_with_the_generation_that_was_switched_to(
    application: RegistryApplication, url: str, connection: Connection[Any]
) -> None:
    with running(url):
        head = application.submit(new_dataset(CLIENT)).position
        until(lambda: positions(connection) == dict.fromkeys(READ_MODELS, head))
        rebuild(connection, DATASETS)
        head = application.submit(new_dataset(CLIENT, "slack_messages")).position
        until(lambda: positions(connection) == dict.fromkeys(READ_MODELS, head))
    assert live_tables(connection) == replayed_tables(connection)


def test_a_running_projector_waits_for_a_database_that_is_away(url: str, postgres: str) -> None:
    name = sql.Identifier(conninfo_to_dict(url)["dbname"])
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}").format
    with psycopg.connect(postgres, autocommit=True) as server, capture_logs() as logs:
        server.execute(rename(name, sql.Identifier("away")))
        with running(url):
            until(lambda: any("does not exist" in log.get("reason", "") for log in logs))
            server.execute(rename(sql.Identifier("away"), name))
            until(lambda: any(log["event"] == "projection led" for log in logs))


def test_a_running_projector_outlives_the_death_of_the_server() -> None:
    def project_one(url: str, dataset_type: str) -> None:
        with (
            psycopg.connect(url, autocommit=True) as connection,
            RegistryApplication(url) as application,
        ):
            head = application.submit(new_dataset(CLIENT, dataset_type)).position
            until(lambda: positions(connection) == dict.fromkeys(READ_MODELS, head))

    with tempfile.TemporaryDirectory(prefix="registry-restarted-") as folder:
        data_dir = Path(folder)
        with EmbeddedPostgres(data_dir) as url:
            migrate(url)
            with running(url):
                project_one(url, "jira_issues")
                kill_postmaster(data_dir)
                with EmbeddedPostgres(data_dir):
                    project_one(url, "slack_messages")


@contextmanager
def running(url: str) -> Iterator[None]:
    """Run a projector in a thread."""
    stop = threading.Event()
    thread = threading.Thread(target=Projector(url).run, args=[stop], daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=60)
    assert not thread.is_alive()


def _terminate_projectors(connection: Connection[Any]) -> int:
    """Have Postgres close the connections of projectors; return how many there were."""
    return connection.execute(
        "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = 'projector'"
    ).rowcount
