"""Searching over a plain connection, as the service does it over its pool."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from psycopg import Connection

from projections.query import Query, Tenant
from projections.search import asking
from projections.search.lexemes import EVERYTHING
from projections.search.lookup import Known, words_alike, words_in_use
from projections.search.matching import Filters, Frequency, match
from projections.search.meaning import forms, understood, unused
from projections.search.statements import search_page


class Found(NamedTuple):
    """The names of what was found, and the queries that found it."""

    names: Sequence[str]
    queries: Sequence[Query]


def search(
    connection: Connection[Any], tenant: Tenant, text: str, limit: int = 100, **filters: Any
) -> Found:
    """Search by the words of a text."""
    chosen, asked = Filters(**filters), asking.read(text)
    marks = [EVERYTHING, *chosen.marks]
    queries = [words_in_use(tenant, (*asked.wanted, *asked.unwanted), marks)]
    _, rows, others = _row(connection, queries[-1])
    known, counts = forms(rows), {other[0]: Known(*other) for other in others or ()}
    alike, parts = {}, {}
    if strange := unused(asked, known):
        queries.append(words_alike(tenant, strange))
        _, rows, others = _row(connection, queries[-1])
        alike, parts = forms(rows), {other[0]: Known(*other) for other in others or ()}
    none = Known("", 0, 0)
    meaning = understood(asked, known, alike, parts)
    frequency = Frequency(
        counts.get(EVERYTHING, none), [counts.get(mark, none) for mark in chosen.marks]
    )
    found = match(meaning, chosen, frequency, tenant)
    queries.append(search_page(tenant, meaning, found, chosen, limit))
    *_, items = _row(connection, queries[-1])
    return Found([document["name"] for *_, document in items or ()], queries)


def _row(connection: Connection[Any], query: Query) -> tuple[Any, ...]:
    row = connection.execute(query.sql, query.parameters).fetchone()
    assert row
    return row
