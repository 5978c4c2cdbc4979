"""What matches, with how well: the rows that a page is made of."""

from typing import Any

from sqlalchemy import (
    CTE,
    REAL,
    BigInteger,
    ColumnElement,
    Float,
    Subquery,
    Table,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from projections.query import Tenant, given_values, owned, position_of, valid
from projections.search.lexemes import SINGLE_FACETS
from projections.search.matching import Filters, Match, any_word
from projections.search.meaning import Meaning
from projections.search.model import SEARCH

MILLION = literal_column("1000000", BigInteger)

_WEIGHTS = literal_column("'{0.1, 0.2, 0.4, 1.0}'::real[]", ARRAY(REAL))
"""What a word counts in the description of a field, in a description, in a field or tag, in a title
(weights D, C, B and A of PostgreSQL's text search)."""

_PRESENT, _PAST = SEARCH.tables()

POSITION = position_of(_PRESENT)


def narrowing(tenant: Tenant, filters: Filters) -> dict[str, Any]:
    """Return the values that rows are narrowed by beyond the tsquery."""
    values = {"min_quality": filters.min_quality, "unwanted_status": filters.unwanted_status}
    return given_values(tenant, values)


def texts(meaning: Meaning, found: Match) -> dict[str, str]:
    """Return the tsqueries that rows are found and scored by."""
    return {
        "tsquery": found.tsquery,
        "any_form": any_word(meaning.lexemes),
        "any_typed": any_word(sorted(meaning.typed)),
    }


def candidates(names: frozenset[str], past: bool, limit: int) -> Subquery:
    """Return what matches, of the present or as of a position, with its score.

    `names` are those of the values that narrow it; `limit` is how many rows of each are looked at.
    """
    sources = [_PRESENT, _PAST] if past else [_PRESENT]
    rows = [_matching(source, names, past) for source in sources]
    first = [each.select().limit(literal_column(f"{limit}")).subquery() for each in rows]
    return union_all(*(each.select() for each in first)).subquery("matching")


def score(lexemes: ColumnElement[Any]) -> ColumnElement[int]:
    """Return how well lexemes match, in millionths: words as they were typed count twice."""
    ranks = [
        func.ts_rank(_WEIGHTS, lexemes, cast(bindparam(name, type_=Text), TSQUERY))
        for name in ("any_form", "any_typed")
    ]
    return cast((ranks[0] + ranks[1]) * MILLION, BigInteger)


def _matching(source: Table, names: frozenset[str], past: bool) -> CTE:
    """Return the rows of a table that match, planned as if all were wanted.

    Were it known that the first few will do, the table might be read until these are met, which
    is all of it where they are rarer than Postgres guesses.
    """
    narrowed = {
        **{name: condition(source) for name, condition in owned(source).items()},
        "min_quality": source.c.quality_score >= bindparam("min_quality", type_=Float),
        "unwanted_status": source.c.status != bindparam("unwanted_status", type_=Text),
    }
    conditions = [condition for name, condition in narrowed.items() if name in names]
    tsquery = cast(bindparam("tsquery", type_=Text), TSQUERY)
    rows = (
        select(
            score(source.c.lexemes).label("score"),
            source.c.key,
            source.c.updated_at,
            source.c.quality_score,
            source.c.field_lexemes,
            *(source.c[name] for name in SINGLE_FACETS),
            source.c.tags,
            source.c.document,
        )
        .where(source.c.lexemes.op("@@")(tsquery), *conditions, *valid(source, past))
        .cte(f"{source.name}_matches")
    )
    return rows.prefix_with("MATERIALIZED")
