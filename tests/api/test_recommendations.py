"""Templates are recommended with evidence, and what clients make of that is recorded."""

import httpx
import pytest

from api.caller import Scope
from tests.api.service import CLIENT, OTHER_CLIENT, Service

RECOMMEND = "/v1/dataops/templates/recommend"


@pytest.fixture
def catalogue(service: Service) -> Service:
    """A service with templates of three industries."""
    for identity in (
        "fintech/developer_productivity/jira_issues",
        "fintech/developer_productivity/confluence_pages",
        "healthcare/patient_support/zendesk_tickets",
        "retail/store_operations/servicenow_incidents",
    ):
        service.register_template(identity)
    service.project()
    return service


def names(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [
        "/".join(each["template"][part] for part in ("industry", "use_case", "dataset_type"))
        for each in answer.json()["recommendations"]
    ]


def test_a_template_is_recommended_with_what_speaks_for_it(
    catalogue: Service, reader: httpx.Client
) -> None:
    answer = reader.post(RECOMMEND, json={"industry": "bankng", "tools": ["Jira Cloud"]})

    assert names(answer)[0] == "fintech/developer_productivity/jira_issues"
    first = answer.json()["recommendations"][0]
    assert {each["signal"] for each in first["evidence"]} >= {"industry", "tool", "quality"}
    assert first["confidence"] > 0.5


def test_feedback_is_recorded_once(catalogue: Service, reader: httpx.Client) -> None:
    answer = reader.post(RECOMMEND, json={"tools": ["Jira"]}).json()
    template = answer["recommendations"][0]["template"]["template_id"]
    writer = catalogue.client(CLIENT, Scope.DATASETS_WRITE)
    address = f"/v1/dataops/recommendations/{answer['recommendation_id']}/feedback"

    judged = [writer.post(address, json={"template_id": template}).json() for _ in range(2)]

    assert [each["version"] for each in judged] == [1, 1]
    assert judged[0]["verdicts"] == {template: "chosen"}


def test_nobody_asks_about_another_clients_registry(
    catalogue: Service, reader: httpx.Client
) -> None:
    answer = reader.post(RECOMMEND, json={"client_id": str(OTHER_CLIENT)})
    assert answer.status_code == 403
