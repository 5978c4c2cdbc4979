"""Agents write the catalogue's templates."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.caller import Scope
from tests.api.commands.bodies import TEMPLATES, Body, template
from tests.api.commands.log import Recorded
from tests.api.service import Service

SCHEMA = {
    "type": "object",
    "properties": {"key": {"type": "string"}, "points": {"type": "integer"}},
    "required": ["key"],
}
RECORDS = [{"key": "PAY-1", "points": 3}, {"key": "PAY-2", "points": None}]


def registered(agent: httpx.Client, dataset_type: str, **parts: Any) -> httpx.Response:
    answer = agent.post(TEMPLATES, json=template(dataset_type, **parts))
    assert answer.status_code in (200, 201), answer.text
    return answer


def listed(agent: httpx.Client, dataset_type: str, **filters: str | int) -> list[Body]:
    """List the templates of a type."""
    answer = agent.get(TEMPLATES, params={"dataset_type": dataset_type, **filters})
    templates: list[Body] = answer.json()["templates"]
    return templates


def test_a_template_may_be_given_by_its_schema(agent: httpx.Client, dataset_type: str) -> None:
    answer = registered(agent, dataset_type, schema=SCHEMA)
    assert answer.status_code == 201
    made = answer.json()
    assert answer.headers["Location"] == f"{TEMPLATES}/{made['template_id']}"
    assert answer.headers["ETag"] == '"1"'
    assert (made["schema"], made["declared_schema"]) == (SCHEMA, True)
    assert (made["sample_data"], made["statistics"]["fields"]) == ([], [])
    assert (made["default_record_count"], made["default_size_mb"]) == (0, 0)
    assert made["name"] == f"Fintech Support {dataset_type.replace('_', ' ').title()}"
    assert (made["status"], made["source"]) == ("active", "api:developer")


def test_a_template_may_be_inferred_from_records(agent: httpx.Client, dataset_type: str) -> None:
    many = RECORDS * 10  # fewer would not prove that every record has all fields
    made = registered(agent, dataset_type, records=many, default_record_count=1_000_000).json()
    assert not made["declared_schema"]
    assert made["schema"]["properties"]["points"] == {"type": ["integer", "null"]}
    assert made["schema"]["required"] == ["key", "points"]
    assert made["sample_data"] == many[:5]
    assert {field["path"] for field in made["statistics"]["fields"]} == {"$", "key", "points"}
    assert made["default_record_count"] == 1_000_000
    assert 20 < made["default_size_mb"] < 40


def test_a_declared_schema_is_kept_and_its_records_are_the_sample(
    agent: httpx.Client, dataset_type: str
) -> None:
    made = registered(agent, dataset_type, schema=SCHEMA, records=RECORDS[:1]).json()
    assert (made["schema"], made["sample_data"]) == (SCHEMA, RECORDS[:1])
    assert made["default_record_count"] == 1


def test_a_record_that_contradicts_the_schema_is_refused_with_its_place(
    agent: httpx.Client, dataset_type: str, recorded: Recorded
) -> None:
    answer = agent.post(TEMPLATES, json=template(dataset_type, schema=SCHEMA, records=RECORDS))
    assert answer.status_code == 422
    assert "record 2/points" in answer.json()["detail"]
    assert 'null is not of type "integer"' in answer.json()["detail"]
    assert not [event for event in recorded() if dataset_type in str(event.facts)]


def test_a_template_that_differs_is_revised_and_one_that_does_not_is_left_alone(
    agent: httpx.Client, dataset_type: str, recorded: Recorded
) -> None:
    first = registered(agent, dataset_type, records=RECORDS)
    again = registered(agent, dataset_type, records=RECORDS)
    assert again.status_code == 200
    assert again.headers["ETag"] == first.headers["ETag"] == '"1"'
    assert {**again.json(), "position": 0} == {**first.json(), "position": 0}
    revised = registered(agent, dataset_type, records=RECORDS, tags=["gold"])
    assert revised.status_code == 200
    assert (revised.json()["tags"], revised.headers["ETag"]) == (["gold"], '"2"')
    assert revised.json()["created_at"] == first.json()["created_at"]
    topics = [event.topic for event in recorded(template_id=first.json()["template_id"])]
    assert topics == ["DatasetTemplateRegistered", "DatasetTemplateRevised"]


def test_a_retired_template_leaves_the_list_until_it_is_restored(
    agent: httpx.Client, dataset_type: str, recorded: Recorded
) -> None:
    address = registered(agent, dataset_type, schema=SCHEMA).headers["Location"]

    retired = agent.post(f"{address}/retire", json={"reason": "superseded"})
    assert (retired.status_code, retired.json()["status"]) == (200, "retired")
    position = retired.json()["position"]
    assert listed(agent, dataset_type, min_position=position) == []
    [shown] = listed(agent, dataset_type, status="retired")
    assert (shown["status"], shown["version"]) == ("retired", 2)
    assert agent.get(address).json()["status"] == "retired"

    refused = agent.post(TEMPLATES, json=template(dataset_type, schema={}))
    assert refused.status_code == 409
    assert refused.json()["detail"].endswith("is retired; restore it before revising it.")
    assert agent.post(f"{address}/retire", json={}).headers["ETag"] == '"2"'

    restored = agent.post(f"{address}/restore", json={})
    assert (restored.status_code, restored.json()["status"]) == (200, "active")
    [shown] = listed(agent, dataset_type, min_position=restored.json()["position"])
    assert shown["status"] == "active"
    assert listed(agent, dataset_type, status="retired") == []
    retired_event = recorded(template_id=restored.json()["template_id"])[1]
    assert retired_event.facts["reason"] == "superseded"


def test_a_template_that_was_never_registered_can_be_neither_retired_nor_restored(
    agent: httpx.Client,
) -> None:
    for command in ("retire", "restore"):
        answer = agent.post(f"{TEMPLATES}/{uuid4()}/{command}", json={})
        assert answer.status_code == 404
        assert answer.json()["detail"].endswith("register it first.")


def test_whoever_may_change_datasets_may_not_therefore_change_templates(
    service: Service, agent: httpx.Client, dataset_type: str, recorded: Recorded
) -> None:
    made = registered(agent, dataset_type, schema=SCHEMA)
    writer = service.client(uuid4(), Scope.DATASETS_READ, Scope.DATASETS_WRITE)
    address = made.headers["Location"]
    for path, body in (
        (TEMPLATES, template(dataset_type, schema={})),
        (f"{address}/retire", {}),
        (f"{address}/restore", {}),
    ):
        answer = writer.post(path, json=body)
        assert answer.status_code == 403
        assert 'scope="dataops:templates:write"' in answer.headers["WWW-Authenticate"]
    assert len(recorded(template_id=made.json()["template_id"])) == 1


def test_any_client_may_revise_what_another_has_registered(
    agent: httpx.Client, stranger: httpx.Client, dataset_type: str
) -> None:
    registered(agent, dataset_type, schema=SCHEMA)
    assert registered(stranger, dataset_type, schema={}).json()["version"] == 2


def nested(levels: int) -> Any:
    """Nest an empty list in so many objects."""
    value: Any = []
    for _ in range(levels):
        value = {"a": value}
    return value


def test_a_schema_inferred_from_the_deepest_and_most_varied_records_can_be_stored(
    agent: httpx.Client, dataset_type: str
) -> None:
    """Each level is an object in some records and a list in others."""
    made = registered(agent, dataset_type, records=[nested(levels) for levels in range(190)])
    assert made.status_code == 201
    position = {"min_position": made.json()["position"]}
    assert agent.get(made.headers["Location"], params=position).status_code == 200


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ({"schema": {"type": "nothing"}}, "schema/type"),
        ({"schema": {"$ref": "https://schemas.example/other"}, "records": [1]}, "schema"),
        ({"schema": {"$ref": "file:///etc/hostname"}, "records": [1]}, "schema"),
        ({"schema": {"pattern": "(("}}, "schema/pattern"),
        ({"schema": {"type": "number"}, "records": [1, "two"]}, "record 2"),
        ({"schema": {"type": "string"}, "records": ["half \ud800"]}, "record 1"),
    ],
)
def test_what_is_wrong_with_a_template_is_told_with_its_place(
    agent: httpx.Client, dataset_type: str, parts: Body, place: str
) -> None:
    body = json.dumps(template(dataset_type, **parts))
    answer = agent.post(TEMPLATES, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(f"The value at {place} cannot be recorded: ")
