"""How failures leave the service: exception handlers, and the OpenAPI document that says so."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic.json_schema import models_json_schema
from starlette.exceptions import HTTPException

from api.invalid_fields import invalid_fields
from api.problems import MEDIA_TYPE, Problem, ProblemDetails, ProblemType, responses
from api.request_ids import HEADER

MAX_DETAIL = 500  # characters; a detail may quote the request, but must not echo all of it

_TYPE_OF_STATUS = {kind.status: kind for kind in reversed(ProblemType)}

_UNREADABLE: Mapping[type[Exception], str] = {
    UnicodeDecodeError: "it is not UTF-8",
    ValueError: "a number in it has thousands of digits",
}
"""What parsing a body may fail of, beside its syntax."""

log = structlog.get_logger()


def install(app: FastAPI) -> None:
    """Make the application report every failure as problem details, and document that."""
    app.exception_handler(Problem)(_report_problem)
    app.exception_handler(RequestValidationError)(_report_invalid_request)
    app.exception_handler(HTTPException)(_report_http_exception)
    app.exception_handler(Exception)(_report_unhandled_error)
    _document_problems(app)


def request_id_of(request: Request) -> str:
    """Return the id of the request, giving it one where no middleware has done so."""
    if not hasattr(request.state, "request_id"):
        request.state.request_id = str(uuid4())
    return str(request.state.request_id)


async def _report_problem(request: Request, problem: Problem) -> Response:
    kind = problem.kind
    document = _document(request, kind.uri, kind.title, kind.status, problem.detail, problem.errors)
    if problem.verdict:
        document["verdict"] = problem.verdict
    # Pure ASCII, because a detail may quote half of a surrogate pair, which UTF-8 cannot encode.
    return Response(json.dumps(document), kind.status, problem.headers, MEDIA_TYPE)


async def _report_invalid_request(request: Request, error: RequestValidationError) -> Response:
    if _has_body_of_another_type(request, error):
        detail = "Send the body as application/json, and say so in Content-Type."
        return await _report_problem(request, Problem(ProblemType.UNSUPPORTED_MEDIA_TYPE, detail))
    count = len(error.errors())
    detail = f"{count} part{'s' if count > 1 else ''} of the request cannot be accepted."
    problem = Problem(ProblemType.INVALID_REQUEST, detail, errors=invalid_fields(error))
    return await _report_problem(request, problem)


def _has_body_of_another_type(request: Request, error: RequestValidationError) -> bool:
    """Whether the body was not even read as JSON, since it does not say that it is."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    said_json = media_type == "application/json" or media_type.endswith("+json")
    return bool(error.body) and not said_json


async def _report_http_exception(request: Request, error: HTTPException) -> Response:
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        error.headers = {**(error.headers or {}), "Allow": _allowed_methods(request)}
    detail = _detail_of(error)
    if kind := _TYPE_OF_STATUS.get(error.status_code):
        return await _report_problem(request, Problem(kind, detail, headers=error.headers))
    title = HTTPStatus(error.status_code).phrase
    document = _document(request, "about:blank", title, error.status_code, detail)
    return Response(json.dumps(document), error.status_code, error.headers, MEDIA_TYPE)


def _detail_of(error: HTTPException) -> str:
    """Return what is wrong; of a body that cannot be parsed the framework does not tell."""
    for kind, reason in _UNREADABLE.items():
        if isinstance(error.__cause__, kind):
            return f"The body cannot be read as JSON: {reason}."
    return str(error.detail)


def _allowed_methods(request: Request) -> str:
    """Return all methods of the path (RFC 9110, 15.5.6); the router names those of one route."""
    routes = [
        route
        for route in iter_route_contexts(request.app.routes)
        if route.path_regex.match(request.scope["path"])
    ]
    return ", ".join(sorted({method for route in routes for method in route.methods or ()}))


async def _report_unhandled_error(request: Request, error: Exception) -> Response:
    request_id = request_id_of(request)
    log.error(
        "unhandled_error",
        method=request.method,
        path=request.scope["path"],
        request_id=request_id,
        exc_info=error,
    )
    detail = f"The cause is in the service's log, under request id {request_id}."
    # This answer is given outside of all middleware, so it has to bring the id itself.
    problem = Problem(ProblemType.INTERNAL_ERROR, detail, headers={HEADER: request_id})
    return await _report_problem(request, problem)


def _document(
    request: Request,
    uri: str,
    title: str,
    status: int,
    detail: str,
    errors: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    document = {
        "type": uri,
        "title": title,
        "status": status,
        "detail": detail if len(detail) <= MAX_DETAIL else detail[: MAX_DETAIL - 1] + "…",
        "instance": quote(request.scope["path"])[:MAX_DETAIL],
        "request_id": request_id_of(request),
    }
    return document | {"errors": errors} if errors else document


def _document_problems(app: FastAPI) -> None:
    """Put the problem schema, and it alone as the answer to an invalid request, in the OpenAPI."""
    generate = app.openapi
    _, schemas = models_json_schema(
        [(ProblemDetails, "serialization")], ref_template="#/components/schemas/{model}"
    )

    def openapi() -> dict[str, Any]:
        document = generate()
        components = document.setdefault("components", {}).setdefault("schemas", {})
        components.update(schemas["$defs"])
        # FastAPI documents its own answer to an invalid request, which is never given here.
        for name in ("HTTPValidationError", "ValidationError"):
            components.pop(name, None)
        for operations in document["paths"].values():
            for operation in operations.values():
                if "HTTPValidationError" in str(operation["responses"].get("422")):
                    operation["responses"]["422"] = responses(ProblemType.INVALID_REQUEST)[422]
        return document

    app.openapi = openapi  # type: ignore[method-assign]
