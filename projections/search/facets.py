"""What was found, counted by each facet."""

from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Label,
    Select,
    func,
    literal_column,
    select,
    union_all,
)

from projections.search.lexemes import SINGLE_FACETS

MOST_FACET_VALUES = 20


def facets(found: CTE) -> Label[Any]:
    """Return the counts as a JSON object of arrays of `[value, count]`, the greatest first."""
    counts = [_counts(name, found.c[name], found) for name in SINGLE_FACETS]
    tags = select(func.unnest(found.c.tags).label("tag")).subquery("tags")
    counts.append(_counts("tag", tags.c.tag, tags))
    counted = union_all(*(each.subquery().select() for each in counts)).subquery("facets")
    return (
        select(func.json_object_agg(counted.c.facet, counted.c.counts))
        .scalar_subquery()
        .label("facets")
    )


def _counts(facet: str, value: ColumnElement[Any], rows: FromClause) -> Select[Any]:
    number = func.count().label("number")
    values = (
        select(value.label("value"), number)
        .select_from(rows)
        .where(value.is_not(None))
        .group_by(value)
        .order_by(number.desc(), value)
        .limit(literal_column(f"{MOST_FACET_VALUES}"))
        .subquery(f"{facet}_values")
    )
    pair = func.json_build_array(values.c.value, values.c.number)
    return select(literal_column(f"'{facet}'").label("facet"), func.json_agg(pair).label("counts"))
