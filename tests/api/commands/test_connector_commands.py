"""Agents keep the connectors of their clients."""

from uuid import UUID, uuid4

import httpx
import pytest

from api.caller import Scope
from tests.api.commands.agents import registered
from tests.api.commands.bodies import CONNECTORS, Body, connector
from tests.api.commands.log import Recorded
from tests.api.service import Service

CONFIGURATION: Body = {
    "connector_type": "jira",
    "endpoint": "https://jira.example",
    "auth_method": "api_key",
    "config": {"project": "PAY", "api_key": "env:JIRA_KEY"},
}


@pytest.fixture
def address(agent: httpx.Client) -> str:
    """Where a connector is that was registered just now."""
    return registered(agent, CONNECTORS, connector("Jira", **CONFIGURATION))


def test_a_connector_is_registered_revised_looked_at_and_removed(
    agent: httpx.Client, client_id: UUID, recorded: Recorded
) -> None:
    answer = agent.post(CONNECTORS, json=connector("Jira", **CONFIGURATION))
    assert answer.status_code == 201
    made = answer.json()
    address = f"{CONNECTORS}/{made['connector_id']}"
    assert (answer.headers["Location"], answer.headers["ETag"]) == (address, '"1"')
    assert (made["client_id"], made["configuration"]) == (str(client_id), CONFIGURATION)
    assert (made["health"], made["health_detail"], made["checked_at"]) == ("unknown", None, None)

    answer = agent.patch(address, json={"name": "Jira Cloud"})
    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["configuration"]) == ("Jira Cloud", CONFIGURATION)

    answer = agent.post(f"{address}/health", json={"health": "degraded", "detail": "slow"})
    assert answer.status_code == 200
    assert (answer.json()["health"], answer.json()["health_detail"]) == ("degraded", "slow")
    assert answer.json()["checked_at"] == answer.json()["updated_at"]

    look = {"health": "healthy", "last_sync_at": "2026-02-08T13:05:00+01:00"}
    answer = agent.post(f"{address}/health", json=look)
    assert answer.json()["last_sync_at"] == "2026-02-08T12:05:00Z"

    answer = agent.delete(address, params={"reason": "moved"})
    assert (answer.status_code, answer.content) == (204, b"")
    position = answer.headers["X-Registry-Position"]
    assert agent.get(address, params={"min_position": position}).status_code == 404
    assert [event.topic for event in recorded(client_id=client_id)] == [
        "ConnectorRegistered",
        "ConnectorRevised",
        "ConnectorHealthRecorded",
        "ConnectorHealthRecorded",
        "ConnectorRemoved",
    ]


@pytest.mark.parametrize("name", ["jira", "JIRA", " Jira ", "ｊｉｒａ"])
def test_a_name_is_taken_without_regard_to_case_or_width(
    agent: httpx.Client, address: str, client_id: UUID, recorded: Recorded, name: str
) -> None:
    other = registered(agent, CONNECTORS, connector("Slack"))
    for answer in (
        agent.post(CONNECTORS, json=connector(name)),
        agent.patch(other, json={"name": name}),
    ):
        assert answer.status_code == 409
        assert answer.json()["type"] == "urn:dataset-registry:problem:rule-broken"
        assert address.rpartition("/")[2] in answer.json()["detail"]
    assert len(recorded(client_id=client_id)) == 2


def test_a_connector_may_be_renamed_to_another_case_of_its_name(
    agent: httpx.Client, address: str
) -> None:
    assert agent.patch(address, json={"name": "JIRA"}).json()["name"] == "JIRA"


def test_a_name_is_free_again_after_a_renaming_or_a_removal(
    agent: httpx.Client, address: str
) -> None:
    agent.patch(address, json={"name": "Jira Cloud"})
    second = registered(agent, CONNECTORS, connector("Jira"))
    agent.delete(second)
    registered(agent, CONNECTORS, connector("jira"))


def test_clients_name_their_connectors_regardless_of_each_other(
    agent: httpx.Client, stranger: httpx.Client
) -> None:
    assert registered(agent, CONNECTORS, connector("Jira")) != registered(
        stranger, CONNECTORS, connector("Jira")
    )


@pytest.mark.parametrize(
    ("patch", "changed"),
    [
        ({"name": "Slack"}, {"name": "Slack"}),
        (
            {"configuration": {"connector_type": "slack"}},
            {
                "configuration": {
                    "connector_type": "slack",
                    "endpoint": None,
                    "auth_method": "none",
                    "config": {},
                }
            },
        ),
        ({"name": None, "configuration": CONFIGURATION}, {}),
        ({"name": "Jira"}, {}),
    ],
)
def test_a_patch_changes_what_it_names(
    agent: httpx.Client,
    address: str,
    client_id: UUID,
    recorded: Recorded,
    patch: Body,
    changed: Body,
) -> None:
    answer = agent.patch(address, json=patch)
    assert answer.status_code == 200
    expected = {"name": "Jira", "configuration": CONFIGURATION, **changed}
    assert {part: answer.json()[part] for part in expected} == expected
    assert len(recorded(client_id=client_id)) == (2 if changed else 1)


def test_every_look_at_a_connector_is_recorded(
    agent: httpx.Client, address: str, client_id: UUID, recorded: Recorded
) -> None:
    versions = [
        agent.post(f"{address}/health", json={"health": "healthy"}).json()["version"]
        for _ in range(2)
    ]
    assert versions == [2, 3]
    assert len(recorded(client_id=client_id)) == 3


def test_a_list_shows_the_clients_connectors_by_name(
    agent: httpx.Client, stranger: httpx.Client
) -> None:
    registered(stranger, CONNECTORS, connector("Zendesk"))
    for name in ("Slack", "Jira", "confluence"):
        answer = agent.post(CONNECTORS, json=connector(name))
    position = answer.json()["position"]
    listing = agent.get(CONNECTORS, params={"min_position": position})
    names = [each["name"] for each in listing.json()["connectors"]]
    assert sorted(names) == ["Jira", "Slack", "confluence"]
    assert int(listing.headers["X-Registry-Position"]) >= position


CHANGES = [
    ("PATCH", "", {"name": "Mine"}),
    ("POST", "/health", {"health": "unhealthy"}),
    ("DELETE", "", None),
]


@pytest.mark.parametrize(("method", "below", "body"), CHANGES)
def test_a_removed_connector_is_not_found_nor_is_another_clients(
    agent: httpx.Client,
    stranger: httpx.Client,
    address: str,
    client_id: UUID,
    recorded: Recorded,
    method: str,
    below: str,
    body: Body | None,
) -> None:
    assert stranger.request(method, address + below, json=body).status_code == 404
    assert len(recorded(client_id=client_id)) == 1
    agent.delete(address)
    assert agent.request(method, address + below, json=body).status_code == 404
    assert len(recorded(client_id=client_id)) == 2


@pytest.mark.parametrize(("method", "below", "body"), CHANGES)
def test_an_administrator_changes_any_clients_connector(
    service: Service,
    agent: httpx.Client,
    address: str,
    client_id: UUID,
    recorded: Recorded,
    method: str,
    below: str,
    body: Body | None,
) -> None:
    admin = service.client(uuid4(), Scope.ADMIN)
    assert admin.request(method, address + below, json=body).is_success
    assert len(recorded(client_id=client_id)) == 2
