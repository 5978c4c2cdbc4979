"""Agents make versions of schemas, are told what would break, refine fields and review them."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.caller import Scope
from tests.api.commands.bodies import TEMPLATES, template
from tests.api.service import CLIENT, Service

TEXT = {"type": "string"}
NARROW = {"type": "object", "properties": {"key": TEXT}, "required": ["key"]}
WIDE = {"type": "object", "properties": {"key": {"type": ["string", "null"]}}}
WHY = "keys were never null"


@pytest.fixture
def admin(service: Service) -> httpx.Client:
    """Somebody who may accept breaks."""
    return service.client(CLIENT, Scope.ADMIN)


def register(agent: httpx.Client, dataset_type: str, **parts: Any) -> httpx.Response:
    return agent.post(TEMPLATES, json=template(dataset_type, **parts))


def made(agent: httpx.Client, dataset_type: str, *schemas: Any) -> str:
    """Register schemas, one after the other; return the template's address."""
    for schema in schemas:
        answer = register(agent, dataset_type, schema=schema)
        assert answer.status_code in (200, 201), answer.text
    return f"{TEMPLATES}/{answer.json()['template_id']}"


def read(agent: httpx.Client, address: str, position: int = 0, **parameters: Any) -> Any:
    answer = agent.get(address, params={"min_position": position, **parameters})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_schema_that_breaks_the_mode_is_refused_with_reasons_and_a_witness(
    agent: httpx.Client, dataset_type: str
) -> None:
    address = made(agent, dataset_type, WIDE)
    tried = agent.post(f"{address}/compatibility", json={"schema": NARROW})
    refused = register(agent, dataset_type, schema=NARROW)
    assert refused.status_code == 409
    problem = refused.json()
    assert problem["type"] == "urn:dataset-registry:problem:incompatible-schema"
    assert problem["verdict"] == tried.json()
    assert (tried.json()["outcome"], tried.json()["has_witness"]) == ("incompatible", True)
    assert register(agent, dataset_type, schema=WIDE).json()["version"] == 1
    forward = agent.post(f"{address}/compatibility", json={"schema": NARROW, "mode": "FORWARD"})
    assert forward.json()["outcome"] == "compatible"


def test_an_administrator_accepts_a_break_on_record(
    agent: httpx.Client, admin: httpx.Client, dataset_type: str
) -> None:
    address = made(agent, dataset_type, WIDE)
    body = {"schema": NARROW, "accept_breaking": WHY}
    refused = register(agent, dataset_type, **body)
    assert (refused.status_code, refused.json()["type"][-18:]) == (403, "insufficient-scope")
    taken = register(admin, dataset_type, **body)
    assert (taken.status_code, taken.json()["schema_version"]) == (200, 2)
    newest, first = read(agent, f"{address}/versions", taken.json()["position"])["versions"]
    assert (newest["number"], newest["accepted_breaking"]) == (2, WHY)
    assert (first["number"], first["accepted_breaking"]) == (1, None)


def test_versions_are_listed_shown_compared_and_found_by_their_digest(
    agent: httpx.Client, stranger: httpx.Client, dataset_type: str
) -> None:
    address = made(agent, dataset_type, NARROW, WIDE)
    changed = register(agent, dataset_type, schema=WIDE, description="Tickets.").json()
    position = changed["position"]
    listed = read(agent, f"{address}/versions", position)["versions"]
    assert [each["number"] for each in listed] == [2, 1]
    assert [each["created_by"] for each in listed] == ["developer", "developer"]
    second = read(agent, listed[0]["_links"]["self"]["href"])
    assert (second["schema"], second["digest"]) == (WIDE, changed["schema_digest"])
    found = read(agent, f"/v1/dataops/schemas/{second['digest']}")["versions"]
    assert changed["template_id"] in {each["template_id"] for each in found}
    diff = read(agent, f"{address}/diff", **{"from": 1, "to": 2})
    assert {each["change"] for each in diff["differences"]} == {"loosened"}
    first_position = listed[1]["position"]
    past = read(agent, f"{address}/versions", as_of=first_position)["versions"]
    assert [each["number"] for each in past] == [1]
    assert read(agent, address, as_of=first_position)["schema"] == NARROW
    theirs = read(stranger, f"{address}/versions")["versions"]
    assert [each["created_by"] for each in theirs] == [None, None]
    for missing in ("versions/3", "diff?from=1&to=3"):
        assert agent.get(f"{address}/{missing}").status_code == 404


