"""A request sent again under its Idempotency-Key is answered again and not carried out again."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from api.caller import Scope
from tests.api.commands.bodies import (
    COMMANDS,
    CONNECTORS,
    DATASETS,
    TEMPLATES,
    Body,
    checks,
    command,
    connector,
    dataset,
    template,
)
from tests.api.commands.log import Recorded
from tests.api.service import Service

KEY = {"Idempotency-Key": "key-1"}
KEPT = ("Location", "ETag", "X-Registry-Position", "Content-Type")


@pytest.fixture
def addresses(agent: httpx.Client, dataset_type: str) -> dict[str, str]:
    """Where a thing of each collection is."""
    bodies = {DATASETS: dataset(), CONNECTORS: connector(), TEMPLATES: template(dataset_type)}
    return {
        collection: agent.post(collection, json=body).headers["Location"]
        for collection, body in bodies.items()
    }


REQUESTS = [
    ("POST", DATASETS, "", dataset("slack_messages"), 201),
    ("PATCH", DATASETS, "/", {"name": "Mine"}, 200),
    ("POST", DATASETS, "/status", {"status": "validating"}, 200),
    ("POST", DATASETS, "/quality-checks", checks(50), 200),
    ("DELETE", DATASETS, "/?reason=replaced", None, 200),
    ("POST", CONNECTORS, "", connector("Slack"), 201),
    ("PATCH", CONNECTORS, "/", {"name": "Mine"}, 200),
    ("POST", CONNECTORS, "/health", {"health": "healthy"}, 200),
    ("DELETE", CONNECTORS, "/", None, 204),
    ("POST", TEMPLATES, "/retire", {}, 200),
    ("POST", COMMANDS, "", {"commands": [command("register_dataset", **dataset("drive"))]}, 200),
]


@pytest.mark.parametrize(("method", "collection", "below", "body", "status"), REQUESTS)
def test_the_same_request_gets_the_first_answer_again(
    agent: httpx.Client,
    addresses: dict[str, str],
    recorded: Recorded,
    method: str,
    collection: str,
    below: str,
    body: Body | None,
    status: int,
) -> None:
    address = addresses[collection] + below.replace("/?", "?").rstrip("/") if below else collection

    def send(**headers: str) -> httpx.Response:
        return agent.request(method, address, json=body, headers={**KEY, **headers})

    first = send()
    before = len(recorded())
    second = send(**{"X-Request-Id": "another", "traceparent": f"00-{'a' * 32}-{'b' * 16}-01"})
    assert first.status_code == second.status_code == status
    assert first.content == second.content
    for name in KEPT:
        assert first.headers.get(name) == second.headers.get(name)
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.headers["X-Request-Id"] == "another"
    assert len(recorded()) == before


def test_a_replayed_template_is_not_registered_again(
    agent: httpx.Client, dataset_type: str, recorded: Recorded
) -> None:
    first, second = (
        agent.post(TEMPLATES, json=template(dataset_type, records=[{"a": 1}]), headers=KEY)
        for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert len(recorded(template_id=first.json()["template_id"])) == 1


def test_a_key_is_good_for_one_request_only(
    agent: httpx.Client, addresses: dict[str, str], client_id: UUID, recorded: Recorded
) -> None:
    address = addresses[CONNECTORS]
    other = agent.post(CONNECTORS, json=connector("Slack")).headers["Location"]
    assert agent.patch(address, json={"name": "Mine"}, headers=KEY).status_code == 200
    before = len(recorded(client_id=client_id))
    for answer in (
        agent.patch(address, json={"name": "Other"}, headers=KEY),
        agent.patch(other, json={"name": "Mine"}, headers=KEY),
        agent.patch(address, json={"name": "Mine"}, headers={**KEY, "If-Match": '"2"'}),
        agent.patch(f"{address}?a=b", json={"name": "Mine"}, headers=KEY),
    ):
        assert answer.status_code == 422
        assert answer.json()["detail"].startswith('The Idempotency-Key "key-1" was used for')
    assert len(recorded(client_id=client_id)) == before


def test_a_key_belongs_to_one_client_and_one_route(
    agent: httpx.Client, stranger: httpx.Client, addresses: dict[str, str]
) -> None:
    for answer in (
        agent.post(DATASETS, json=dataset("slack_messages"), headers=KEY),
        stranger.post(DATASETS, json=dataset("slack_messages"), headers=KEY),
        agent.post(CONNECTORS, json=connector("Slack"), headers=KEY),
        agent.post(f"{addresses[TEMPLATES]}/retire", json={}, headers=KEY),
        agent.post(f"{addresses[TEMPLATES]}/restore", json={}, headers=KEY),
        agent.delete(addresses[DATASETS], headers=KEY),
        agent.delete(addresses[CONNECTORS], headers=KEY),
    ):
        assert answer.is_success
        assert "Idempotent-Replayed" not in answer.headers


def test_a_key_is_the_clients_whoever_acts_for_it(service: Service, client_id: UUID) -> None:
    tokens = [
        service.issuer.token(client_id, [Scope.DATASETS_WRITE], subject=subject)
        for subject in ("ada", "bob")
    ]
    first, second = (
        service.client_with(token).post(DATASETS, json=dataset(), headers=KEY) for token in tokens
    )
    assert second.headers["Idempotent-Replayed"] == "true"
    assert first.content == second.content


def test_a_command_that_was_refused_may_be_tried_again_under_its_key(
    agent: httpx.Client, addresses: dict[str, str]
) -> None:
    refused = agent.post(DATASETS, json=dataset(), headers=KEY)
    assert refused.status_code == 409
    agent.delete(addresses[DATASETS])
    carried_out = agent.post(DATASETS, json=dataset(), headers=KEY)
    assert carried_out.status_code == 201
    assert "Idempotent-Replayed" not in carried_out.headers
    invalid = agent.post(DATASETS, json=dataset(stage="moon"), headers={"Idempotency-Key": "2"})
    assert invalid.status_code == 422
    valid = agent.post(DATASETS, json=dataset("drive"), headers={"Idempotency-Key": "2"})
    assert valid.status_code == 201


def test_a_batch_is_answered_again_once_any_of_its_commands_was_carried_out(
    agent: httpx.Client, addresses: dict[str, str], client_id: UUID, recorded: Recorded
) -> None:
    refused = command("register_dataset", **dataset())

    def send(*commands: Body, **parts: Any) -> httpx.Response:
        return agent.post(COMMANDS, json={"commands": commands, **parts}, headers=KEY)

    before = len(recorded(client_id=client_id))
    assert send(refused).json()["outcomes"][0]["status"] == 409
    assert send(command("register_connector", **connector("x")), refused, atomic=True).is_error
    assert len(recorded(client_id=client_id)) == before
    first = send(command("register_connector", **connector("x")), refused)
    second = send(command("register_connector", **connector("x")), refused)
    assert [outcome["status"] for outcome in second.json()["outcomes"]] == [201, 409]
    assert first.content == second.content
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(recorded(client_id=client_id)) == before + 1
