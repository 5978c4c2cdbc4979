"""Whatever is sent, the answer is the sender's fault in plain words, or the very thing sent."""

import json
import logging
from collections.abc import Iterator, Sequence
from functools import reduce
from operator import getitem
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.body_limits import MAX_BYTES, MAX_NESTING
from tests.api.commands.bodies import (
    COMMANDS,
    CONNECTORS,
    DATASETS,
    TEMPLATES,
    Body,
    connector,
    dataset,
    template,
)
from tests.api.commands.conftest import AGENT
from tests.api.commands.log import Recorded
from tests.api.service import Service

JSON = {"Content-Type": "application/json"}
NOBODY = "00000000-0000-4000-8000-000000000000"
DATASET, CONNECTOR, TEMPLATE = (f"{path}/{NOBODY}" for path in (DATASETS, CONNECTORS, TEMPLATES))
SECRET = "hunter2-sesame"
INTERNALS = ("Traceback", 'File "', "psycopg", "SELECT ", "INSERT ", "registry_events", SECRET)


@pytest.fixture(autouse=True)
def _nothing_internal_is_told(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """The logs have neither traces nor secrets."""
    with caplog.at_level(logging.DEBUG):
        yield
    for text in INTERNALS:
        assert text not in caplog.text


def refused(answer: httpx.Response, *statuses: int) -> Body:
    """Return the problem that the answer reports."""
    assert answer.status_code in statuses, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem: Body = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["type"].startswith("urn:dataset-registry:problem:")
    for text in INTERNALS:
        assert text not in answer.text
    return problem


def places(problem: Body) -> list[str]:
    return [error.get("pointer") or error["parameter"] for error in problem["errors"]]


def with_custom_field(value: str) -> str:
    """Write the body of a dataset with a custom field that is the text of any JSON or of none."""
    body = json.dumps(dataset(metadata={"custom_fields": {"value": "?"}}))
    return body.replace('"?"', value)


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


UNREADABLE = [
    b"",
    b"{",
    b"nothing",
    b'{"name": }',
    b'{"name": "\xff"}',
    b'{"name": "a\nb"}',
    b"[" * 100_000,
    nested(100_000).encode(),
    b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    nested(MAX_NESTING + 1).encode(),
    with_custom_field(nested(MAX_NESTING)).encode(),
    with_custom_field("1" + "0" * 5_000).encode(),
    json.dumps(dataset()).encode() + b"x",
]


@pytest.mark.parametrize("path", [DATASETS, CONNECTORS, TEMPLATES, COMMANDS])
@pytest.mark.parametrize("body", UNREADABLE, ids=lambda body: f"{body[:20]!r}+{len(body)}")
def test_a_body_that_cannot_be_read_is_refused_on_every_route(
    agent: httpx.Client, path: str, body: bytes
) -> None:
    headers = {**JSON, "Idempotency-Key": uuid4().hex}
    problem = refused(agent.post(path, content=body, headers=headers), 400, 422)
    assert "error parsing" not in problem["detail"]


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


@pytest.mark.parametrize(
    "content_type",
    [None, "text/plain", "application/x-www-form-urlencoded", "application/xml", "json", "*/*"],
)
@pytest.mark.parametrize("path", [DATASETS, CONNECTORS, TEMPLATES, f"{TEMPLATE}/retire", COMMANDS])
def test_a_body_of_another_type_is_refused(
    agent: httpx.Client, path: str, content_type: str | None
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    headers["Idempotency-Key"] = uuid4().hex
    problem = refused(agent.post(path, content=b"{}", headers=headers), 415)
    assert problem["detail"].startswith("Send the body as application/json")


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "application/x+json",
    ],
)
def test_a_body_of_json_by_any_of_its_names_is_taken(
    agent: httpx.Client, content_type: str
) -> None:
    headers = {"Content-Type": content_type}
    answer = agent.post(DATASETS, content=json.dumps(dataset()), headers=headers)
    assert answer.status_code == 201


def test_a_body_over_the_limit_is_refused_whether_or_not_it_tells_its_size(
    agent: httpx.Client, recorded: Recorded
) -> None:
    before = len(recorded())
    padding = b" " * (MAX_BYTES - len(json.dumps(dataset())) + 1)
    body = padding + json.dumps(dataset()).encode()
    problem = refused(agent.post(DATASETS, content=body, headers=JSON), 413)
    assert problem["detail"] == "A body may have 8,388,608 bytes at most."
    pieces = (body[start : start + 1_000_000] for start in range(0, len(body), 1_000_000))
    refused(agent.post(DATASETS, content=pieces, headers=JSON), 413)
    assert len(recorded()) == before
    assert agent.post(DATASETS, content=body[1:], headers=JSON).status_code == 201


@pytest.mark.parametrize("etag", ["3", '"three"', 'W/"3"', "*", '"1", "2"', f'"{"9" * 19}"'])
def test_an_if_match_that_names_no_version_is_refused(agent: httpx.Client, etag: str) -> None:
    answer = agent.patch(DATASET, json={"name": "x"}, headers={"If-Match": etag})
    assert places(refused(answer, 422)) == ["if-match"]


@pytest.mark.parametrize("position", ["-1", str(2**63), "now", "1e3", ""])
def test_a_position_that_is_none_is_refused(agent: httpx.Client, position: str) -> None:
    answer = agent.get(DATASET, params={"min_position": position})
    assert places(refused(answer, 422)) == ["min_position"]


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from([2**63, 2**64 - 1, 2**64, -(2**63), 5e-324, 1.8e308, -0.0])
    | st.text(st.characters())
    | st.text('\0\ud800\U0010ffff\u2028\\"', max_size=4),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(), max_size=4), inner),
    max_leaves=8,
)


@given(value=anything)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_json_value_is_given_back_as_it_was_sent_or_refused(
    service: Service, value: Any
) -> None:
    agent, held, position = service.client(uuid4(), *AGENT), {"value": value}, 0
    shown: list[tuple[str, Sequence[str]]] = []
    for path, body, part in (
        (DATASETS, dataset(metadata={"custom_fields": held}), ("metadata", "custom_fields")),
        (CONNECTORS, connector(config=held), ("configuration", "config")),
        (TEMPLATES, template(f"type_{uuid4().hex}", schema=held), ("schema",)),
    ):
        answer = agent.post(path, content=json.dumps(body), headers=JSON)
        if answer.is_success:
            shown.append((answer.headers["Location"], part))
            position = answer.json()["position"]
        else:
            refused(answer, 422)
    for address, part in shown:
        document = agent.get(address, params={"min_position": position}).json()
        assert reduce(getitem, part, document) == held


@given(records=st.lists(anything, min_size=1, max_size=4))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_of_any_records_a_template_can_be_made(service: Service, records: list[Any]) -> None:
    agent = service.client(uuid4(), *AGENT)
    body = template(f"type_{uuid4().hex}", records=records)
    answer = agent.post(TEMPLATES, content=json.dumps(body), headers=JSON)
    assert answer.status_code == 201
    assert answer.json()["default_record_count"] == len(records)
