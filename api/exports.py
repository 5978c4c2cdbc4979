"""Templates, and the catalogue, in the formats of other tools."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request, Response, Security
from fastapi.concurrency import run_in_threadpool
from pydantic import AfterValidator, WithJsonSchema

from api.access import Reader, base_url, caller
from api.caller import Scope
from api.moments import AsOf, MinPosition, moment
from api.pages import (
    NOT_MODIFIED,
    POSITION_HEADER,
    PageNumber,
    PerPage,
    found_document,
    is_known,
    page_links,
)
from api.problems import ProblemType, responses
from api.read_database import reads
from projections.datasets import dataset_listing
from projections.links import DATASETS_PATH, ROOT, TEMPLATES_PATH
from projections.query import EVERYONE
from projections.template_document import definition_of
from projections.templates import template_by_id, template_listing
from registry.interchange import FORMATS, Publication
from registry.interchange.dcat import catalogue, dataset_node, template_node
from registry.interchange.definition_file import SCHEMA_PATH, published_schema

router = APIRouter(
    prefix=ROOT,
    tags=["interchange"],
    responses=responses(
        ProblemType.FUTURE_MOMENT,
        ProblemType.UNAUTHORIZED,
        ProblemType.INSUFFICIENT_SCOPE,
        ProblemType.FORBIDDEN,
        ProblemType.UNAVAILABLE,
    ),
)


def _known(name: str) -> str:
    if name not in FORMATS:
        raise ValueError(f"there is no format {name!r:.40}; there are {', '.join(FORMATS)}")
    return name


FormatName = Annotated[
    str,
    AfterValidator(_known),
    WithJsonSchema({"type": "string", "enum": list(FORMATS)}),
    Query(alias="format"),
]

_EXAMPLES: dict[str, dict[str, Any]] = {
    "application/schema+json": {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Jira issues",
        "type": "object",
        "properties": {"key": {"type": "string"}},
    },
    "application/ld+json": {
        "@context": {"dcat": "http://www.w3.org/ns/dcat#"},
        "@id": "http://127.0.0.1:8000/v1/dataops/export",
        "@type": "dcat:Catalog",
        "dcat:dataset": [],
    },
    "application/vnd.datapackage+json": {"name": "jira_issues", "resources": []},
    "application/csvm+json": {"@context": "http://www.w3.org/ns/csvw", "url": "jira_issues.csv"},
}


def _content(*media_types: str) -> dict[str, Any]:
    return {
        "description": "The document.",
        "content": {
            media_type: {"schema": {"type": "object"}, "example": _EXAMPLES[media_type]}
            for media_type in dict.fromkeys(media_types)
        },
    }


@router.get(
    "/templates/{template_id}/export",
    response_class=Response,
    dependencies=[Security(caller, scopes=[Scope.DATASETS_READ])],
    responses={
        200: _content(*(each.media_type for each in FORMATS.values())),
        **responses(ProblemType.NOT_FOUND),
        **NOT_MODIFIED,
    },
    summary="Export a template",
)
async def export_template(
    request: Request,
    template_id: UUID,
    name: FormatName = "jsonschema",
    as_of: AsOf = None,
    min_position: MinPosition = 0,
) -> Response:
    """Export a template as JSON Schema, Croissant, data package, CSVW metadata or DCAT-AP.

    A scan of what was exported gives the same template, but for DCAT-AP, which is not read.
    """
    at = await moment(request, as_of, min_position)
    row = await reads(request).at(template_by_id.of(EVERYONE, template_id, at.as_of), at)
    document = found_document(row, "template")
    headers = {"ETag": f'"{row[1]}-{name}"', POSITION_HEADER: str(row[0])}
    if is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    url = f"{base_url(request)}{TEMPLATES_PATH}/{template_id}"
    file_name, body = await run_in_threadpool(_exported, document, name, url)
    headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return Response(body, headers=headers, media_type=FORMATS[name].media_type)


def _exported(document: bytes, name: str, url: str) -> tuple[str, bytes]:
    """Return the name of a file and its content."""
    template = orjson.loads(document)
    chosen, definition = FORMATS[name], definition_of(template)
    written = chosen.write(definition, _publication(template, url))
    return f"{definition.identity.dataset_type}{chosen.suffix}", orjson.dumps(written)


def _publication(template: dict[str, Any], url: str) -> Publication:
    return Publication(
        url=url,
        issued=template["created_at"],
        modified=template["updated_at"],
        version=template["version"],
    )


@router.get(
    "/export",
    response_class=Response,
    responses={200: _content("application/ld+json")},
    summary="Export the catalogue",
)
async def export_catalogue(
    request: Request,
    caller: Reader,
    client_id: UUID | None = None,
    page: PageNumber = 1,
    per_page: PerPage = 50,
    as_of: AsOf = None,
    min_position: MinPosition = 0,
) -> Response:
    """Export the templates in use, and then the datasets that the caller may see, as DCAT-AP 3.

    A page links to the others as a view of a Hydra collection, which data portals follow.
    """
    tenant = caller.tenant(client_id)
    at = await moment(request, as_of, min_position)
    offset = (page - 1) * per_page
    position, templates, first = await reads(request).at(
        template_listing.page(EVERYONE, per_page, offset, at.as_of, status="active"), at
    )
    summaries = orjson.loads(first or b"[]")
    room = per_page - len(summaries)
    reflected, datasets, rest = await reads(request).at(
        dataset_listing.page(tenant, room, max(0, offset - templates), at.as_of), at
    )
    base = base_url(request)
    nodes = [
        template_node(each, _publication(each, f"{base}{TEMPLATES_PATH}/{each['template_id']}"))
        for each in summaries
    ]
    for each in orjson.loads(rest or b"[]"):
        template_id = each["template_id"]
        nodes.append(
            dataset_node(
                each,
                f"{base}{DATASETS_PATH}/{each['dataset_id']}",
                f"{base}{TEMPLATES_PATH}/{template_id}" if template_id else None,
            )
        )
    total = templates + datasets
    links = page_links(request, page, max(1, -(-total // per_page)))
    view = {
        "hydra:totalItems": total,
        "hydra:view": {
            "@id": base + links.pop("self")["href"],
            "@type": "hydra:PartialCollectionView",
            **{
                f"hydra:{_HYDRA.get(relation, relation)}": {"@id": base + link["href"]}
                for relation, link in links.items()
            },
        },
    }
    document = catalogue(f"{base}{ROOT}/export", request.app.title, nodes, view)
    headers = {POSITION_HEADER: str(min(position, reflected))}
    return Response(orjson.dumps(document), headers=headers, media_type="application/ld+json")


schemas = APIRouter(tags=["interchange"])


@schemas.get(
    SCHEMA_PATH,
    response_class=Response,
    responses={200: _content("application/schema+json")},
    summary="The schema of custom definitions",
)
async def definition_schema(request: Request) -> Response:
    """Tell editors what may stand in a custom definition of a template.

    Open like the documentation pages, for editors have no tokens; it is the same everywhere.
    """
    body = orjson.dumps(published_schema(base_url(request)))
    return Response(body, media_type="application/schema+json")


_HYDRA = {"prev": "previous"}
