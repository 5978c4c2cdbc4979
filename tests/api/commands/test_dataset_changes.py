"""Agents change datasets of their own client, and of those nothing but what they name."""

from uuid import UUID, uuid4

import httpx
import pytest

from api.caller import Scope
from tests.api.commands.agents import registered, shown
from tests.api.commands.bodies import DATASETS, Body, checks, dataset
from tests.api.commands.log import Recorded
from tests.api.service import Service


@pytest.fixture
def address(agent: httpx.Client) -> str:
    """Where a dataset is that was registered just now."""
    return registered(agent, DATASETS, dataset())


METADATA = {
    "industry": "fintech",
    "use_case": "support",
    "tags": ["gold", "eu"],
    "custom_fields": {"owner": {"team": "payments"}},
}


@pytest.mark.parametrize(
    ("patch", "changed"),
    [
        ({"name": " Tickets "}, {"name": "Tickets"}),
        ({"tags": ["silver"]}, {"tags": ["silver"]}),
        ({"metadata": {"tags": ["silver"]}}, {"tags": ["silver"]}),
        ({"tags": ["silver"], "metadata": {"tags": ["bronze"]}}, {"tags": ["silver"]}),
        ({"metadata": {"use_case": "sales"}}, {"use_case": "sales"}),
        ({"metadata": {"custom_fields": {"a": [1.5]}}}, {"custom_fields": {"a": [1.5]}}),
        ({"metadata": {"industry": None, "use_case": None}}, {"industry": None, "use_case": None}),
        ({"tags": None}, {"tags": []}),
        ({"metadata": {"tags": None, "custom_fields": None}}, {"tags": [], "custom_fields": {}}),
        ({"name": None}, {}),
        ({"metadata": {}}, {}),
        ({"name": "Issues of payments", "tags": ["gold", "eu"]}, {}),
    ],
)
def test_a_patch_changes_what_it_names_and_a_null_empties_it(
    agent: httpx.Client, client_id: UUID, recorded: Recorded, patch: Body, changed: Body
) -> None:
    address = registered(agent, DATASETS, dataset(metadata=METADATA))
    before = shown(agent, address)
    answer = agent.patch(address, json=patch)
    assert answer.status_code == 200
    name = changed.get("name", before["name"])
    metadata = {**METADATA, **{part: changed[part] for part in changed if part != "name"}}
    after = answer.json()
    assert (after["name"], after["metadata"]) == (name, metadata)
    assert len(recorded(client_id=client_id)) == (2 if changed else 1)
    for part in before.keys() - {"name", "metadata", "version", "updated_at"}:
        assert after[part] == before[part]


def test_what_changes_nothing_records_nothing_and_is_answered_all_the_same(
    agent: httpx.Client, address: str, client_id: UUID, recorded: Recorded
) -> None:
    answer = agent.post(f"{address}/status", json={"status": "validating"})
    before = shown(agent, address, answer.json()["position"])
    answers = [
        agent.patch(address, json={"name": before["name"]}),
        agent.post(f"{address}/status", json={"status": "validating", "reason": "again"}),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["ETag"] == f'"{before["version"]}"'
        assert shown(agent, address, answer.json().pop("position")) == before
    assert len(recorded(client_id=client_id)) == 2


CHANGES = [
    ("PATCH", "", {"name": "Mine"}),
    ("POST", "/status", {"status": "failed"}),
    ("POST", "/quality-checks", checks(100)),
    ("DELETE", "", None),
]


@pytest.mark.parametrize(("method", "below", "body"), CHANGES)
def test_another_clients_dataset_is_not_found_and_stays_as_it_is(
    agent: httpx.Client,
    stranger: httpx.Client,
    address: str,
    client_id: UUID,
    recorded: Recorded,
    method: str,
    below: str,
    body: Body | None,
) -> None:
    answer = stranger.request(method, address + below, json=body)
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:dataset-registry:problem:not-found"
    assert "payments" not in answer.text
    assert len(recorded(client_id=client_id)) == 1


@pytest.mark.parametrize(("method", "below", "body"), CHANGES)
def test_an_administrator_changes_any_clients_dataset(
    service: Service,
    agent: httpx.Client,
    address: str,
    client_id: UUID,
    recorded: Recorded,
    method: str,
    below: str,
    body: Body | None,
) -> None:
    own = uuid4()
    answer = service.client(own, Scope.ADMIN).request(method, address + below, json=body)
    assert answer.status_code == 200
    assert answer.json()["client_id"] == str(client_id)
    (_, change) = recorded(client_id=client_id)
    assert change.facts["provenance"]["client_id"] == str(own)
    assert shown(agent, address, answer.json()["position"])["version"] == 2


@pytest.mark.parametrize(("method", "below", "body"), CHANGES)
def test_a_retired_dataset_cannot_be_changed(
    agent: httpx.Client, address: str, method: str, below: str, body: Body | None
) -> None:
    agent.delete(address)
    answer = agent.request(method, address + below, json=body)
    assert answer.status_code == 404
    assert "nothing leaves retired" in answer.json()["detail"]
