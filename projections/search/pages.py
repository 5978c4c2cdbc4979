"""The query for a page of what matches: ranked, counted by facets, the best first."""

from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    BigInteger,
    Integer,
    Label,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from projections.query import Query, Tenant, compiled, made
from projections.search.candidates import MILLION, POSITION, candidates, narrowing, texts
from projections.search.facets import facets
from projections.search.matching import Filters, Match
from projections.search.meaning import Meaning

MOST_CANDIDATES = 4_000
"""Things that are looked at for one question, whatever its words' frequencies promised."""


class Place(NamedTuple):
    """Where a page begins: behind the thing with this key, which stood there for this rank."""

    rank: int
    key: str


class Sort(StrEnum):
    """What results are ordered by; those that are equal in it by their keys."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    QUALITY = "quality"


def search_page(
    tenant: Tenant,
    meaning: Meaning,
    found: Match,
    filters: Filters,
    limit: int,
    *,
    sort: Sort = Sort.RELEVANCE,
    after: Place | None = None,
    as_of: int | None = None,
) -> Query:
    """Return the query for a page of what is found, the best first.

    It is a row of the position reflected, how many things were found, how many were looked at,
    their facets as a JSON object of arrays of `[value, count]`, and a JSON array of `[rank, key,
    score, document]`: one more than `limit` if others follow. Ranks order, the greatest first;
    scores are in millionths.
    """
    values = narrowing(tenant, filters)
    parameters = {**values, **texts(meaning, found), **bounds(limit, after)}
    sql = _page(frozenset(values), sort, after is not None, as_of is not None)
    return made(sql, parameters, as_of)


@cache
def _page(names: frozenset[str], sort: Sort, onward: bool, past: bool) -> str:
    matching = candidates(names, past, limit=MOST_CANDIDATES)
    rank = {
        Sort.RELEVANCE: matching.c.score,
        Sort.NEWEST: cast(func.extract("epoch", matching.c.updated_at) * MILLION, BigInteger),
        Sort.QUALITY: cast(
            func.coalesce(matching.c.quality_score, literal_column("-1")) * MILLION, BigInteger
        ),
    }[sort]
    ranked = select(rank.label("rank"), matching).cte("ranked")
    found = select(func.count()).select_from(ranked).scalar_subquery()
    return compiled(
        select(
            POSITION,
            found.label("found"),
            found.label("looked_at"),
            facets(ranked),
            items(ranked, onward),
        )
    )


def bounds(limit: int, after: Place | None) -> dict[str, Any]:
    """Return the values that `items` is bounded by."""
    onward = {"after_rank": after.rank, "after_key": after.key} if after else {}
    return {"page_limit": limit + 1, **onward}


def items(rows: CTE, onward: bool) -> Label[Any]:
    """Return a page of rows as JSON, from the greatest rank down, or onward from a place."""
    page = select(rows).order_by(rows.c.rank.desc(), rows.c.key)
    if onward:
        rank, key = bindparam("after_rank", type_=BigInteger), bindparam("after_key", type_=Text)
        behind = (rows.c.rank == rank) & (rows.c.key > key)
        page = page.where(or_(rows.c.rank < rank, behind))
    shown = page.limit(bindparam("page_limit", type_=Integer)).subquery("shown")
    item = func.json_build_array(shown.c.rank, shown.c.key, shown.c.score, shown.c.document)
    ordered = aggregate_order_by(item, shown.c.rank.desc(), shown.c.key)
    return select(func.json_agg(ordered)).scalar_subquery().label("items")
