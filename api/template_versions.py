"""The versions of templates' schemas: what they were, and what would become of another one."""

from typing import Annotated, Any
from uuid import UUID

import anyio.to_thread
import msgspec
import orjson
from fastapi import APIRouter, Path, Query, Request, Response, Security
from pydantic import BaseModel, ConfigDict, Field

from api.access import Reader, caller
from api.caller import Caller, Scope
from api.command_side import CommandSide
from api.moments import AsOf, MinPosition, moment
from api.pages import (
    NOT_MODIFIED,
    POSITION_HEADER,
    PageNumber,
    PerPage,
    document_response,
    found_document,
    page_response,
)
from api.problems import ProblemType, responses
from api.read_database import Moment, reads
from api.refusals import problem_of
from api.responses import SchemaDiff, SchemaVersion, SchemaVersionPage, Verdict
from projections.links import ROOT, TEMPLATES_PATH
from projections.query import EVERYONE
from projections.template_versions import key_of, version_by_key, version_listing
from registry.compatibility import Mode, differences
from registry.errors import RegistryError
from registry.text import JsonObject

router = APIRouter(
    tags=["templates"],
    dependencies=[Security(caller, scopes=[Scope.DATASETS_READ])],
    responses=responses(
        ProblemType.FUTURE_MOMENT,
        ProblemType.UNAUTHORIZED,
        ProblemType.INSUFFICIENT_SCOPE,
        ProblemType.UNAVAILABLE,
    ),
)

Number = Annotated[int, Path(ge=1, le=2**31 - 1, examples=[1])]
VERSIONS_PATH = TEMPLATES_PATH + "/{template_id}/versions"


class SchemaTrial(BaseModel):
    """A schema to be tried, and against which mode unless it is the template's own."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    json_schema: Annotated[JsonObject, Field(alias="schema")]
    mode: Mode | None = None


@router.get(VERSIONS_PATH, response_model=SchemaVersionPage, summary="List a schema's versions")
async def list_versions(
    request: Request,
    caller: Reader,
    template_id: UUID,
    page: PageNumber = 1,
    per_page: PerPage = 50,
    as_of: AsOf = None,
    min_position: MinPosition = 0,
) -> Response:
    """List the versions of a template's schema, the newest first."""
    at = await moment(request, as_of, min_position)
    return await _listed(request, caller, at, page, per_page, template_id=template_id)


@router.get(f"{ROOT}/schemas/{{digest}}", response_model=SchemaVersionPage, summary="Find a schema")
async def find_schema(
    request: Request,
    caller: Reader,
    digest: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", examples=["0" * 64])],
    page: PageNumber = 1,
    per_page: PerPage = 50,
    as_of: AsOf = None,
    min_position: MinPosition = 0,
) -> Response:
    """List the versions of all templates that have a schema of that digest, of equal meaning."""
    at = await moment(request, as_of, min_position)
    return await _listed(request, caller, at, page, per_page, digest=digest)


@router.get(
    VERSIONS_PATH + "/{number}",
    response_model=SchemaVersion,
    responses={**responses(ProblemType.NOT_FOUND), **NOT_MODIFIED},
    summary="Show a version of a schema",
)
async def show_version(
    request: Request,
    caller: Reader,
    template_id: UUID,
    number: Number,
    as_of: AsOf = None,
    min_position: MinPosition = 0,
) -> Response:
    """Show a version of a template's schema, as it is worded now."""
    at = await moment(request, as_of, min_position)
    row = await _version(request, template_id, number, at)
    document = _told(caller, orjson.loads(found_document(row, "version")))
    return document_response(request, (row[0], row[1], orjson.dumps(document)), "version")


@router.get(
    TEMPLATES_PATH + "/{template_id}/diff",
    response_model=SchemaDiff,
    responses=responses(ProblemType.NOT_FOUND),
    summary="Compare two versions of a schema",
)
async def show_differences(
    request: Request,
    template_id: UUID,
    from_: Annotated[int, Query(alias="from", ge=1, le=2**31 - 1, examples=[1])],
    to: Annotated[int, Query(ge=1, le=2**31 - 1, examples=[2])],
    as_of: AsOf = None,
    min_position: MinPosition = 0,
) -> Response:
    """Tell what one version accepts and the other does not, place by place.

    Another wording of the same is no difference.
    """
    at = await moment(request, as_of, min_position)
    rows = [await _version(request, template_id, number, at) for number in (from_, to)]
    old, new = [
        orjson.loads(found_document(row, f"version {number}"))["schema"]
        for row, number in zip(rows, (from_, to), strict=True)
    ]
    found = await anyio.to_thread.run_sync(differences, old, new)
    body = {
        "template_id": str(template_id),
        "from": from_,
        "to": to,
        "differences": msgspec.to_builtins(found),
    }
    headers = {POSITION_HEADER: str(min(row[0] for row in rows))}
    return Response(orjson.dumps(body), headers=headers, media_type="application/json")


@router.post(
    TEMPLATES_PATH + "/{template_id}/compatibility",
    response_model=Verdict,
    responses=responses(
        ProblemType.MALFORMED_REQUEST,
        ProblemType.NOT_FOUND,
        ProblemType.CONTENT_TOO_LARGE,
        ProblemType.UNSUPPORTED_MEDIA_TYPE,
        ProblemType.INVALID_REQUEST,
    ),
    summary="Try a schema",
)
async def try_schema(request: Request, template_id: UUID, trial: SchemaTrial) -> Response:
    """Tell what would become of a schema if it were registered now, and register nothing.

    What people said of fields is applied to it, as it would be then.
    """
    side: CommandSide = request.app.state.commands
    try:
        verdict = await side.judge(template_id, trial.json_schema, trial.mode)
    except RegistryError as error:
        raise problem_of(error) from error
    return Response(orjson.dumps(verdict), media_type="application/json")


async def _listed(
    request: Request, caller: Caller, at: Moment, page: int, per_page: int, **filters: Any
) -> Response:
    query = version_listing.page(EVERYONE, per_page, (page - 1) * per_page, at.as_of, **filters)
    position, total_count, documents = await reads(request).at(query, at)
    told = [_told(caller, each) for each in orjson.loads(documents or b"[]")]
    row = (position, total_count, orjson.dumps(told))
    return page_response(request, row, "versions", page, per_page)


async def _version(
    request: Request, template_id: UUID, number: int, at: Moment
) -> tuple[int, int | None, bytes | None]:
    key = key_of(template_id, number)
    row: tuple[int, int | None, bytes | None] = await reads(request).at(
        version_by_key.of(EVERYONE, key, at.as_of), at
    )
    return row


def _told(caller: Caller, version: dict[str, Any]) -> dict[str, Any]:
    """Return a version without who of another client made it, which templates do not tell."""
    whose = version["client_id"]
    if whose and not caller.is_admin and UUID(whose) != caller.client_id:
        return {**version, "created_by": None, "client_id": None}
    return version
