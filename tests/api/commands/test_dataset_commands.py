"""Agents lead datasets through their lives."""

from uuid import UUID, uuid4

import httpx
import pytest

from api.caller import Scope
from tests.api.commands.bodies import DATASETS, Body, checks, dataset
from tests.api.commands.log import Recorded
from tests.api.service import Service

RULE_BROKEN = "urn:dataset-registry:problem:rule-broken"


def registered(agent: httpx.Client, **parts: object) -> str:
    """Register a dataset; return its address once it is shown there."""
    answer = agent.post(DATASETS, json=dataset(**parts))
    assert answer.status_code == 201, answer.text
    address = str(answer.headers["Location"])
    shown(agent, address, answer.json()["position"])
    return address


@pytest.fixture
def address(agent: httpx.Client) -> str:
    """Where a dataset is that was registered just now."""
    return registered(agent)


def shown(agent: httpx.Client, address: str, position: int = 0) -> Body:
    answer = agent.get(address, params={"min_position": position})
    assert answer.status_code == 200, answer.text
    body: Body = answer.json()
    return body


def statuses(agent: httpx.Client, address: str, *after: str) -> None:
    """Lead a dataset through some statuses."""
    for status in after:
        answer = agent.post(f"{address}/status", json={"status": status})
        assert answer.json()["status"] == status, answer.text


def test_a_dataset_is_led_from_registration_to_ready_and_falls_back_when_its_score_drops(
    agent: httpx.Client, client_id: UUID, recorded: Recorded
) -> None:
    answer = agent.post(DATASETS, json=dataset(source="glean:jira"))
    assert answer.status_code == 201
    assert (answer.json()["status"], answer.json()["client_id"]) == ("provisioning", str(client_id))
    address = answer.headers["Location"]
    assert address == f"{DATASETS}/{answer.json()['dataset_id']}"

    answer = agent.post(f"{address}/status", json={"status": "validating", "reason": "synced"})
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["status_reason"]) == ("validating", "synced")

    for check in checks(96)["checks"]:
        assert agent.post(f"{address}/status", json={"status": "ready"}).status_code == 409
        answer = agent.post(f"{address}/quality-checks", json={"checks": [check]})
        assert answer.status_code == 200
    assert (answer.json()["quality_score"], answer.json()["status"]) == (96, "validating")

    answer = agent.post(f"{address}/status", json={"status": "ready"})
    assert answer.json()["status"] == "ready"

    low = {"check_type": "data_completeness", "score": 90, "details": {"missing": ["assignee"]}}
    answer = agent.post(f"{address}/quality-checks", json={"checks": [low]})
    assert answer.json()["quality_score"] == pytest.approx(0.7 * 96 + 0.3 * 90)
    assert answer.json()["status"] == "validating"
    assert answer.json()["status_reason"] == "the quality score fell below 95"

    answer = agent.delete(address, params={"reason": "replaced"})
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["status_reason"]) == ("retired", "replaced")
    retired = shown(agent, address, answer.json()["position"])
    assert retired["status"] == "retired"

    assert [event.topic for event in recorded(client_id=client_id)] == [
        "DatasetRegistered",
        "DatasetStatusChanged",
        *["QualityScored"] * 4,
        "DatasetStatusChanged",
        "QualityScored",
        "DatasetStatusChanged",
        "DatasetStatusChanged",
    ]


def test_checks_with_promote_make_a_validating_dataset_ready_in_the_same_commit(
    agent: httpx.Client, address: str, client_id: UUID, recorded: Recorded
) -> None:
    statuses(agent, address, "validating")
    before = len(recorded(client_id=client_id))
    answer = agent.post(f"{address}/quality-checks", json=checks(94.9, promote=True))
    assert answer.json()["status"] == "validating"
    answer = agent.post(f"{address}/quality-checks", json=checks(95, promote=True))
    assert (answer.json()["status"], answer.json()["quality_score"]) == ("ready", 95)
    scored, promoted = recorded(client_id=client_id)[before + 1 :]
    assert scored.facts["provenance"] == promoted.facts["provenance"]


def test_without_promote_a_good_score_changes_no_status(agent: httpx.Client, address: str) -> None:
    statuses(agent, address, "validating")
    answer = agent.post(f"{address}/quality-checks", json=checks(100))
    assert answer.json()["status"] == "validating"


def test_ready_is_refused_with_what_is_still_missing(agent: httpx.Client, address: str) -> None:
    statuses(agent, address, "validating")
    answer = agent.post(f"{address}/status", json={"status": "ready"})
    assert answer.status_code == 409
    assert answer.json()["type"] == RULE_BROKEN
    assert answer.json()["detail"] == (
        "READY needs all four quality checks; still to be reported: schema_validation,"
        " data_completeness, connector_health, sample_query_success."
    )
    agent.post(f"{address}/quality-checks", json=checks(94.5))
    answer = agent.post(f"{address}/status", json={"status": "ready"})
    assert answer.status_code == 409
    detail = "READY needs a quality score of at least 95; this dataset's is 94.5"
    assert answer.json()["detail"].startswith(detail)


def test_a_status_that_cannot_follow_is_refused_with_those_that_can(
    agent: httpx.Client, address: str
) -> None:
    answer = agent.post(f"{address}/status", json={"status": "ready"})
    assert answer.status_code == 409
    assert answer.json()["detail"] == (
        "A dataset cannot go from provisioning to ready;"
        " from provisioning it may go to failed or retired or validating."
    )


def test_a_slot_is_held_by_one_dataset_and_freed_when_that_fails_or_retires(
    agent: httpx.Client, address: str
) -> None:
    answer = agent.post(DATASETS, json=dataset(name="Another"))
    assert answer.status_code == 409
    assert answer.json()["type"] == RULE_BROKEN
    assert address.rpartition("/")[2] in answer.json()["detail"]
    registered(agent, stage="production")
    registered(agent, dataset_type="slack_messages")
    statuses(agent, address, "failed")
    second = registered(agent)
    assert agent.post(f"{address}/status", json={"status": "provisioning"}).status_code == 409
    agent.delete(second)
    statuses(agent, address, "provisioning")


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
    address = registered(agent, metadata=METADATA)
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
