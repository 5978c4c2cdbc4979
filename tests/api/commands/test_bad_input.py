"""Whatever is sent, the answer is the sender's fault in plain words, or the very thing sent."""

import json
from typing import Any

import httpx
import pytest

from tests.api.commands.bodies import (
    CONNECTORS,
    DATASETS,
    TEMPLATES,
    connector,
    dataset,
    template,
)
from tests.api.commands.refusals import JSON, SECRET, nested, places, refused

NOBODY = "00000000-0000-4000-8000-000000000000"
DATASET, CONNECTOR, TEMPLATE = (f"{path}/{NOBODY}" for path in (DATASETS, CONNECTORS, TEMPLATES))

pytestmark = pytest.mark.usefixtures("quiet")


def with_custom_field(value: str) -> str:
    """Write the body of a dataset with a custom field that is the text of any JSON or of none."""
    body = json.dumps(dataset(metadata={"custom_fields": {"value": "?"}}))
    return body.replace('"?"', value)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("NaN", "JSON has no NaN or infinity"),
        ("-Infinity", "JSON has no NaN or infinity"),
        ("1e400", "JSON has no NaN or infinity"),
        (str(10**30), "the integer needs more than 64 bits"),
        (str(-(2**63) - 1), "the integer needs more than 64 bits"),
        (r'"\u0000"', "U+0000 cannot be stored; leave it out"),
        (r'["\ud83d", 1]', "U+D83D cannot be stored; leave it out"),
        (r'{"\udfff": 1}', "U+DFFF cannot be stored; leave it out"),
        (nested(129), "nested more than 128 levels deep"),
    ],
)
def test_a_value_that_cannot_be_recorded_is_refused_with_its_place(
    agent: httpx.Client, value: str, reason: str
) -> None:
    answer = agent.post(DATASETS, content=with_custom_field(value), headers=JSON)
    problem = refused(answer, 422)
    assert places(problem) == ["#/metadata/custom_fields"]
    assert problem["errors"][0]["detail"].startswith("The value at /value")
    assert reason in problem["errors"][0]["detail"]


