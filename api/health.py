"""Whether the service lives, and whether it can do its work."""

from fastapi import APIRouter, Request, Response
from pydantic import TypeAdapter

from api.problems import Problem
from api.read_database import ReadDatabase, TableMissing, reads
from api.responses import Live, ProjectionState, Ready
from projections.progress import PROGRESS, shortcomings
from registry.database import latest_revision

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
    except TableMissing:
        state = Ready(database="reachable", problems=_migration_problems(None))
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
        problems=[
            *_migration_problems(migration),
            *shortcomings({state.name: state.lag_seconds for state in projections}),
        ],
    )


def _migration_problems(migration: str | None) -> list[str]:
    expected = latest_revision()
    if migration == expected:
        return []
    found = f"at revision {migration}" if migration else "not migrated"
    return [f"The database is {found}; {expected} is needed: python -m registry migrate"]
