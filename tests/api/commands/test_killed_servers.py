"""Servers are killed, and whoever sends a request again under its key is told what became of it."""

import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from uuid import UUID

import httpx
import psycopg
import pytest

from api.caller import Scope
from api.issuer import DevelopmentIssuer
from tests.api.commands.bodies import COMMANDS, DATASETS, Body, command, connector, dataset
from tests.api.commands.log import events
from tests.api.commands.server_process import server
from tests.integration.waiting import until, waiting_for

KEY = {"Idempotency-Key": "key-1"}
BATCH = {
    "commands": [
        command("register_dataset", **dataset()),
        command("register_connector", **connector()),
    ]
}


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """The address that one server after the other serves."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.fixture
def agent(listener: socket.socket, tmp_path: Path, client_id: UUID) -> Iterator[httpx.Client]:
    host, port = listener.getsockname()
    token = DevelopmentIssuer(tmp_path).token(client_id, [Scope.DATASETS_WRITE])
    headers = {"Authorization": f"Bearer {token}"}
    transport = httpx.HTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))
    with httpx.Client(
        base_url=f"http://{host}:{port}", headers=headers, transport=transport, timeout=60
    ) as agent:
        yield agent


@pytest.mark.parametrize(
    ("path", "body", "status", "count"), [(DATASETS, dataset(), 201, 1), (COMMANDS, BATCH, 200, 2)]
)
def test_a_server_killed_between_commit_and_answer_has_its_answer_given_by_the_next(
    url: str,
    listener: socket.socket,
    tmp_path: Path,
    agent: httpx.Client,
    path: str,
    body: Body,
    status: int,
    count: int,
) -> None:
    with server(listener, url, tmp_path, dying=True) as killed:
        with pytest.raises(httpx.TransportError):
            agent.post(path, json=body, headers=KEY)
        killed.join()
        assert killed.exitcode == -signal.SIGKILL
    committed = events(url)
    assert len(committed) == count
    with server(listener, url, tmp_path):
        answers = [agent.post(path, json=body, headers=KEY) for _ in range(2)]
    for answer in answers:
        assert answer.status_code == status
        assert answer.headers["Idempotent-Replayed"] == "true"
        assert committed[0].facts["dataset_id"] in answer.text
    assert answers[0].content == answers[1].content
    assert events(url) == committed


def test_of_a_server_killed_before_the_commit_nothing_is_left(
    url: str, listener: socket.socket, tmp_path: Path, agent: httpx.Client
) -> None:
    """The rival of the same slot shows that nothing is held either."""
    send = partial(agent.post, DATASETS, json=dataset(), headers=KEY)
    with psycopg.connect(url, autocommit=True) as watcher:
        with (
            server(listener, url, tmp_path) as killed,
            ThreadPoolExecutor(1) as pool,
            psycopg.connect(url) as holder,
        ):
            holder.execute("LOCK TABLE registry_events IN EXCLUSIVE MODE")
            first = pool.submit(send)
            until(lambda: waiting_for(watcher, "relation"))
            killed.kill()
            assert isinstance(first.exception(), httpx.TransportError)
        with server(listener, url, tmp_path):
            answer = until(lambda: carried_out(send()))
        assert answer
    assert answer.status_code == 201
    assert "Idempotent-Replayed" not in answer.headers
    [event] = events(url)
    assert event.facts["dataset_id"] == answer.json()["dataset_id"]


def carried_out(answer: httpx.Response) -> httpx.Response | None:
    """Return the answer unless Postgres has yet to notice that the first server is gone."""
    return None if answer.status_code == 409 else answer
