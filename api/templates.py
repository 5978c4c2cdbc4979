"""Reading the catalogue's templates, which all clients share."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, Security

from api.access import caller
from api.caller import Scope
from api.moments import AsOf, MinPosition, moment
from api.pages import NOT_MODIFIED, PageNumber, PerPage, listed, shown
from api.problems import ProblemType, responses
from api.responses import Template, TemplatePage
from projections.links import TEMPLATES_PATH
from projections.query import EVERYONE
from projections.templates import template_by_id, template_listing
from registry.text import Slug

router = APIRouter(
    prefix=TEMPLATES_PATH,
    tags=["templates"],
    dependencies=[Security(caller, scopes=[Scope.DATASETS_READ])],
    responses=responses(
        ProblemType.FUTURE_MOMENT,
        ProblemType.UNAUTHORIZED,
        ProblemType.INSUFFICIENT_SCOPE,
        ProblemType.UNAVAILABLE,
    ),
)

SlugFilter = Annotated[Slug | None, Query()]


@router.get("", response_model=TemplatePage, summary="List templates")
async def list_templates(
    request: Request,
    industry: SlugFilter = None,
    use_case: SlugFilter = None,
    dataset_type: SlugFilter = None,
    tag: SlugFilter = None,
    status: Literal["active", "retired"] = "active",
    needs_review: bool | None = None,
    page: PageNumber = 1,
    per_page: PerPage = 50,
    as_of: AsOf = None,
    min_position: MinPosition = 0,
) -> Response:
    """List templates by industry, use case and type, narrowed by any of the filters.

    Those that need review have fields of which inference is not sure; `unsure` tells which.
    """
    at = await moment(request, as_of, min_position)
    return await listed(
        request,
        template_listing,
        "templates",
        EVERYONE,
        page,
        per_page,
        at,
        industry=industry,
        use_case=use_case,
        dataset_type=dataset_type,
        tag=tag,
        status=status,
        needs_review=needs_review or None,
        reviewed=needs_review is False or None,
    )


@router.get(
    "/{template_id}",
    response_model=Template,
    responses={**responses(ProblemType.NOT_FOUND), **NOT_MODIFIED},
    summary="Show a template",
)
async def show_template(
    request: Request, template_id: UUID, as_of: AsOf = None, min_position: MinPosition = 0
) -> Response:
    """Show a template with its schema, the statistics of its fields and sample records."""
    at = await moment(request, as_of, min_position)
    return await shown(request, template_by_id, "template", EVERYONE, template_id, at)