CHECK = {"check_type": "connector_health", "score": 1}
INVALID: list[tuple[str, str, Any, str]] = [
    ("POST", DATASETS, None, "#"),
    ("POST", DATASETS, [], "#"),
    ("POST", DATASETS, "text", "#"),
    ("POST", DATASETS, dataset(stage="moon"), "#/stage"),
    ("POST", DATASETS, dataset(stage=None), "#/stage"),
    ("POST", DATASETS, dataset(journey_id="journey"), "#/journey_id"),
    ("POST", DATASETS, dataset(journey_id=7), "#/journey_id"),
    ("POST", DATASETS, dataset(template_id="template"), "#/template_id"),
    ("POST", DATASETS, dataset(name=None), "#/name"),
    ("POST", DATASETS, dataset(name=5), "#/name"),
    ("POST", DATASETS, dataset(name=" \u200b "), "#/name"),
    ("POST", DATASETS, dataset(name="x" * 201), "#/name"),
    ("POST", DATASETS, dataset(name="a\0b"), "#/name"),
    ("POST", DATASETS, dataset(name="half \ud800"), "#/name"),
    ("POST", DATASETS, dataset(source="x" * 10_001), "#/source"),
    ("POST", DATASETS, dataset(source="\udc00"), "#/source"),
    ("POST", DATASETS, dataset("Jira Issues"), "#/dataset_type"),
    ("POST", DATASETS, dataset("jira\n"), "#/dataset_type"),
    ("POST", DATASETS, dataset(surprise=1), "#/surprise"),
    ("POST", DATASETS, dataset(client_id=NOBODY), "#/client_id"),
    ("POST", DATASETS, dataset(metadata={"surprise": 1}), "#/metadata/surprise"),
    ("POST", DATASETS, dataset(metadata={"tags": ["a tag"]}), "#/metadata/tags/0"),
    ("POST", DATASETS, dataset(metadata={"tags": ["tag"] * 51}), "#/metadata/tags"),
    ("POST", DATASETS, dataset(metadata=None), "#/metadata"),
    ("PATCH", DATASET, {}, "#"),
    ("PATCH", DATASET, {"stage": "production"}, "#/stage"),
    ("PATCH", DATASET, {"metadata": None}, "#/metadata"),
    ("PATCH", f"{DATASETS}/jira", {"name": "x"}, "dataset_id"),
    ("PATCH", f"{DATASETS}/%00", {"name": "x"}, "dataset_id"),
    ("POST", f"{DATASET}/status", {"status": "done"}, "#/status"),
    ("POST", f"{DATASET}/status", {"status": "failed", "reason": "\0"}, "#/reason"),
    ("POST", f"{DATASET}/quality-checks", {"checks": []}, "#/checks"),
    ("POST", f"{DATASET}/quality-checks", {"checks": [CHECK, CHECK]}, "#/checks"),
    ("POST", f"{DATASET}/quality-checks", {"checks": [CHECK], "promote": "yes"}, "#/promote"),
    ("DELETE", f"{DATASET}?reason=%00", None, "reason"),
    ("DELETE", f"{DATASET}?reason={'x' * 10_001}", None, "reason"),
    ("POST", CONNECTORS, connector(auth_method="magic"), "#/configuration/auth_method"),
    ("POST", CONNECTORS, connector(config={"password": SECRET}), "#/configuration"),
    ("POST", CONNECTORS, connector(endpoint=f"https://a:{SECRET}@b"), "#/configuration"),
    ("POST", CONNECTORS, connector(config={"dsn": f"Password={SECRET}"}), "#/configuration"),
    ("POST", CONNECTORS, {**connector(), "password": SECRET}, "#/password"),
    ("PATCH", CONNECTOR, {"name": None}, "#"),
    ("PATCH", CONNECTOR, {"configuration": None}, "#"),
    ("PATCH", CONNECTOR, {"configuration": {"api_key": SECRET}}, "#/configuration/connector_type"),
    ("POST", f"{CONNECTOR}/health", {"health": "fine"}, "#/health"),
    ("DELETE", f"{CONNECTORS}/{NOBODY}x", None, "connector_id"),
    ("POST", TEMPLATES, template("jira", schema=None), "#"),
    ("POST", TEMPLATES, template("jira", schema=[]), "#/schema"),
    ("POST", TEMPLATES, template("jira", schema={"title": "\0"}), "#/schema"),
    ("POST", TEMPLATES, template("jira", records=[1] * 100_001), "#/records"),
    (
        "POST",
        TEMPLATES,
        template("jira", records=[1], default_record_count=-1),
        "#/default_record_",
    ),
    ("POST", TEMPLATES, template("jira", records=[1], default_size_mb=1e400), "#/default_size_mb"),
    ("POST", TEMPLATES, {"dataset_type": "jira"}, "#/industry"),
    ("POST", f"{TEMPLATE}/retire", None, "#"),
    ("POST", f"{TEMPLATE}/restore", {"why": "x"}, "#/why"),
]
for score in ("95", True, None, -0.1, 100.5, 10**30, 1e400, float("nan")):
    body = {"checks": [{**CHECK, "score": score}]}
    INVALID.append(("POST", f"{DATASET}/quality-checks", body, "#/checks/0/score"))


@pytest.mark.parametrize(("method", "path", "body", "place"), INVALID)
def test_what_is_not_as_described_is_refused_with_its_place(
    agent: httpx.Client, method: str, path: str, body: Any, place: str
) -> None:
    # Not httpx's own writing, which knows neither NaN nor half of a surrogate pair.
    content = None if body is None and method == "DELETE" else json.dumps(body)
    problem = refused(agent.request(method, path, content=content, headers=JSON), 422)
    assert any(found.startswith(place) for found in places(problem)), problem["errors"]
    assert all(error["detail"] for error in problem["errors"])


@pytest.mark.parametrize("etag", ["3", '"three"', 'W/"3"', "*", '"1", "2"', f'"{"9" * 19}"'])
def test_an_if_match_that_names_no_version_is_refused(agent: httpx.Client, etag: str) -> None:
    answer = agent.patch(DATASET, json={"name": "x"}, headers={"If-Match": etag})
    assert places(refused(answer, 422)) == ["if-match"]


@pytest.mark.parametrize("position", ["-1", str(2**63), "now", "1e3", ""])
def test_a_position_that_is_none_is_refused(agent: httpx.Client, position: str) -> None:
    answer = agent.get(DATASET, params={"min_position": position})
    assert places(refused(answer, 422)) == ["min_position"]
