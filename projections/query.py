"""Queries that have Postgres build the answer: made and compiled once per shape, then run."""

from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Label,
    Select,
    Table,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
    true,
)
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]

_TENANT = "tenant"

_GENERATIONS = table(
    "projection_generations", column("name"), column("position", BigInteger), column("live")
)


class Everyone(Enum):
    """All clients together: what an administrator may ask about, and what all clients share."""

    EVERYONE = "everyone"


EVERYONE = Everyone.EVERYONE

Tenant = UUID | Everyone
"""Whose data a query may see. There is no query without one: see `_owned`."""


class Query(NamedTuple):
    """A statement in psycopg's own form, with the values of its parameters."""

    sql: str
    parameters: Mapping[str, Any]


class Listing:
    """Pages over a read model, narrowed by any of its filters.

    A page is one row: the position that it reflects, the total count of matches, and the matching
    documents as one JSON array, all of one snapshot.
    """

    def __init__(
        self,
        source: Table,
        document: str,
        filters: Mapping[str, ColumnElement[bool]],
        order: tuple[ColumnElement[Any], ...],
    ) -> None:
        self._source = source
        self._document = document
        self._filters = {**filters, **_owned(source)}
        self._order = order
        self._sql = cache(self._compile)

    def page(self, tenant: Tenant, limit: int, offset: int, **filters: Any) -> Query:
        """Return the query for one page of a tenant's; a filter of None does not narrow."""
        values = _given(tenant, filters)
        return Query(
            self._sql(frozenset(values)), {**values, "page_limit": limit, "page_offset": offset}
        )

    def _compile(self, names: frozenset[str]) -> str:
        conditions = [self._filters[name] for name in sorted(names)]
        page = (
            select(self._source.c[self._document].label("document"))
            .where(*conditions)
            .order_by(*self._order)
            .limit(bindparam("page_limit", type_=Integer))
            .offset(bindparam("page_offset", type_=Integer))
            .subquery("page")
        )
        return compiled(
            select(
                position_of(self._source),
                select(func.count())
                .select_from(self._source)
                .where(*conditions)
                .scalar_subquery()
                .label("total_count"),
                select(func.json_agg(page.c.document)).scalar_subquery().label("documents"),
            )
        )


class Lookup:
    """One document of a read model: a row of the position reflected, its version and itself."""

    def __init__(self, source: Table, conditions: Mapping[str, ColumnElement[bool]]) -> None:
        self._source = source
        self._conditions = {**conditions, **_owned(source)}
        self._sql = cache(self._compile)

    def of(self, tenant: Tenant, **key: Any) -> Query:
        """Return the query for the document with that key, if it is the tenant's."""
        given = _given(tenant, key)
        return Query(self._sql(frozenset(given)), given)

    def _compile(self, names: frozenset[str]) -> str:
        found = (
            select(self._source.c.version, self._source.c.document)
            .where(*(self._conditions[name] for name in sorted(names)))
            .subquery("found")
        )
        position = select(position_of(self._source)).subquery("reflected")
        return compiled(
            select(position.c.position, found.c.version, found.c.document).select_from(
                position.outerjoin(found, true())
            )
        )


def _owned(source: Table) -> Mapping[str, ColumnElement[bool]]:
    """Return the condition that keeps clients apart, for any table that says whose rows are.

    This is the second of two layers. The first decides whose data a caller may see; here nothing
    can be queried without that decision, whatever the route and its filters may forget.
    """
    if "client_id" not in source.c:
        return {}
    return {_TENANT: source.c.client_id == bindparam(_TENANT)}


def _given(tenant: Tenant, values: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in values.items() if value is not None}
    return given if isinstance(tenant, Everyone) else {**given, _TENANT: tenant}


def position_of(source: Table) -> Label[Any]:
    """Return the position up to which the read model reflects the log."""
    return (
        select(_GENERATIONS.c.position)
        .where(_GENERATIONS.c.name == literal_column(f"'{source.name}'"))
        .where(_GENERATIONS.c.live)
        .scalar_subquery()
        .label("position")
    )


def compiled(statement: Select[Any]) -> str:
    """Return a statement's SQL with psycopg's named placeholders."""
    return str(statement.compile(dialect=_DIALECT))
