"""Whether the service lives, and whether it can do its work."""

from fastapi import APIRouter, Request, Response
from pydantic import TypeAdapter

from api.problems import Problem
from api.read_database import ReadDatabase, reads
from api.responses import Live, ProjectionState, Ready
from projections.catalogue import READ_MODELS
from projections.progress import PROGRESS
from registry.database import latest_revision

MAX_LAG_SECONDS = 30
"""A read model that has been behind for longer than this makes the service unready."""

router = APIRouter(prefix="/health", tags=["health"])

_STATES = TypeAdapter(list[ProjectionState])


@router.get("", summary="Live?")
async def live() -> Live:
    """Answer, and so tell that the process lives."""
    return Live()


@router.get("/ready", summary="Ready?", responses={503: {"model": Ready}})
async def ready(request: Request, response: Response) -> Ready:
    """Tell whether database, migration and read models are in order; 503 when they are not."""
    try:
        state = await _state(reads(request))
    except Problem as problem:
        state = Ready(problems=[problem.detail])
    if state.problems:
        state.status = "not ready"
        response.status_code = 503
    return state


async def _state(database: ReadDatabase) -> Ready:
    head, migration, progress = await database.row(PROGRESS)
    projections = _STATES.validate_json(progress or b"[]")
    return Ready(
        database="reachable",
        migration=migration,
        head=head,
        projections=projections,
        problems=[*_migration_problems(migration), *_projection_problems(projections)],
    )


def _migration_problems(migration: str | None) -> list[str]:
    expected = latest_revision()
    if migration == expected:
        return []
    return [f"The database is at revision {migration}, not {expected}: python -m registry migrate"]


def _projection_problems(projections: list[ProjectionState]) -> list[str]:
    built = {projection.name for projection in projections}
    missing = [
        f"{name} is not built yet: is a projector running?" for name in READ_MODELS.keys() - built
    ]
    late = [
        f"{projection.name} has been behind for {projection.lag_seconds:.0f} s"
        for projection in projections
        if projection.lag_seconds > MAX_LAG_SECONDS
    ]
    return sorted(missing) + late
