"""Searching all there is by words; each client finds what all share, and what is its own."""

from collections.abc import Mapping, Sequence
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
from api.read_database import Moment, reads
from api.responses.search import SearchPage, Suggestions
from projections.links import ROOT, TEMPLATES_PATH, link
from projections.search import searching
from projections.search.highlights import highlights, marked_field
from projections.search.matching import Filters
from projections.search.pages import Sort
from projections.search.searching import Found, Question
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

    Words are looked for in names, descriptions, tags, fields and semantic classes. If nothing has
    all of them, what has all but one is found, or else what has any. What is retired is found by
    `status=retired` only. Of what very much matches, a share drawn by lot is ranked, those with the
    words in their names being preferred. Later pages show what was found when the first was read.
    Fields are those of the templates that the filters leave; one that several templates have under
    the same path is one result, and a list of fields has no facets.
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
    question = Question(
        text=q,
        filters=filters,
        fields=fields,
        sort=sort,
        limit=limit,
        after=onward.place if onward else None,
        as_of=at.as_of,
    )
    found = await reads(request).follow(searching.search(tenant, question), at)
    return _page(request, question, found)


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
    steps = searching.suggest(caller.tenant(client_id), q, limit)
    position, found = await reads(request).follow(steps, Moment(None, min_position))
    return Response(
        orjson.dumps({"suggestions": found}),
        headers={POSITION_HEADER: str(position)},
        media_type="application/json",
    )


def _page(request: Request, question: Question, found: Found) -> Response:
    path, parameters = request.scope["path"], dict(request.query_params)
    links = {"self": {"href": _address(path, parameters)}}
    headers = {POSITION_HEADER: str(found.position)}
    limit, hits = question.limit, found.hits
    if len(hits) > limit:
        rank, key, *_ = hits[limit - 1]
        parameters["cursor"] = cursors.written(Onward(found.position, rank, key))
        links["next"] = {"href": _address(path, parameters)}
        headers["Link"] = f'<{links["next"]["href"]}>; rel="next"'
    words = frozenset(found.meaning.lexemes)
    shown = _field_hit if question.fields else _hit
    body = {
        "results": [shown(document, score, words) for *_, score, document in hits[:limit]],
        "total": {"count": found.count, "relation": "exact" if found.is_exact else "at_least"},
        "facets": {
            name: [{"value": value, "count": number} for value, number in values or ()]
            for name, values in found.facets.items()
        },
        "matched": "all" if found.has_all else "some",
        "corrected": found.meaning.corrected,
        "unknown": found.meaning.unknown,
        "_links": links,
    }
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
