"""Keys that are in use, that are kept for some time, and that are none."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from psycopg import Connection

from registry.store.receipts import prune
from tests.api.commands.bodies import CONNECTORS, DATASETS, connector, dataset
from tests.api.commands.log import Recorded
from tests.api.service import Service
from tests.integration.waiting import until, waiting_for

KEY = {"Idempotency-Key": "key-1"}
IN_FLIGHT = "urn:dataset-registry:problem:conflict"


@pytest.fixture
def database(service: Service) -> Iterator[Connection[Any]]:
    with psycopg.connect(service.url, autocommit=True) as connection:
        yield connection


@contextmanager
def no_saving(url: str) -> Iterator[Callable[[], None]]:
    """Hold up whoever saves events, until the function given is called."""
    with psycopg.connect(url) as holder:
        holder.execute("LOCK TABLE registry_events IN EXCLUSIVE MODE")
        yield holder.rollback


def test_a_key_cannot_be_used_while_its_request_is_under_way(
    service: Service,
    agent: httpx.Client,
    client_id: UUID,
    database: Connection[Any],
    recorded: Recorded,
) -> None:
    def send() -> httpx.Response:
        return agent.post(DATASETS, json=dataset(), headers=KEY)

    with ThreadPoolExecutor(1) as pool, no_saving(service.url) as allow_saving:
        first = pool.submit(send)
        until(lambda: waiting_for(database, "relation"))
        second = send()
        allow_saving()
    assert second.status_code == 409
    assert second.json()["type"] == IN_FLIGHT
    assert second.json()["detail"].startswith('A request with the Idempotency-Key "key-1" is under')
    assert second.headers["Retry-After"] == "1"
    assert first.result().status_code == 201
    assert send().content == first.result().content
    assert len(recorded(client_id=client_id)) == 1


def test_of_the_same_request_sent_many_times_at_once_one_is_carried_out(
    agent: httpx.Client, client_id: UUID, recorded: Recorded
) -> None:
    def send(number: int) -> httpx.Response:
        key = {"Idempotency-Key": f"key-{number // 8}"}
        return agent.post(CONNECTORS, json=connector(f"Jira {number // 8}"), headers=key)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(64)))
    for number in range(0, 64, 8):
        made = [answer for answer in answers[number : number + 8] if answer.status_code == 201]
        others = [answer for answer in answers[number : number + 8] if answer.status_code != 201]
        assert len({answer.content for answer in made}) == 1
        assert sum("Idempotent-Replayed" not in answer.headers for answer in made) == 1
        assert all(answer.json()["type"] == IN_FLIGHT for answer in others)
    assert len(recorded(client_id=client_id)) == 8


def test_receipts_are_kept_for_some_hours(
    agent: httpx.Client, database: Connection[Any], client_id: UUID, recorded: Recorded
) -> None:
    send = partial(agent.post, CONNECTORS, json=connector(), headers=KEY)
    first = send()
    assert prune(database, 24) == 0
    assert send().content == first.content

    mine = [f"{client_id} %"]
    database.execute(
        "UPDATE command_receipts SET created_at = now() - interval '25 hours' WHERE scope LIKE %s",
        mine,
    )
    assert prune(database, 26) == 0
    assert prune(database, 24) == 1
    assert send().status_code == 409  # carried out anew, and the name is taken
    assert len(recorded(client_id=client_id)) == 1


def test_a_key_that_is_none_is_refused(agent: httpx.Client) -> None:
    for key in ("", "two words", "x" * 201, "clé"):
        headers = {b"Idempotency-Key": key.encode()}
        answer = agent.post(DATASETS, json=dataset(), headers=headers)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["parameter"] == "Idempotency-Key"


def test_without_a_key_every_request_is_carried_out(agent: httpx.Client) -> None:
    address = agent.post(CONNECTORS, json=connector()).headers["Location"]
    versions = [
        agent.post(f"{address}/health", json={"health": "healthy"}).json()["version"]
        for _ in range(2)
    ]
    assert versions == [2, 3]
