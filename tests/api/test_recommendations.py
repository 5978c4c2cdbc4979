"""Templates are recommended with evidence, and what clients make of that is recorded."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from api.caller import Scope
from registry.commands import RegisterConnector
from registry.connector import ConnectorConfiguration
from tests.api.description import description
from tests.api.service import CLIENT, JOURNEY, OTHER_CLIENT, Service

RECOMMEND = "/v1/dataops/templates/recommend"
PROBLEM = "urn:dataset-registry:problem:"


@pytest.fixture
def catalogue(service: Service) -> Service:
    """A service with templates of three industries."""
    for identity in (
        "fintech/developer_productivity/jira_issues",
        "fintech/developer_productivity/confluence_pages",
        "healthcare/patient_support/zendesk_tickets",
        "retail/store_operations/servicenow_incidents",
    ):
        fields = {"key": {}, "issue_keys": {}, "assignee_email": {}}
        service.register_template(identity, schema={"type": "object", "properties": fields})
    service.project()
    return service


@pytest.fixture
def writer(catalogue: Service) -> httpx.Client:
    return catalogue.client(CLIENT, Scope.DATASETS_READ, Scope.DATASETS_WRITE)


def ask(caller: httpx.Client, params: dict[str, str] | None = None, **needs: Any) -> dict[str, Any]:
    answer = caller.post(RECOMMEND, json=needs, params=params or {})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def names(found: dict[str, Any]) -> list[str]:
    return [
        "/".join(each["template"][part] for part in ("industry", "use_case", "dataset_type"))
        for each in found["recommendations"]
    ]


def feedback(found: dict[str, Any]) -> str:
    return f"/v1/dataops/recommendations/{found['recommendation_id']}/feedback"


def test_a_template_is_recommended_with_what_speaks_for_it_and_what_it_lacks(
    catalogue: Service, reader: httpx.Client
) -> None:
    fields = ["iban", "key", "assignee email"]
    found = ask(reader, industry="fintehc", tools=["Jira Cloud"], fields=fields)

    assert names(found)[0] == "fintech/developer_productivity/jira_issues"
    first = found["recommendations"][0]
    assert {each["signal"] for each in first["evidence"]} >= {"industry", "tool", "fields"}
    assert "its schema has no iban" in first["missing"]
    confidences = [each["confidence"] for each in found["recommendations"]]
    assert confidences == sorted(confidences, reverse=True)
    assert any("fintehc" in each for each in found["advice"])
    link = first["template"]["_links"]["self"]["href"]
    assert reader.get(link).json()["dataset_type"] == "jira_issues"


def test_evidence_is_left_out_where_it_is_not_wanted(
    catalogue: Service, reader: httpx.Client
) -> None:
    first = ask(reader, tools=["Jira"], explain=False)["recommendations"][0]
    assert set(first) == {"template", "confidence"}


def test_what_is_not_sure_enough_is_left_out(catalogue: Service, reader: httpx.Client) -> None:
    assert names(ask(reader, industry="banking", min_confidence=1.0)) == []


def test_tools_are_covered_by_a_bundle_held_together_by_keys(
    catalogue: Service, reader: httpx.Client
) -> None:
    [bundle] = ask(reader, tools=["Jira", "Confluence"])["bundles"]
    assert bundle["covers"] == ["Jira", "Confluence"]
    assert {link["field"] for link in bundle["links"]} == {"issue_keys"}


def test_where_nothing_fits_there_is_advice_and_no_noise(
    catalogue: Service, reader: httpx.Client, subtests: pytest.Subtests
) -> None:
    nothing: list[dict[str, Any]] = [
        {},
        {"industry": "beekeeping"},
        {"description": "of the and"},
        {"tools": ["Frob"]},
    ]
    for needs in nothing:
        with subtests.test(str(needs)):
            found = ask(reader, **needs)
            assert found["recommendations"] == []
            assert found["bundles"] == []
            assert found["advice"]


def test_what_is_unlikely_is_shown_on_demand_only(catalogue: Service, reader: httpx.Client) -> None:
    needs: dict[str, Any] = {"industry": "beekeeping", "use_case": "patient helpline"}
    found = ask(reader, **needs)
    assert (found["recommendations"], found["bundles"]) == ([], [])
    assert "min_confidence 0" in found["advice"][0]
    nearest = ask(reader, min_confidence=0, **needs)["recommendations"]
    assert nearest[0]["template"]["use_case"] == "patient_support"
    assert nearest[0]["confidence"] < 0.3


def test_what_contradicts_itself_is_answered_with_advice(
    catalogue: Service, reader: httpx.Client
) -> None:
    found = ask(reader, industry="retail", use_case="patient helpline", tools=["Jira"])
    assert found["recommendations"] == []
    assert any("both retail and patient_support" in each for each in found["advice"])


def test_bad_input_is_told_where_it_is(
    catalogue: Service, reader: httpx.Client, subtests: pytest.Subtests
) -> None:
    wrong: dict[str, dict[str, Any]] = {
        "#/industry": {"industry": ""},
        "#/tools": {"tools": "Jira"},
        "#/limit": {"limit": 0},
        "#/record_count": {"record_count": -1},
        "#/stage": {"stage": "moon"},
        "#/colour": {"colour": "red"},
        "#/description": {"description": "a\0b"},
        "#/fields": {"fields": ["x"] * 101},
    }
    for pointer, body in wrong.items():
        with subtests.test(pointer):
            answer = reader.post(RECOMMEND, json=body)
            assert answer.status_code == 422
            assert answer.json()["type"] == PROBLEM + "invalid-request"
            assert answer.json()["errors"][0]["pointer"] == pointer


def test_more_needs_than_an_id_can_hold_are_refused(
    catalogue: Service, reader: httpx.Client
) -> None:
    names = [f"{number} {'n' * 90}" for number in range(100)]
    answer = reader.post(RECOMMEND, json={"fields": names})
    assert answer.status_code == 422
    assert "4096" in answer.json()["detail"]


def test_a_clients_registry_tells_what_it_needs(
    catalogue: Service, reader: httpx.Client, admin: httpx.Client
) -> None:
    connector = ConnectorConfiguration(connector_type="jira")
    catalogue.submit(RegisterConnector(name="J", configuration=connector), uuid4(), CLIENT)
    catalogue.project()
    for caller in (reader, admin):
        assert names(ask(caller, client_id=str(CLIENT)))[0].endswith("jira_issues")
    assert names(ask(admin, client_id=str(OTHER_CLIENT))) == []


def test_nobody_asks_about_another_clients_registry(
    catalogue: Service, reader: httpx.Client
) -> None:
    answer = reader.post(RECOMMEND, json={"client_id": str(OTHER_CLIENT)})
    assert answer.status_code == 403


def test_a_template_in_use_is_not_recommended_again(
    catalogue: Service, reader: httpx.Client
) -> None:
    found = ask(reader, client_id=str(CLIENT), tools=["Jira"])
    template = found["recommendations"][0]["template"]["template_id"]
    catalogue.register_dataset(template_id=UUID(template))
    catalogue.project()
    again = ask(reader, client_id=str(CLIENT), tools=["Jira"])
    assert template not in str(again["recommendations"])


def test_the_past_is_answered_as_it_was(catalogue: Service, reader: httpx.Client) -> None:
    before = reader.post(RECOMMEND, json={"tools": ["Slack"]}).headers["X-Registry-Position"]
    catalogue.register_template("retail/store_operations/slack_messages")
    catalogue.project()
    assert names(ask(reader, tools=["Slack"])) == ["retail/store_operations/slack_messages"]
    assert names(ask(reader, {"as_of": before}, tools=["Slack"])) == []
    assert reader.post(RECOMMEND, json={}, params={"as_of": "99999"}).status_code == 400


def test_a_retired_template_is_not_recommended(catalogue: Service, admin: httpx.Client) -> None:
    found = ask(admin, tools=["Jira"])
    template = found["recommendations"][0]["template"]["template_id"]
    admin.post(f"/v1/dataops/templates/{template}/retire", json={})
    catalogue.project()
    assert template not in str(ask(admin, tools=["Jira"])["recommendations"])


def test_the_same_question_about_the_same_state_has_the_same_id(
    catalogue: Service, reader: httpx.Client
) -> None:
    one, other = (ask(reader, tools=["Jira"])["recommendation_id"] for _ in range(2))
    assert one == other


def test_a_verdict_is_recorded_once_and_may_change(
    catalogue: Service, writer: httpx.Client
) -> None:
    found = ask(writer, tools=["Jira"])
    template = found["recommendations"][0]["template"]["template_id"]
    sent = [
        {"template_id": template},
        {"template_id": template, "verdict": "chosen"},
        {"template_id": template, "verdict": "rejected", "reason": "no comments"},
    ]
    judged = [writer.post(feedback(found), json=each).json() for each in sent]
    assert [each["version"] for each in judged] == [1, 1, 2]
    assert judged[-1]["verdicts"] == {template: "rejected"}


def test_only_what_was_recommended_can_be_judged(catalogue: Service, writer: httpx.Client) -> None:
    answer = writer.post(feedback(ask(writer, tools=["Jira"])), json={"template_id": str(uuid4())})
    assert answer.status_code == 409
    assert answer.json()["type"] == PROBLEM + "rule-broken"


def test_an_id_that_was_made_up_is_no_recommendation(
    catalogue: Service, writer: httpx.Client
) -> None:
    for made_up in ({"recommendation_id": "abc"}, {"recommendation_id": "A" * 300}):
        answer = writer.post(feedback(made_up), json={"template_id": str(uuid4())})
        assert answer.status_code == 404


def test_nobody_judges_what_another_client_was_recommended(
    catalogue: Service, admin: httpx.Client
) -> None:
    found = ask(admin, client_id=str(CLIENT), tools=["Jira"])
    template = found["recommendations"][0]["template"]["template_id"]
    stranger = catalogue.client(OTHER_CLIENT, Scope.DATASETS_WRITE)
    answer = stranger.post(feedback(found), json={"template_id": template})
    assert answer.status_code == 403


def test_a_dataset_is_registered_from_a_recommendation(
    catalogue: Service, writer: httpx.Client
) -> None:
    found = ask(writer, tools=["Jira"])
    form = {
        "name": "Issues",
        "dataset_type": "jira_issues",
        "stage": "sandbox",
        "journey_id": str(JOURNEY),
        "recommendation_id": found["recommendation_id"],
    }
    refused = writer.post("/v1/dataops/datasets", json=form)
    assert refused.status_code == 422
    form["template_id"] = found["recommendations"][0]["template"]["template_id"]
    assert writer.post("/v1/dataops/datasets", json=form).status_code == 201
    form["recommendation_id"] = "made-up"
    assert writer.post("/v1/dataops/datasets", json=form).status_code == 422


def test_the_examples_in_the_documentation_work(catalogue: Service, writer: httpx.Client) -> None:
    first, *others = examples(RECOMMEND)
    found = ask(writer, **first)
    assert names(found)[0].startswith("fintech/developer_productivity")
    for other in others:
        assert names(ask(writer, **other))[0].startswith("healthcare/patient_support")
    [verdict] = examples("/v1/dataops/recommendations/{recommendation_id}/feedback")
    judged = writer.post(feedback(found), json=verdict)
    assert judged.json()["verdicts"] == {verdict["template_id"]: verdict["verdict"]}


def examples(path: str) -> list[dict[str, Any]]:
    """Return the bodies that the documentation shows for a route."""
    operation = description().document["paths"][path]["post"]
    content = operation["requestBody"]["content"]["application/json"]
    found: list[dict[str, Any]] = content["schema"]["examples"]
    return found
