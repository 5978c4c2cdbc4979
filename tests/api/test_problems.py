"""Whatever goes wrong, the client gets problem details, and nothing it should not see."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal
from uuid import UUID

import httpx
import jsonschema_rs
import pytest
from fastapi import FastAPI, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from structlog.testing import capture_logs

from api import problem_reports
from api.invalid_fields import MAX_FIELDS, MAX_TEXT
from api.problem_reports import MAX_DETAIL
from api.problems import MEDIA_TYPE, Problem, ProblemDetails, ProblemType, responses

pytestmark = pytest.mark.anyio


class Constant(BaseModel):
    kind: Literal["constant"]
    value: int


class Range(BaseModel):
    kind: Literal["range"]
    bounds: list[int]


class Rule(BaseModel):
    model_config = ConfigDict(extra="forbid")

    column: str
    check: Annotated[Constant | Range, Field(discriminator="kind")]
    labels: dict[str, int] = {}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()
    problem_reports.install(app)

    @app.post("/rules/{number}")
    async def add(number: int, rule: Rule, limit: Annotated[int, Query(gt=0)] = 1) -> None:
        """Take a rule."""

    @app.get("/taken", responses=responses(ProblemType.CONFLICT, ProblemType.RULE_BROKEN))
    async def taken() -> None:
        raise Problem(ProblemType.RULE_BROKEN, "It is taken.", headers={"Retry-After": "5"})

    @app.get("/long")
    async def long() -> None:
        raise Problem(ProblemType.NOT_FOUND, "x" * 10_000)

    @app.get("/surrogate")
    async def surrogate() -> None:
        raise Problem(ProblemType.NOT_FOUND, "\ud800")

    @app.get("/teapot")
    async def teapot() -> None:
        raise HTTPException(418, "Short and stout.", headers={"X-Spout": "here"})

    @app.get("/forbidden")
    async def forbidden() -> None:
        raise HTTPException(403)

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("SELECT secret FROM vault")

    @app.get("/known")
    async def known(request: Request) -> None:
        request.state.request_id = "given-by-a-middleware"
        raise Problem(ProblemType.NOT_FOUND, "It is not here.")

    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://registry.test") as client:
        yield client


def problem_in(response: httpx.Response) -> dict[str, Any]:
    assert response.headers["Content-Type"] == MEDIA_TYPE
    problem: dict[str, Any] = response.json()
    ProblemDetails.model_validate(problem)
    assert problem["status"] == response.status_code
    return problem


async def invalid_fields(client: httpx.AsyncClient, rule: Any) -> list[dict[str, str]]:
    response = await client.post("/rules/1", json=rule)
    assert response.status_code == 422
    errors: list[dict[str, str]] = problem_in(response)["errors"]
    return errors


async def test_a_problem_is_reported_in_full_with_its_headers(client: httpx.AsyncClient) -> None:
    response = await client.get("/taken")
    problem = problem_in(response)
    assert UUID(problem.pop("request_id"))
    assert problem == {
        "type": "urn:dataset-registry:problem:rule-broken",
        "title": "The command breaks a rule of the registry",
        "status": 409,
        "detail": "It is taken.",
        "instance": "/taken",
    }
    assert response.headers["Retry-After"] == "5"


async def test_a_problem_carries_the_request_id_given_by_a_middleware(
    client: httpx.AsyncClient,
) -> None:
    assert problem_in(await client.get("/known"))["request_id"] == "given-by-a-middleware"


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/nowhere", ProblemType.NOT_FOUND),
        ("DELETE", "/taken", ProblemType.METHOD_NOT_ALLOWED),
        ("GET", "/forbidden", ProblemType.FORBIDDEN),
    ],
)
async def test_what_the_framework_refuses_is_a_problem_too(
    client: httpx.AsyncClient, method: str, path: str, kind: ProblemType
) -> None:
    assert problem_in(await client.request(method, path))["type"] == kind.uri


async def test_a_status_outside_the_table_is_about_blank(client: httpx.AsyncClient) -> None:
    response = await client.get("/teapot")
    problem = problem_in(response)
    assert (problem["type"], problem["title"]) == ("about:blank", "I'm a Teapot")
    assert problem["detail"] == "Short and stout."
    assert response.headers["X-Spout"] == "here"


@pytest.mark.parametrize(
    ("rule", "pointer"),
    [
        ({"check": {"kind": "constant", "value": 1}}, "#/column"),
        ({"column": "a", "check": {"kind": "constant", "value": "x"}}, "#/check/value"),
        ({"column": "a", "check": {"kind": "constant"}}, "#/check/value"),
        ({"column": "a", "check": {"kind": "range", "bounds": [1, "x"]}}, "#/check/bounds/1"),
        ({"column": "a", "check": {"kind": "odd"}}, "#/check"),
        (
            {"column": "a", "check": {"kind": "constant", "value": 1}, "labels": {"a/~ é": "x"}},
            "#/labels/a~1~0%20%C3%A9",
        ),
        ({"column": "a", "check": {"kind": "constant", "value": 1}, "extra": 1}, "#/extra"),
        ([], "#"),
    ],
)
async def test_a_fault_in_the_body_is_found_by_its_pointer(
    client: httpx.AsyncClient, rule: Any, pointer: str
) -> None:
    assert [error["pointer"] for error in await invalid_fields(client, rule)] == [pointer]


async def test_a_fault_in_a_parameter_is_found_by_its_name(client: httpx.AsyncClient) -> None:
    rule = {"column": "a", "check": {"kind": "constant", "value": 1}}
    response = await client.post("/rules/one?limit=0", json=rule)
    assert [error["parameter"] for error in problem_in(response)["errors"]] == ["number", "limit"]


async def test_a_body_that_is_no_json_is_told_where_it_breaks(
    client: httpx.AsyncClient,
) -> None:
    headers = {"Content-Type": "application/json"}
    response = await client.post("/rules/1", content=b'{"column": }', headers=headers)
    (error,) = problem_in(response)["errors"]
    assert error == {
        "pointer": "#",
        "detail": "JSON decode error at character 11: Expecting value",
    }


@pytest.mark.parametrize("body", [b"\xff", b"[" * 100_000, b'{"\\ud800": 1}', b'{"check": NaN}'])
async def test_a_hostile_body_is_the_clients_fault(client: httpx.AsyncClient, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    response = await client.post("/rules/1", content=body, headers=headers)
    assert problem_in(response)["status"] in {400, 422}


async def test_a_huge_request_is_not_echoed(client: httpx.AsyncClient) -> None:
    huge = "x" * 30_000
    rule = {"column": "a", "check": {"kind": huge}, "labels": dict.fromkeys(map(str, range(1000)))}
    response = await client.post(f"/rules/{huge}?limit={huge}", json=rule | {huge: 1})
    problem = problem_in(response)
    assert len(problem["errors"]) == MAX_FIELDS
    assert problem["detail"] == "1004 parts of the request cannot be accepted."
    assert all(len(text) <= MAX_TEXT for error in problem["errors"] for text in error.values())
    assert len(response.content) < MAX_FIELDS * MAX_TEXT * 2 + MAX_DETAIL * 2
    assert len(problem_in(await client.get("/long"))["detail"]) == MAX_DETAIL


async def test_half_of_a_surrogate_pair_can_be_reported(client: httpx.AsyncClient) -> None:
    response = await client.get("/surrogate")
    assert json.loads(response.content)["detail"] == "\ud800"


async def test_an_unexpected_error_is_logged_under_the_request_id_and_kept_from_the_client(
    client: httpx.AsyncClient,
) -> None:
    with capture_logs() as logs:
        response = await client.get("/broken")
    problem = problem_in(response)
    assert problem["type"] == ProblemType.INTERNAL_ERROR.uri
    assert "SELECT" not in response.text
    assert "Traceback" not in response.text
    (entry,) = logs
    assert entry["request_id"] == problem["request_id"] == response.headers["X-Request-Id"]
    assert str(entry["exc_info"]) == "SELECT secret FROM vault"


def test_every_kind_of_problem_has_a_uri_of_its_own() -> None:
    assert len({kind.uri for kind in ProblemType}) == len(ProblemType)
    assert ProblemType.NOT_FOUND.uri == "urn:dataset-registry:problem:not-found"


async def test_openapi_describes_the_problems_that_are_really_answered(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    document = app.openapi()
    assert "HTTPValidationError" not in json.dumps(document)
    validator = jsonschema_rs.validator_for(
        {"$ref": "#/components/schemas/ProblemDetails", "components": document["components"]}
    )
    documented = {
        "/taken": document["paths"]["/taken"]["get"]["responses"]["409"],
        "/rules/one": document["paths"]["/rules/{number}"]["post"]["responses"]["422"],
    }
    answers = {"/taken": await client.get("/taken"), "/rules/one": await client.post("/rules/one")}
    for path, response in documented.items():
        assert response["content"] == {
            MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}
        }
        validator.validate(answers[path].json())
