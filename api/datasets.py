"""Reading datasets; each client sees its own."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.access import Reader
from api.moments import AsOf, MinPosition, moment
from api.pages import (
    NOT_MODIFIED,
    PageNumber,
    PerPage,
    found_document,
    listed,
    shown,
)
from api.problems import ProblemType, responses
from api.read_database import reads
from api.responses import Dataset, DatasetPage, QualityReportPage
from projections.datasets import dataset_by_id, dataset_listing
from projections.links import DATASETS_PATH
from projections.quality_checks import quality_check_listing
from registry.dataset import Stage, Status
from registry.text import Slug

router = APIRouter(
    prefix=DATASETS_PATH,
    tags=["datasets"],
    responses=responses(
        ProblemType.FUTURE_MOMENT,
        ProblemType.UNAUTHORIZED,
        ProblemType.INSUFFICIENT_SCOPE,
        ProblemType.FORBIDDEN,
        ProblemType.UNAVAILABLE,
    ),
)


@router.get("", response_model=DatasetPage, summary="List datasets")
async def list_datasets(
    request: Request,
    caller: Reader,
    client_id: UUID | None = None,
    journey_id: UUID | None = None,
    stage: Stage | None = None,
    status: Status | None = None,
    dataset_type: Annotated[Slug | None, Query()] = None,
    page: PageNumber = 1,
    per_page: PerPage = 50,
    as_of: AsOf = None,
    min_position: MinPosition = 0,
) -> Response:
    """List datasets, the newest first, narrowed by any of the filters."""
    at = await moment(request, as_of, min_position)
    return await listed(
        request,
        dataset_listing,
        "datasets",
        caller.tenant(client_id),
        page,
        per_page,
        at,
        journey_id=journey_id,
        stage=stage,
        status=status,
        dataset_type=dataset_type,
    )


@router.get(
    "/{dataset_id}",
    response_model=Dataset,
    responses={**responses(ProblemType.NOT_FOUND), **NOT_MODIFIED},
    summary="Show a dataset",
)
async def show_dataset(
    request: Request,
    dataset_id: UUID,
    caller: Reader,
    as_of: AsOf = None,
    min_position: MinPosition = 0,
) -> Response:
    """Show a dataset with the latest result of each quality check."""
    at = await moment(request, as_of, min_position)
    return await shown(request, dataset_by_id, "dataset", caller.tenant(), dataset_id, at)


@router.get(
    "/{dataset_id}/quality-checks",
    response_model=QualityReportPage,
    responses=responses(ProblemType.NOT_FOUND),
    summary="List a dataset's quality reports",
)
async def list_quality_reports(
    request: Request,
    dataset_id: UUID,
    caller: Reader,
    page: PageNumber = 1,
    per_page: PerPage = 50,
    as_of: AsOf = None,
    min_position: MinPosition = 0,
) -> Response:
    """List every report of quality checks on a dataset, the newest first."""
    tenant = caller.tenant()
    at = await moment(request, as_of, min_position)
    known = dataset_by_id.of(tenant, dataset_id, at.as_of)
    found_document(await reads(request).at(known, at), "dataset")
    return await listed(
        request,
        quality_check_listing,
        "quality_reports",
        tenant,
        page,
        per_page,
        at,
        dataset_id=dataset_id,
    )
