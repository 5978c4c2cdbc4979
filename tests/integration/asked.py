"""Searching over a plain connection, as the service does it over its pool."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.abc import Buffer
from psycopg.adapt import Loader

from projections.query import Query, Tenant
from projections.search import searching
from projections.search.matching import Filters
from projections.search.searching import Found, Question


class Asked(NamedTuple):
    """What was found, by which queries; of fields the paths are the names."""

    found: Found
    names: Sequence[str]
    queries: Sequence[Query]


def search(
    connection: Connection[Any],
    tenant: Tenant,
    text: str,
    *,
    fields: bool = False,
    limit: int = 100,
    as_of: int | None = None,
    **filters: Any,
) -> Asked:
    """Search by the words of a text."""
    steps = searching.search(
        tenant,
        Question(text=text, filters=Filters(**filters), fields=fields, limit=limit, as_of=as_of),
    )
    queries = [next(steps)]
    try:
        while True:
            queries.append(steps.send(_row(connection, queries[-1])))
    except StopIteration as end:
        found: Found = end.value
    documents = [document for *_, document in found.hits[:limit]]
    names = [each[0]["path"] if fields else each["name"] for each in documents]
    return Asked(found, names, queries)


class _JsonAsItIs(Loader):
    def load(self, data: Buffer) -> bytes:
        return bytes(data)


def _row(connection: Connection[Any], query: Query) -> tuple[Any, ...]:
    cursor = connection.cursor()
    cursor.adapters.register_loader("json", _JsonAsItIs)
    row = cursor.execute(query.sql, query.parameters).fetchone()
    assert row
    return tuple(row)
