"""The query for a page of the fields that match, of the templates that match."""

from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    null,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON, TSQUERY, TSVECTOR, aggregate_order_by

from projections.query import Query, Tenant, compiled, made
from projections.search.candidates import POSITION, candidates, narrowing, score, texts
from projections.search.matching import Filters, Match
from projections.search.meaning import Meaning
from projections.search.pages import Place, bounds, items

MOST_FIELD_HOLDERS = 100
"""Templates whose fields are looked at for one question."""

ENOUGH_FIELD_HOLDERS = 50
"""Templates of a share after whose fields those of all are not looked at."""

MOST_EXAMPLES = 3

_PATH = literal_column("'path'", Text)


def field_page(
    tenant: Tenant,
    meaning: Meaning,
    found: Match,
    filters: Filters,
    limit: int,
    *,
    after: Place | None = None,
    as_of: int | None = None,
) -> Query:
    """Return the query for a page of the fields of templates that match, the best first.

    Fields of one path are one. The row is that of `search_page`, without facets; a document is
    `[field, count of templates, some of them]`. What is looked at are templates, of which there are
    `MOST_FIELD_HOLDERS` at most; it counts what these hold.
    """
    values = narrowing(tenant, filters)
    parameters = {
        **values,
        **texts(meaning, found),
        "one_field": found.one_field,
        **bounds(limit, after),
    }
    sql = _field_page(frozenset(values), after is not None, as_of is not None)
    return made(sql, parameters, as_of)


@cache
def _field_page(names: frozenset[str], onward: bool, past: bool) -> str:
    rows = candidates(names, past, limit=MOST_FIELD_HOLDERS).select().cte("looked_at")
    holders = _holders(rows)
    each = select(
        func.unnest(holders.c.field_lexemes, type_=TSVECTOR).label("lexemes"),
        func.json_array_elements(holders.c.fields, type_=JSON).label("field"),
        holders.c.template,
    ).subquery("each")
    fields = (
        select(each.c.field, score(each.c.lexemes).label("score"), each.c.template)
        .where(each.c.lexemes.op("@@")(_one_field()))
        .cte("fields")
    )
    path = fields.c.field[_PATH].astext
    best = fields.c.score.desc()
    templates = func.array_agg(aggregate_order_by(fields.c.template, best), type_=ARRAY(JSON))
    first = func.array_agg(aggregate_order_by(fields.c.field, best), type_=ARRAY(JSON))
    told = func.json_build_array(
        first[literal_column("1")],
        func.count(),
        func.to_json(templates[literal_column("1") : literal_column(f"{MOST_EXAMPLES}")]),
    )
    rank = func.max(fields.c.score)
    groups = (
        select(rank.label("rank"), rank.label("score"), path.label("key"), told.label("document"))
        .group_by(path)
        .cte("groups")
    )
    return compiled(
        select(
            POSITION,
            select(func.count()).select_from(groups).scalar_subquery().label("found"),
            select(func.count()).select_from(rows).scalar_subquery().label("looked_at"),
            null().label("facets"),
            items(groups, onward),
        )
    )


def _holders(rows: CTE) -> CTE:
    """Return the rows that have a field that matches; only of these the JSON is taken apart."""
    lexemes = func.unnest(rows.c.field_lexemes, type_=TSVECTOR).column_valued("lexemes")
    has_one = select(lexemes).where(lexemes.op("@@")(_one_field())).exists()
    document = (
        func.json_to_record(rows.c.document)
        .table_valued(column("id", Text), column("name", Text), column("fields", JSON))
        .render_derived("document", with_types=True)
    )
    template = func.json_build_object(
        literal_column("'template_id'"), document.c.id, literal_column("'name'"), document.c.name
    )
    holders = (
        select(rows.c.field_lexemes, document.c.fields, template.label("template"))
        .select_from(rows.join(document, true()))
        .where(has_one)
    )
    return holders.cte("holders").prefix_with("MATERIALIZED")


def _one_field() -> ColumnElement[Any]:
    return cast(bindparam("one_field", type_=Text), TSQUERY)
