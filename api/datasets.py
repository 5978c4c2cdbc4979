"""Reading datasets; each client sees its own."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.access import Reader
from api.pages import PageNumber, PerPage, document_response, page_response
from api.problems import ProblemType, responses
from api.read_database import reads
from api.responses import Dataset, DatasetPage
from projections.datasets import dataset_by_id, dataset_listing
from projections.links import DATASETS_PATH
from registry.dataset import Stage, Status
from registry.text import Slug

router = APIRouter(
    prefix=DATASETS_PATH,
    tags=["datasets"],
    responses=responses(
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
) -> Response:
    """List datasets, the newest first, narrowed by any of the filters."""
    query = dataset_listing.page(
        per_page,
        (page - 1) * per_page,
        client_id=caller.tenant(client_id),
        journey_id=journey_id,
        stage=stage,
        status=status,
        dataset_type=dataset_type,
    )
    row = await reads(request).row(query)
    return page_response(request, row, "datasets", page, per_page)


@router.get(
    "/{dataset_id}",
    response_model=Dataset,
    responses=responses(ProblemType.NOT_FOUND),
    summary="Show a dataset",
)
async def show_dataset(request: Request, dataset_id: UUID, caller: Reader) -> Response:
    """Show a dataset with the latest result of each quality check."""
    query = dataset_by_id.of(dataset_id=dataset_id, client_id=caller.tenant())
    return document_response(await reads(request).row(query), "dataset")
