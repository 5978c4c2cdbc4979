"""Asking for scans and following them; a `discovery watch` carries them out, never this process.

What is scanned is the watch's own list: a request names one of its sources, and can name no path,
host or option. So no request can make a worker read what its operator did not choose.
"""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.access import TemplateWriter
from api.command_side import Key, idempotency_key, reply_to_one, submission
from api.moments import AsOf, MinPosition, moment
from api.pages import NOT_MODIFIED, PageNumber, PerPage, listed, shown
from api.problems import ProblemType, responses
from api.refusals import COMMAND_PROBLEMS
from api.responses import RequestedScan, Scan, ScanPage
from projections.links import SCANS_PATH
from projections.query import EVERYONE
from projections.scans import scan_by_id, scan_listing
from registry import commands
from registry.scan import ScanStatus, SourceName

router = APIRouter(
    prefix=SCANS_PATH,
    tags=["scans"],
    responses=responses(
        ProblemType.FUTURE_MOMENT,
        ProblemType.UNAUTHORIZED,
        ProblemType.INSUFFICIENT_SCOPE,
        ProblemType.UNAVAILABLE,
    ),
)


class ScanRequest(BaseModel):
    """Which source is to be scanned, by its name in the `discovery.toml` of a running watch."""

    model_config = ConfigDict(extra="forbid")

    source: Annotated[SourceName, Field(examples=["shop"])]


@router.get("", response_model=ScanPage, summary="List scans")
async def list_scans(
    request: Request,
    caller: TemplateWriter,
    source: Annotated[SourceName | None, Query()] = None,
    status: ScanStatus | None = None,
    page: PageNumber = 1,
    per_page: PerPage = 50,
    as_of: AsOf = None,
    min_position: MinPosition = 0,
) -> Response:
    """List scans, the latest first: those requested here, and those that were due."""
    at = await moment(request, as_of, min_position)
    return await listed(
        request, scan_listing, "scans", EVERYONE, page, per_page, at, source=source, status=status
    )


@router.get(
    "/{scan_id}",
    response_model=Scan,
    responses={**responses(ProblemType.NOT_FOUND), **NOT_MODIFIED},
    summary="Show a scan",
)
async def show_scan(
    request: Request,
    caller: TemplateWriter,
    scan_id: UUID,
    as_of: AsOf = None,
    min_position: MinPosition = 0,
) -> Response:
    """Show how far a scan has come, and once it has ended what it found."""
    at = await moment(request, as_of, min_position)
    return await shown(request, scan_by_id, "scan", EVERYONE, scan_id, at)


@router.post(
    "",
    status_code=202,
    response_model=RequestedScan,
    responses=responses(*COMMAND_PROBLEMS),
    summary="Request a scan",
)
async def request_scan(
    request: Request, caller: TemplateWriter, wanted: ScanRequest, key: Key = None
) -> Response:
    """Request a scan of a source that a watch lists; a watch takes it, usually within a second.

    Follow `Location` to see how it goes. While a scan of the source waits, no other can be
    requested; while one runs, one more can.
    """
    command = commands.RequestScan(source=wanted.source)
    wish = submission(request, caller, command, uuid4(), None)
    once = await idempotency_key(request, caller, key)
    return await reply_to_one(request, wish, once, created_at=SCANS_PATH, created=202)
