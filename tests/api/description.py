"""What the service says about itself, to hold its real answers to it."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from jsonschema_rs import Draft202012Validator
from pydantic import TypeAdapter

from api.app import create_app
from registry.settings import Settings

ELSEWHERE = "https://issuer.test"


class Operation(NamedTuple):
    """A method of a path: as the application routes it, and as its OpenAPI document has it."""

    method: str
    path: str
    status: int
    response_model: Any
    described: Mapping[str, Any] | None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def path_parameters(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    @property
    def query_parameters(self) -> list[str]:
        parameters = (self.described or {}).get("parameters", [])
        return [parameter["name"] for parameter in parameters if parameter["in"] == "query"]

    def matches(self, request: httpx.Request) -> bool:
        pattern = re.sub(r"{\w+}", "[^/]+", self.path)
        return self.method == request.method and bool(re.fullmatch(pattern, request.url.path))


class Description:
    """The routes of an application with its OpenAPI document."""

    def __init__(self, app: FastAPI) -> None:
        self.document = app.openapi()
        self.operations = list(_operations(app, self.document["paths"]))
        self._schema = cache(self._compiled)

    def hold(self, response: httpx.Response) -> None:
        """Fail unless the answer is as the document and the route's response model say.

        Answers of what the document leaves out, such as its own pages, may be anything.
        """
        operation = next((o for o in self.operations if o.matches(response.request)), None)
        if operation is None or operation.described is None:
            return
        status = str(response.status_code)
        described = operation.described["responses"]
        assert status in described, f"{operation} answers {status}, which is not described"
        media_type = response.headers.get("Content-Type", "").partition(";")[0]
        contents = described[status].get("content", {})
        if not contents:
            assert not response.content, f"{operation} answers {status} with a body"
            return
        assert media_type in contents, f"{operation} answers {status} with {media_type}"
        if media_type.endswith("json"):
            self._schema(operation.path, operation.method, status, media_type).validate(
                response.json()
            )
            if response.status_code == operation.status and operation.response_model:
                TypeAdapter(operation.response_model).validate_json(response.content)

    def _compiled(self, path: str, method: str, status: str, kind: str) -> Draft202012Validator:
        responses = self.document["paths"][path][method.lower()]["responses"]
        schema = responses[status]["content"][kind]["schema"]
        components = self.document["components"]  # where the references in the schema point
        return Draft202012Validator({**schema, "components": components}, validate_formats=True)


@cache
def description() -> Description:
    """Return the description of the service, which is the same wherever it runs."""
    settings = Settings(_env_file=None, oauth_issuer=ELSEWHERE, oauth_jwks_url=ELSEWHERE)
    return Description(create_app(settings, "postgresql://"))


def _operations(app: FastAPI, paths: Mapping[str, Any]) -> Iterator[Operation]:
    for route in iter_route_contexts(app.routes):
        path = str(route.path)
        status, model = 200, None
        if isinstance(route.original_route, APIRoute):
            status, model = route.status_code or 200, route.response_model
        for method in sorted(route.methods or ()):
            yield Operation(method, path, status, model, paths.get(path, {}).get(method.lower()))
