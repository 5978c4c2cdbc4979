"""Ordering that a read model be built anew, and looking how that gets on."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Path, Request, Response

from api.access import Admin
from api.problems import Problem, ProblemType, responses
from api.read_database import reads
from api.responses import Rebuild
from projections import rebuild_orders
from projections.catalogue import READ_MODELS
from projections.links import ROOT

REBUILDS_PATH = f"{ROOT}/projections/{{name}}/rebuild"

Name = Annotated[str, Path(pattern=r"^[a-z_]{1,63}$", examples=["datasets"])]

router = APIRouter(
    tags=["operations"],
    responses=responses(
        ProblemType.UNAUTHORIZED,
        ProblemType.INSUFFICIENT_SCOPE,
        ProblemType.NOT_FOUND,
        ProblemType.UNAVAILABLE,
    ),
)


@router.post(
    REBUILDS_PATH,
    status_code=202,
    response_model=Rebuild,
    responses=responses(ProblemType.CONFLICT),
    summary="Build a read model anew",
)
async def order_rebuild(
    request: Request, name: Name, admin: Admin, verify: bool = False
) -> Response:
    """Have the projector build the next generation beside the live one, and switch to it.

    With `verify` the two are compared first, and a difference stops the switch.
    """
    if name not in READ_MODELS:
        raise Problem(ProblemType.NOT_FOUND, f"There is no read model {name}.")
    rebuild_id = uuid4()
    order = rebuild_orders.order(rebuild_id, name, verify=verify, ordered_by=admin.subject)
    (taken,) = await reads(request).values(order)
    if not taken:
        raise Problem(ProblemType.CONFLICT, f"A rebuild of {name} is under way already.")
    shown = await _shown(request, rebuild_id, name)
    location = f"{ROOT}/projections/{name}/rebuild/{rebuild_id}"
    return Response(shown, 202, {"Location": location}, "application/json")


@router.get(
    f"{REBUILDS_PATH}/{{rebuild_id}}", response_model=Rebuild, summary="Show how a rebuild gets on"
)
async def show_rebuild(request: Request, name: Name, rebuild_id: UUID, admin: Admin) -> Response:
    """Show the status of a rebuild: waiting, building with the position reached, done or failed."""
    return Response(await _shown(request, rebuild_id, name), media_type="application/json")


async def _shown(request: Request, rebuild_id: UUID, name: str) -> bytes:
    (shown,) = await reads(request).values(rebuild_orders.progress(rebuild_id, name))
    if shown is None:
        raise Problem(ProblemType.NOT_FOUND, f"There is no such rebuild of {name}.")
    return bytes(shown)
