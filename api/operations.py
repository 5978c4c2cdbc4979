"""What operators look at: how far the read models have come, and metrics for Prometheus."""

from contextlib import suppress

import orjson
from fastapi import APIRouter, Request, Response, Security

from api.access import caller
from api.caller import Scope
from api.event_tail import EventTail
from api.metrics import MEDIA_TYPE, Metrics
from api.pages import POSITION_HEADER
from api.problems import Problem, ProblemType, responses
from api.read_database import reads
from api.responses import Progress
from projections.links import ROOT
from projections.progress import PROGRESS

router = APIRouter(tags=["operations"])

_SAMPLE = """\
# HELP registry_projection_lag_seconds Age of the oldest event not yet projected.
# TYPE registry_projection_lag_seconds gauge
registry_projection_lag_seconds{projection="datasets"} 0.0
"""


@router.get(
    f"{ROOT}/projections",
    response_model=Progress,
    dependencies=[Security(caller, scopes=[Scope.DATASETS_READ])],
    responses=responses(
        ProblemType.UNAUTHORIZED, ProblemType.INSUFFICIENT_SCOPE, ProblemType.UNAVAILABLE
    ),
    summary="List the read models",
)
async def list_projections(request: Request) -> Response:
    """List the read models, with how far each has come and how far it is behind the log."""
    head, _, progress = await reads(request).row(PROGRESS)
    body = b'{"head":%d,"projections":%b}' % (head, progress or b"[]")
    return Response(body, headers={POSITION_HEADER: str(head)}, media_type="application/json")


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"example": _SAMPLE}}}},
    summary="Metrics",
)
async def metrics(request: Request) -> Response:
    """Tell Prometheus how requests go, and how far the read models are behind.

    Open like `/health`, as scrapers expect: there are numbers, names of routes and of read models,
    and nothing of what any client has. Without a database the numbers of requests are still told.
    """
    head, progress = None, b"[]"
    with suppress(Problem):  # told by registry_database_up
        head, _, progress = await reads(request).row(PROGRESS)
    told: Metrics = request.app.state.metrics
    tail: EventTail = request.app.state.tail
    body = told.exposition(tail.followers, head, orjson.loads(progress or b"[]"))
    return Response(body, media_type=MEDIA_TYPE)
