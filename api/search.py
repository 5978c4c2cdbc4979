"""Searching all there is by words; each client finds what all share, and what is its own."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request, Response

from api import cursors
from api.access import Reader
from api.cursors import Cursor, Onward
from api.moments import AsOf, MinPosition, moment
from api.pages import POSITION_HEADER
from api.problems import ProblemType, responses
from api.read_database import ReadDatabase, reads
from api.responses.search import SearchPage, Suggestions
from projections.links import ROOT, TEMPLATES_PATH, link
from projections.query import Tenant
from projections.search import asking
from projections.search.highlights import highlights, marked_field
from projections.search.lexemes import EVERYTHING
from projections.search.lookup import Known, words_alike, words_in_use
from projections.search.matching import Filters, Frequency, match
from projections.search.meaning import Meaning, forms, understood, unused
from projections.search.statements import Sort, field_page, search_page
from projections.search.suggesting import suggestions
from projections.search.words import split_words
from registry.dataset import Stage
from registry.text import Slug

SEARCH_PATH = f"{ROOT}/search"

router = APIRouter(
    prefix=SEARCH_PATH,
    tags=["search"],
    responses=responses(
        ProblemType.FUTURE_MOMENT,
        ProblemType.UNAUTHORIZED,
        ProblemType.INSUFFICIENT_SCOPE,
        ProblemType.FORBIDDEN,
        ProblemType.UNAVAILABLE,
    ),
)

Text = Annotated[
    str,
    Query(
        max_length=300,
        description='Words, "phrases" and -exclusions; the last word may be unfinished.',
        examples=["jira issues", '"service desk" -zendesk', "accountId"],
    ),
]
SlugFilter = Annotated[Slug | None, Query()]
Limit = Annotated[int, Query(ge=1, le=100, description="How many results at most.")]


@router.get("", response_model=SearchPage, summary="Search")
async def search(
    request: Request,
    caller: Reader,
    q: Text = "",
    type: Annotated[Literal["template", "dataset", "connector", "field"] | None, Query()] = None,  # noqa: A002
    client_id: UUID | None = None,
    industry: SlugFilter = None,
    use_case: SlugFilter = None,
    dataset_type: SlugFilter = None,
    tag: SlugFilter = None,
    status: SlugFilter = None,
    stage: Stage | None = None,
    min_quality: Annotated[float | None, Query(ge=0, le=100)] = None,
    sort: Sort = Sort.RELEVANCE,
    cursor: Cursor = None,
    limit: Limit = 20,
    as_of: AsOf = None,
    min_position: MinPosition = 0,
) -> Response:
    """Find templates, datasets and connectors by words, narrowed by any of the filters.

    Words are looked for in names, descriptions, tags, fields and semantic classes. What is retired
    is found by `status=retired` only. Of what very much matches, a share drawn by lot is ranked,
    those with the words in their names being preferred. Later pages show what was found when the
    first was read. Fields are those of the templates that the filters leave; one that several
    templates have under the same path is one result, and a list of fields has no facets.
    """
    tenant = caller.tenant(client_id)
    onward = cursors.read(cursor) if cursor else None
    at = await moment(request, str(onward.as_of) if onward else as_of, min_position)
    fields = type == "field"
    filters = Filters(
        type="template" if fields else type,
        industry=industry,
        use_case=use_case,
        dataset_type=dataset_type,
        tag=tag,
        status=status,
        stage=stage,
        min_quality=min_quality,
    )
    database = reads(request)
    meaning, frequency = await _understand(database, tenant, q, filters, at.min_position)
    after = onward.place if onward else None
    for whole in (False, True):
        found = match(meaning, filters, frequency, tenant, whole=whole, titles_first=not fields)
        query = (
            field_page(tenant, meaning, found, limit, after=after, as_of=at.as_of)
            if fields
            else search_page(
                tenant, meaning, found, filters, limit, sort=sort, after=after, as_of=at.as_of
            )
        )
        position, count, facets, items = await database.at(query, at)
        hits = _json(items)
        if found.complete or len(hits) > limit:
            break
    exact = found.complete and not fields  # fields of some templates only are looked at
    total = {"count": count, "relation": "exact" if exact else "at_least"}
    body = {"total": total, "facets": _facets(facets), **_told(meaning)}
    return _page(request, position, hits, limit, meaning, body)


@router.get("/suggest", response_model=Suggestions, summary="Suggest what to search for")
async def suggest(
    request: Request,
    caller: Reader,
    q: Text = "",
    client_id: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=16, description="How many suggestions at most.")] = 8,
    min_position: MinPosition = 0,
) -> Response:
    """Suggest how the last word of a text may go on, among the words of what the caller may see.

    Suggestions are made of words in use now. A last word that is none and begins none is taken for
    a misspelt one.
    """
    tenant, database, asked = caller.tenant(client_id), reads(request), asking.read(q)
    position, rows, _ = await database.row(words_in_use(tenant, asked.wanted, []), min_position)
    known, alike = forms(_json(rows)), {}
    if strange := unused(asked, known)[-1:]:
        row = await database.row(words_alike(tenant, strange))
        alike = forms(_json(row[1]))
    found = [asdict(each) for each in suggestions(asked, known, alike, limit)]
    return Response(
        orjson.dumps({"suggestions": found}),
        headers={POSITION_HEADER: str(position)},
        media_type="application/json",
    )


async def _understand(
    database: ReadDatabase, tenant: Tenant, text: str, filters: Filters, min_position: int
) -> tuple[Meaning, Frequency]:
    """Return what a text means in the words that the tenant has, and how frequent it all is."""
    asked = asking.read(text)
    phrases = (*asked.wanted, *asked.unwanted)
    query = words_in_use(tenant, phrases, [EVERYTHING, *filters.marks])
    row = await database.row(query, min_position)
    known, counts = forms(_json(row[1])), _counts(row[2])
    alike: Mapping[str, Sequence[Known]] = {}
    parts: Mapping[str, Known] = {}
    if strange := unused(asked, known):
        row = await database.values(words_alike(tenant, strange))
        alike, parts = forms(_json(row[1])), _counts(row[2])
    none = Known("", 0, 0)
    marks = [counts.get(mark, none) for mark in filters.marks]
    return understood(asked, known, alike, parts), Frequency(counts.get(EVERYTHING, none), marks)


def _counts(array: bytes | None) -> dict[str, Known]:
    return {known[0]: Known(*known) for known in _json(array)}


def _json(array: bytes | None) -> Any:
    return orjson.loads(array) if array else []


def _facets(counts: bytes | None) -> dict[str, Any]:
    return {
        name: [{"value": value, "count": number} for value, number in values or ()]
        for name, values in (_json(counts) or {}).items()
    }


def _told(meaning: Meaning) -> dict[str, Any]:
    return {"corrected": meaning.corrected, "unknown": meaning.unknown}


def _page(
    request: Request,
    position: int,
    hits: Sequence[tuple[int, str, int, Any]],
    limit: int,
    meaning: Meaning,
    body: dict[str, Any],
) -> Response:
    path, parameters = request.scope["path"], dict(request.query_params)
    links = {"self": {"href": _address(path, parameters)}}
    headers = {POSITION_HEADER: str(position)}
    if len(hits) > limit:
        rank, key, *_ = hits[limit - 1]
        parameters["cursor"] = cursors.written(Onward(position, rank, key))
        links["next"] = {"href": _address(path, parameters)}
        headers["Link"] = f'<{links["next"]["href"]}>; rel="next"'
    words = frozenset(meaning.lexemes)
    shown = _field_hit if parameters.get("type") == "field" else _hit
    results = [shown(document, score, words) for *_, score, document in hits[:limit]]
    body = {"results": results, **body, "_links": links}
    return Response(orjson.dumps(body), headers=headers, media_type="application/json")


def _hit(document: dict[str, Any], score: int, words: frozenset[str]) -> dict[str, Any]:
    shown = {part: value for part, value in document.items() if part not in ("fields", "version")}
    return {
        **shown,
        "field_count": len(document["fields"]),
        "score": score / 1_000_000,
        "highlights": highlights(document, words),
    }


def _field_hit(found: Sequence[Any], score: int, words: frozenset[str]) -> dict[str, Any]:
    field, count, templates = found
    phrase = " ".join(split_words(field["path"]))
    holders = urlencode({"type": "template", "q": f'"{phrase}"'})
    return {
        "type": "field",
        "path": field["path"],
        "data_type": field.get("type"),
        "semantic_class": field.get("semantic_class"),
        "description": field.get("description"),
        "template_count": count,
        "templates": [
            {**each, "_links": {"self": link(f"{TEMPLATES_PATH}/{each['template_id']}")}}
            for each in templates
        ],
        "score": score / 1_000_000,
        "highlights": marked_field(field, words),
        "_links": {"templates": link(f"{SEARCH_PATH}?{holders}")},
    }


def _address(path: str, parameters: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path
