"""A stream brings what is in the log and then what comes, survives what breaks, and ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import psycopg
import pytest

from api import event_feed, event_stream, event_tail
from api.caller import Scope
from api.issuer import DevelopmentIssuer
from registry.application import RegistryApplication
from registry.commands import RegisterConnector
from registry.connector import ConnectorConfiguration
from tests.api.event_source import EVENTS, EventSource, Unavailable, event_source
from tests.api.service import CLIENT, OTHER_CLIENT, Service
from tests.integration.waiting import until


def register_datasets(service: Service, first: int, count: int) -> None:
    for number in range(first, first + count):
        service.register_dataset(f"type_{number}")


def ids(source: EventSource, count: int) -> list[int]:
    return [event["position"] for event in source.take(count)]


def until_followed(service: Service, followers: int = 1) -> None:
    """Wait until the tail has so many followers, and is in step with the log for them."""
    tail = service.app.state.tail
    until(lambda: tail.followers == followers and (not followers or tail.since(2**62) is not None))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Heartbeats come at once where there is nothing else to send."""
    monkeypatch.setattr(event_stream, "HEARTBEAT_SECONDS", 0.01)


def test_a_stream_brings_what_is_recorded_and_then_what_comes(
    service: Service, reader: httpx.Client
) -> None:
    register_datasets(service, 0, 3)
    with event_source(service) as source:
        assert source.response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        streamed = source.take(3)
        until_followed(service)
        register_datasets(service, 3, 3)
        streamed += source.take(3)
    assert streamed == reader.get(EVENTS).json()


def test_a_stream_starts_after_the_position_asked_for(service: Service) -> None:
    register_datasets(service, 0, 5)
    with event_source(service, after=3) as source:
        assert ids(source, 2) == [4, 5]
    with event_source(service, last_event_id=4, after=1) as source:
        assert ids(source, 1) == [5]
    with event_source(service, after=2**62) as source:
        until_followed(service)
        register_datasets(service, 5, 1)
        assert ids(source, 1) == [6]


def test_a_stream_that_is_cut_again_and_again_loses_nothing_and_repeats_nothing(
    service: Service,
) -> None:
    writer = threading.Thread(target=register_datasets, args=[service, 0, 100])
    writer.start()
    found: list[int] = []
    while len(found) < 100:
        with (
            suppress(Unavailable),
            event_source(service, last_event_id=found[-1] if found else None) as source,
        ):
            found += ids(source, min(13, 100 - len(found)))
    writer.join()
    assert found == list(range(1, 101))


def test_a_stream_goes_on_when_its_database_connection_was_cut(service: Service) -> None:
    there = "FROM pg_stat_activity WHERE application_name = 'event tail'"
    with event_source(service) as source, psycopg.connect(service.url, autocommit=True) as other:
        register_datasets(service, 0, 1)
        assert ids(source, 1) == [1]
        until_followed(service)
        for number in range(1, 4):
            assert other.execute(f"SELECT pg_terminate_backend(pid) {there}").rowcount == 1
            register_datasets(service, number, 1)
            assert ids(source, 1) == [number + 1]
            until(lambda: other.execute(f"SELECT 1 {there}").rowcount == 1)


def test_events_come_without_a_notification_too(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_tail, "CHANNEL", "nothing_is_ever_said_here")
    with event_source(service) as source:
        until_followed(service)
        register_datasets(service, 0, 2)
        assert ids(source, 2) == [1, 2]


def test_whoever_is_too_slow_for_what_is_held_reads_the_log_instead(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_tail, "EVENTS_AT_ONCE", 1)
    monkeypatch.setattr(event_tail, "PAGES_HELD", 2)
    tail = service.app.state.tail = event_tail.EventTail(service.url)
    with event_source(service) as source:
        until_followed(service)
        register_datasets(service, 0, 20)
        assert ids(source, 20) == list(range(1, 21))
        until(lambda: tail.position == 20)
        assert tail.since(0) is None
        assert [event.position for event in tail.since(18) or ()] == [19, 20]
        register_datasets(service, 20, 1)
        assert ids(source, 1) == [21]


def test_a_stream_shows_each_caller_what_the_batches_show(service: Service) -> None:
    with (
        event_source(service) as own,
        event_source(service, OTHER_CLIENT) as theirs,
        event_source(service, scope=Scope.ADMIN) as all_there_is,
        event_source(service, types="DatasetTemplateRegistered,ConnectorRegistered") as some,
    ):
        until_followed(service, 4)
        service.register_dataset(client_id=CLIENT)  # 1
        service.register_dataset(client_id=OTHER_CLIENT)  # 2
        service.register_template("fintech/payments/jira_issues")  # 3
        service.register_dataset("slack_messages", client_id=OTHER_CLIENT)  # 4
        configuration = ConnectorConfiguration(connector_type="jira")
        command = RegisterConnector(name="Jira", configuration=configuration)
        service.submit(command, uuid4(), CLIENT)  # 5
        assert ids(own, 3) == [1, 3, 5]
        assert ids(theirs, 3) == [2, 3, 4]
        assert ids(all_there_is, 5) == [1, 2, 3, 4, 5]
        assert ids(some, 2) == [3, 5]


