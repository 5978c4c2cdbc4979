"""The problems the service reports, after RFC 9457 (Problem Details for HTTP APIs).

Every failure is an ``application/problem+json`` document whose ``type`` is
``urn:dataset-registry:problem:<name>``, with a name from the table `ProblemType`. A status that
has no row there is reported as ``about:blank``, as the RFC asks.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from pydantic import BaseModel, Field

from api.responses.verdict import Verdict

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:dataset-registry:problem:"


class ProblemType(Enum):
    """The kinds of problem, each with the name in its URI, its HTTP status and its title."""

    MALFORMED_REQUEST = "malformed-request", 400, "The request cannot be read"
    FUTURE_MOMENT = "future-moment", 400, "The moment has not come yet"
    UNAUTHORIZED = "unauthorized", 401, "A valid access token is required"
    FORBIDDEN = "forbidden", 403, "The caller may not do this"
    INSUFFICIENT_SCOPE = "insufficient-scope", 403, "The access token lacks a scope"
    NOT_FOUND = "not-found", 404, "There is no such thing"
    METHOD_NOT_ALLOWED = "method-not-allowed", 405, "The method is not supported here"
    CONFLICT = "conflict", 409, "Somebody else changed the same thing"
    RULE_BROKEN = "rule-broken", 409, "The command breaks a rule of the registry"
    INCOMPATIBLE_SCHEMA = "incompatible-schema", 409, "The schema breaks what was promised"
    NOT_CARRIED_OUT = "not-carried-out", 409, "The batch was refused for another command's sake"
    PRECONDITION_FAILED = "precondition-failed", 412, "It has changed since it was read"
    CONTENT_TOO_LARGE = "content-too-large", 413, "The request body is too large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type", 415, "The body has an unsupported media type"
    INVALID_REQUEST = "invalid-request", 422, "The request is not as described"
    TOO_MANY_REQUESTS = "too-many-requests", 429, "There are too many requests"
    INTERNAL_ERROR = "internal-error", 500, "The service failed"
    UNAVAILABLE = "unavailable", 503, "The service cannot answer at the moment"

    def __init__(self, name_in_uri: str, status: int, title: str) -> None:
        self.uri = TYPE_PREFIX + name_in_uri
        self.status = status
        self.title = title


class Problem(Exception):
    """A failure to report to the client.

    Args:
        kind: The row of the table of problems it belongs to.
        detail: What is wrong with this very request, and what to do about it.
        errors: The places in the request that are at fault: each has a ``detail`` and either a
            ``pointer`` into the body or the name of a ``parameter``.
        verdict: Why a schema is incompatible, with a witness.
        headers: HTTP headers to send along, such as ``Retry-After``.
    """

    def __init__(
        self,
        kind: ProblemType,
        detail: str,
        *,
        errors: Sequence[Mapping[str, str]] = (),
        verdict: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.errors = errors
        self.verdict = verdict
        self.headers = headers


class FieldError(BaseModel):
    """A place in the request body that is at fault."""

    pointer: str = Field(description="JSON Pointer to the place, as a URI fragment (RFC 6901).")
    detail: str


class ParameterError(BaseModel):
    """A path, query, header or cookie parameter that is at fault."""

    parameter: str
    detail: str


class ProblemDetails(BaseModel):
    """What went wrong, after RFC 9457."""

    type: str = Field(description="URI of the kind of problem; stable, to be told apart by.")
    title: str = Field(description="The kind of problem in a few words.")
    status: int
    detail: str = Field(description="What is wrong with this very request.")
    instance: str = Field(description="Path of the request.")
    request_id: str = Field(description="Id of the request in the service's log.")
    errors: list[FieldError | ParameterError] = Field([], description="The places at fault.")
    verdict: Verdict | None = Field(None, description="Why a schema is incompatible.")


def responses(*kinds: ProblemType) -> dict[int | str, dict[str, Any]]:
    """Document the problems a route may answer with, for FastAPI's ``responses=``."""
    titles: dict[int, list[str]] = {}
    for kind in kinds:
        titles.setdefault(kind.status, []).append(kind.title)
    schema = {"$ref": f"#/components/schemas/{ProblemDetails.__name__}"}
    return {
        status: {"description": "; ".join(found), "content": {MEDIA_TYPE: {"schema": schema}}}
        for status, found in titles.items()
    }
