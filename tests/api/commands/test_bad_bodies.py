"""Bodies that cannot be read, are of another type or too large, on every route that takes one."""

import json
from uuid import uuid4

import httpx
import pytest

from api.body_limits import MAX_BYTES, MAX_NESTING
from tests.api.commands.bodies import COMMANDS, CONNECTORS, DATASETS, TEMPLATES, dataset
from tests.api.commands.log import Recorded
from tests.api.commands.refusals import JSON, nested, refused

pytestmark = pytest.mark.usefixtures("quiet")

RETIRE = f"{TEMPLATES}/00000000-0000-4000-8000-000000000000/retire"
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
    json.dumps(dataset(metadata={})).replace("{}", nested(MAX_NESTING)).encode(),
    json.dumps(dataset()).replace("}", ', "a": 1' + "0" * 5_000 + "}").encode(),
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
    "content_type",
    [None, "text/plain", "application/x-www-form-urlencoded", "application/xml", "json", "*/*"],
)
@pytest.mark.parametrize("path", [DATASETS, CONNECTORS, TEMPLATES, RETIRE, COMMANDS])
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