def test_only_an_administrator_decides_what_a_template_has_to_keep(
    agent: httpx.Client, admin: httpx.Client, dataset_type: str
) -> None:
    address = made(agent, dataset_type, WIDE)
    body = {"mode": "NONE", "reason": "a draft"}
    assert agent.put(f"{address}/compatibility-mode", json=body).status_code == 403
    stale = admin.put(f"{address}/compatibility-mode", json=body, headers={"If-Match": '"7"'})
    assert stale.status_code == 412
    done = admin.put(f"{address}/compatibility-mode", json=body)
    assert (done.status_code, done.json()["compatibility_mode"]) == (200, "NONE")
    assert register(agent, dataset_type, schema=NARROW).json()["schema_version"] == 2


def test_fields_are_refined_and_left_to_inference_again(
    agent: httpx.Client, dataset_type: str
) -> None:
    address = made(agent, dataset_type, WIDE)
    said = {"key": {"description": "Its key.", "key": True}}
    refined = agent.post(f"{address}/refinements", json={"fields": said, "reason": "I know"})
    assert refined.status_code == 200
    assert refined.json()["schema"]["properties"]["key"]["description"] == "Its key."
    [refinement] = read(agent, address, refined.json()["position"])["refinements"]
    assert (refinement["field"], refinement["key"], refinement["reason"]) == ("key", True, "I know")
    kept = register(agent, dataset_type, schema={**WIDE, "title": "Issue"}).json()
    assert kept["schema"]["properties"]["key"]["x-key"] is True
    withdrawn = agent.post(
        f"{address}/refinements/withdraw", json={"field": "key", "reason": "not so"}
    )
    assert withdrawn.json()["refinements"] == []
    assert withdrawn.json()["schema"] == {**WIDE, "title": "Issue"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"fields": {"key": {"type": "string"}}, "reason": "I know"}, 409),
        ({"fields": {"no": {"key": True}}, "reason": "I know"}, 404),
        ({"fields": {"key": {"key": True}}, "reason": " "}, 422),
        ({"fields": {"key": {"key": True}}}, 422),
        ({"fields": {"key": {}}, "reason": "I know"}, 422),
        ({"fields": {"a b": {"key": True}}, "reason": "I know"}, 422),
        ({"fields": {"key": {"type": "text"}}, "reason": "I know"}, 422),
        ({"fields": {}, "reason": "I know"}, 422),
    ],
)
def test_a_refinement_that_cannot_be_is_refused(
    agent: httpx.Client, dataset_type: str, body: Any, status: int
) -> None:
    address = made(agent, dataset_type, WIDE)
    assert agent.post(f"{address}/refinements", json=body).status_code == status
    assert register(agent, dataset_type, schema=WIDE).json()["version"] == 1


def test_a_template_that_inference_is_unsure_of_is_listed_until_somebody_approves(
    agent: httpx.Client, dataset_type: str
) -> None:
    made_ = register(agent, dataset_type, records=[{"key": "A", "gone": None}]).json()
    address = f"{TEMPLATES}/{made_['template_id']}"
    asked = {"dataset_type": dataset_type, "needs_review": True}
    [listed] = read(agent, TEMPLATES, made_["position"], **asked)["templates"]
    assert listed["unsure"] == [
        {"field": "gone", "aspect": "type", "inferred": None, "certainty": 0.0}
    ]
    reviewed = agent.post(f"{address}/review", json={"reason": "never used"}).json()
    assert not reviewed["needs_review"]
    assert read(agent, TEMPLATES, reviewed["position"], **asked)["templates"] == []
    asked["needs_review"] = False
    assert len(read(agent, TEMPLATES, **asked)["templates"]) == 1


def test_a_batch_takes_the_commands_about_schemas(
    agent: httpx.Client, admin: httpx.Client, dataset_type: str
) -> None:
    template_id = made(agent, dataset_type, WIDE).rpartition("/")[2]
    refine = {"fields": {"key": {"type": "string"}}, "reason": "I know"}
    mode = {"command": "set_compatibility_mode", "id": template_id, "body": {"mode": "NONE"}}
    batch = {
        "commands": [
            {"command": "refine_template", "id": template_id, "body": refine},
            {"command": "review_template", "id": template_id, "body": {}},
        ]
    }
    key = {"Idempotency-Key": str(uuid4())}
    refused, reviewed = agent.post("/v1/dataops/commands", json=batch, headers=key).json()[
        "outcomes"
    ]
    assert (refused["status"], reviewed["status"]) == (409, 200)
    assert refused["problem"]["verdict"]["has_witness"]
    batch["commands"].insert(0, mode)
    key = {"Idempotency-Key": str(uuid4())}
    assert agent.post("/v1/dataops/commands", json=batch, headers=key).status_code == 403
    outcomes = admin.post("/v1/dataops/commands", json=batch, headers=key).json()["outcomes"]
    assert [each["status"] for each in outcomes] == [200, 200, 200]
