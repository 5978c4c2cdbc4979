"""Answers of the query side: one document, or a page of a listing with its links."""

from typing import Annotated, Any
from urllib.parse import urlencode

import orjson
from fastapi import Query, Request, Response

from api.problems import Problem, ProblemType
from api.read_database import Moment, reads
from projections.query import Listing, Lookup, Tenant

MAX_PER_PAGE = 200

PageNumber = Annotated[int, Query(alias="page", ge=1, le=10_000_000, description="Counts from 1.")]
PerPage = Annotated[int, Query(ge=1, le=MAX_PER_PAGE, description="How many items on a page.")]

POSITION_HEADER = "X-Registry-Position"

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "It is still what the ETag in If-None-Match names."}
}
"""The answer of `document_response` to a reader that has the document, for `responses=`."""


async def shown(
    request: Request, lookup: Lookup, what: str, tenant: Tenant, key: object, at: Moment
) -> Response:
    """Look a document up as of a moment, and answer with it.

    Raises:
        Problem: the tenant has none of that key, or it cannot be looked up.
    """
    row = await reads(request).at(lookup.of(tenant, key, at.as_of), at)
    return document_response(request, row, what)


async def listed(
    request: Request,
    listing: Listing,
    items: str,
    tenant: Tenant,
    page: int,
    per_page: int,
    at: Moment,
    **filters: Any,
) -> Response:
    """Answer with a page of what a tenant may see of a listing, as of a moment.

    Raises:
        Problem: it cannot be looked up.
    """
    query = listing.page(tenant, per_page, (page - 1) * per_page, at.as_of, **filters)
    return page_response(request, await reads(request).at(query, at), items, page, per_page)


def document_response(
    request: Request, row: tuple[int, int | None, bytes | None], what: str
) -> Response:
    """Return the document of a lookup's row as it is, or 304 to a reader that has it already.

    Raises:
        Problem: the row holds no document.
    """
    document = found_document(row, what)
    position, version, _ = row
    etag = f'"{version}"'
    headers = {"ETag": etag, POSITION_HEADER: str(position)}
    if is_known(request, etag):
        return Response(status_code=304, headers=headers)
    return Response(document, headers=headers, media_type="application/json")


def found_document(row: tuple[int, int | None, bytes | None], what: str) -> bytes:
    """Return the document of a lookup's row.

    Raises:
        Problem: the row holds none.
    """
    if row[2] is None:
        raise Problem(ProblemType.NOT_FOUND, f"There is no such {what}.")
    return row[2]


def page_response(
    request: Request,
    row: tuple[int, int, bytes | None],
    items: str,
    page: int,
    per_page: int,
) -> Response:
    """Return a listing's row as a page of `items`, with its place among the pages and links."""
    position, total_count, documents = row
    total_pages = max(1, -(-total_count // per_page))
    tail = {
        "total_count": total_count,
        "pagination": {
            "page": page,
            "per_page": per_page,
            "total_count": total_count,
            "total_pages": total_pages,
        },
        "_links": page_links(request, page, total_pages),
    }
    body = b'{"%b":%b,%b' % (items.encode(), documents or b"[]", orjson.dumps(tail)[1:])
    return Response(body, headers={POSITION_HEADER: str(position)}, media_type="application/json")


def is_known(request: Request, etag: str) -> bool:
    """Whether If-None-Match names the ETag (RFC 9110, section 13.1.2; weakly compared)."""
    known = request.headers.get("if-none-match", "")
    tags = [tag.strip().removeprefix("W/") for tag in known.split(",")]
    return etag in tags or "*" in tags


def page_links(request: Request, page: int, total_pages: int) -> dict[str, Any]:
    """Return the links from a page to itself and to others, by relation (RFC 8288)."""
    pages = {"self": page, "first": 1, "last": total_pages}
    if page > 1:
        pages["prev"] = min(page - 1, total_pages)
    if page < total_pages:
        pages["next"] = page + 1
    path = request.scope["path"]
    others = [(name, value) for name, value in request.query_params.items() if name != "page"]
    return {
        relation: {"href": f"{path}?{urlencode([*others, ('page', number)])}"}
        for relation, number in pages.items()
    }
