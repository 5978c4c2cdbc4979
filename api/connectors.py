"""Reading and changing a client's connectors."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.access import Reader, Writer
from api.changes import IfMatch, change, owner_of, register
from api.command_side import Key
from api.moments import AsOf, MinPosition, moment
from api.pages import NOT_MODIFIED, PageNumber, PerPage, listed, shown
from api.problems import ProblemType, responses
from api.refusals import COMMAND_PROBLEMS
from api.responses import ChangedConnector, Connector, ConnectorPage
from projections.connectors import connector_by_id, connector_listing
from projections.links import CONNECTORS_PATH
from registry import commands
from registry.text import Text

router = APIRouter(
    prefix=CONNECTORS_PATH,
    tags=["connectors"],
    responses=responses(
        ProblemType.FUTURE_MOMENT,
        ProblemType.UNAUTHORIZED,
        ProblemType.INSUFFICIENT_SCOPE,
        ProblemType.FORBIDDEN,
        ProblemType.UNAVAILABLE,
    ),
)

_COMMAND_RESPONSES = responses(*COMMAND_PROBLEMS)


@router.get("", response_model=ConnectorPage, summary="List connectors")
async def list_connectors(
    request: Request,
    caller: Reader,
    client_id: UUID | None = None,
    page: PageNumber = 1,
    per_page: PerPage = 50,
    as_of: AsOf = None,
    min_position: MinPosition = 0,
) -> Response:
    """List connectors by name."""
    at = await moment(request, as_of, min_position)
    tenant = caller.tenant(client_id)
    return await listed(request, connector_listing, "connectors", tenant, page, per_page, at)


@router.get(
    "/{connector_id}",
    response_model=Connector,
    responses={**responses(ProblemType.NOT_FOUND), **NOT_MODIFIED},
    summary="Show a connector",
)
async def show_connector(
    request: Request,
    connector_id: UUID,
    caller: Reader,
    as_of: AsOf = None,
    min_position: MinPosition = 0,
) -> Response:
    """Show a connector with its last known health."""
    at = await moment(request, as_of, min_position)
    return await shown(request, connector_by_id, "connector", caller.tenant(), connector_id, at)


@router.post(
    "",
    status_code=201,
    response_model=ChangedConnector,
    responses=_COMMAND_RESPONSES,
    summary="Register a connector",
)
async def register_connector(
    request: Request, caller: Writer, command: commands.RegisterConnector, key: Key = None
) -> Response:
    """Register a connector; its configuration names secrets by reference and never holds one."""
    return await register(request, caller, command, key, CONNECTORS_PATH)


@router.patch(
    "/{connector_id}",
    response_model=ChangedConnector,
    responses=_COMMAND_RESPONSES,
    summary="Revise a connector",
)
async def revise_connector(
    request: Request,
    caller: Writer,
    connector_id: UUID,
    command: commands.ReviseConnector,
    if_match: IfMatch = None,
    key: Key = None,
) -> Response:
    """Change a connector's name or configuration; what is left out stays."""
    return await _change(request, caller, connector_id, command, if_match, key)


@router.post(
    "/{connector_id}/health",
    response_model=ChangedConnector,
    responses=_COMMAND_RESPONSES,
    summary="Record a connector's health",
)
async def record_health(
    request: Request,
    caller: Writer,
    connector_id: UUID,
    command: commands.RecordConnectorHealth,
    if_match: IfMatch = None,
    key: Key = None,
) -> Response:
    """Record what a look at the source system found."""
    return await _change(request, caller, connector_id, command, if_match, key)


@router.delete(
    "/{connector_id}",
    status_code=204,
    responses=_COMMAND_RESPONSES,
    summary="Remove a connector",
)
async def remove_connector(
    request: Request,
    caller: Writer,
    connector_id: UUID,
    reason: Annotated[Text, Query()] = "",
    if_match: IfMatch = None,
    key: Key = None,
) -> Response:
    """Remove a connector; its name is free again."""
    command = commands.RemoveConnector(reason=reason)
    return await _change(request, caller, connector_id, command, if_match, key, empty=True)


async def _change(
    request: Request,
    caller: Writer,
    connector_id: UUID,
    command: commands.Command,
    if_match: str | None,
    key: str | None,
    *,
    empty: bool = False,
) -> Response:
    owner = await owner_of(request, caller, connector_by_id, connector_id)
    return await change(request, caller, command, connector_id, owner, if_match, key, empty=empty)