def test_who_of_another_client_changed_a_template_is_not_streamed(service: Service) -> None:
    author = service.client(OTHER_CLIENT, Scope.TEMPLATES_WRITE)
    body = {
        "industry": "fintech",
        "use_case": "payments",
        "dataset_type": "jira_issues",
        "name": "Jira issues",
        "schema": {"type": "object"},
    }
    assert author.post("/v1/dataops/templates", json=body).status_code == 201
    with event_source(service) as own, event_source(service, OTHER_CLIENT) as theirs:
        [shown_to_all], [shown_to_author] = own.take(1), theirs.take(1)
    assert str(OTHER_CLIENT) not in str(shown_to_all)
    assert shown_to_author["clientid"] == str(OTHER_CLIENT)
    assert shown_to_author.keys() - shown_to_all.keys() == {
        "actor",
        "clientid",
        "commandid",
        "correlationid",
        "causationid",
    }


def test_a_stream_is_kept_alive_by_comments_and_tells_positions_passed_over(
    service: Service, impatient: None
) -> None:
    register_datasets(service, 0, 3)
    with event_source(service, types="QualityScored") as source:
        first, passed, nothing, *_ = (next(source.blocks()) for _ in range(3))
    assert (first.retry, first.data) == ("1000", "")
    assert (passed.comment, passed.id, passed.data) == ("nothing new", "3", "")
    assert (nothing.comment, nothing.id, nothing.data) == ("nothing new", "", "")


def test_there_are_only_so_many_streams_and_room_again_once_one_is_gone(
    service: Service, reader: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_feed, "MAX_FOLLOWERS", 2)
    with event_source(service):
        with event_source(service):
            until_followed(service, 2)
            refused = reader.get(EVENTS, headers={"Accept": "text/event-stream"})
            assert refused.status_code == 429
            assert refused.headers["Retry-After"] == "10"
            assert reader.get(EVENTS).status_code == 200
        until_followed(service, 1)
        with event_source(service):
            until_followed(service, 2)
    until_followed(service, 0)


def test_nothing_is_read_when_nobody_follows(service: Service) -> None:
    with event_source(service):
        until_followed(service, 1)
    until_followed(service, 0)
    with psycopg.connect(service.url, autocommit=True) as connection:
        query = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'event tail'"
        until(lambda: connection.execute(query).fetchone() is None)
    with event_source(service, after=0) as source:
        register_datasets(service, 0, 1)
        assert ids(source, 1) == [1]


def test_a_client_that_takes_nothing_is_dropped_and_holds_up_nobody(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "SEND_SECONDS", 0.2)
    for number in range(12):
        sample = [{"text": "x" * 10_000}] * 100
        service.register_template(f"fintech/payments/type_{number}", sample_data=sample)
    address = urlsplit(service.base_url)
    request = (
        f"GET {EVENTS} HTTP/1.1\r\nHost: {address.netloc}\r\nAccept: text/event-stream\r\n"
        f"Authorization: Bearer {service.token(CLIENT, Scope.DATASETS_READ)}\r\n\r\n"
    )
    with socket.socket() as idle:
        idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        idle.connect((address.hostname, address.port))
        idle.sendall(request.encode())
        until(lambda: service.app.state.tail.followers == 1)
        with event_source(service, after=11) as source:
            assert ids(source, 1) == [12]
            until_followed(service, 1)
            register_datasets(service, 0, 1)
            assert ids(source, 1) == [13]


def test_a_stream_ends_when_its_time_is_over(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "MAX_STREAM_SECONDS", 0.0)
    with event_source(service) as source:
        assert [block.retry for block in source.blocks()] == ["1000"]


def test_a_last_event_id_that_makes_no_sense_is_named(
    service: Service, reader: httpx.Client
) -> None:
    answer = reader.get(EVENTS, headers={"Accept": "text/event-stream", "Last-Event-ID": "last"})
    assert answer.status_code == 422
    assert [error["parameter"] for error in answer.json()["errors"]] == ["Last-Event-ID"]


def test_a_server_that_is_told_to_stop_ends_its_streams_and_stops(
    url: str, application: RegistryApplication, tmp_path: Path
) -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "api", "serve"],
        env={
            **os.environ,
            "DATABASE_URL": url,
            "PORT": "0",
            "RUN_PROJECTOR": "false",
            "REGISTRY_DATA_DIR": str(tmp_path),
            "PYTHONUTF8": "1",
        },
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    with server:
        assert server.stdout
        found = (re.search(r"(http://\S+)/docs", line) for line in server.stdout)
        base_url = next(match[1] for match in found if match)
        service = Service(
            app=None,  # type: ignore[arg-type]
            url=url,
            base_url=base_url,
            issuer=DevelopmentIssuer(tmp_path),
            registry=application,
        )
        with event_source(service) as source:
            register_datasets(service, 0, 1)
            assert ids(source, 1) == [1]
            server.send_signal(signal.SIGTERM)
            assert list(source.events()) == []  # it ends as a whole answer does
        assert server.wait(60) == 128 + signal.SIGTERM
