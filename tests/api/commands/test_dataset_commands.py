"""Agents lead datasets through their lives."""

from uuid import UUID

import httpx
import pytest

from tests.api.commands.agents import registered, shown
from tests.api.commands.bodies import DATASETS, checks, dataset
from tests.api.commands.log import Recorded

RULE_BROKEN = "urn:dataset-registry:problem:rule-broken"


@pytest.fixture
def address(agent: httpx.Client) -> str:
    """Where a dataset is that was registered just now."""
    return registered(agent, DATASETS, dataset())


def lead(agent: httpx.Client, address: str, *after: str) -> None:
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
    lead(agent, address, "validating")
    before = len(recorded(client_id=client_id))
    answer = agent.post(f"{address}/quality-checks", json=checks(94.9, promote=True))
    assert answer.json()["status"] == "validating"
    answer = agent.post(f"{address}/quality-checks", json=checks(95, promote=True))
    assert (answer.json()["status"], answer.json()["quality_score"]) == ("ready", 95)
    scored, promoted = recorded(client_id=client_id)[before + 1 :]
    assert scored.facts["provenance"] == promoted.facts["provenance"]


def test_without_promote_a_good_score_changes_no_status(agent: httpx.Client, address: str) -> None:
    lead(agent, address, "validating")
    answer = agent.post(f"{address}/quality-checks", json=checks(100))
    assert answer.json()["status"] == "validating"


def test_ready_is_refused_with_what_is_still_missing(agent: httpx.Client, address: str) -> None:
    lead(agent, address, "validating")
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
    registered(agent, DATASETS, dataset(stage="production"))
    registered(agent, DATASETS, dataset("slack_messages"))
    lead(agent, address, "failed")
    second = registered(agent, DATASETS, dataset())
    assert agent.post(f"{address}/status", json={"status": "provisioning"}).status_code == 409
    agent.delete(second)
    lead(agent, address, "provisioning")
