"""Queries that have Postgres build the answer: made and compiled once per shape, then run."""

import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Label,
    Select,
    Table,
    bindparam,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from projections.read_model import ReadModel

_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]

_TENANT = "tenant"
_AS_OF = "as_of"

Filter = Callable[[FromClause], ColumnElement[bool]]
"""Returns the condition on the rows of a table, of the present or of the past."""

_GENERATIONS = table(
    "projection_generations", column("name"), column("position", BigInteger), column("live")
)


class Everyone(Enum):
    """All clients together: what an administrator may ask about, and what all clients share."""

    EVERYONE = "everyone"


EVERYONE = Everyone.EVERYONE

Tenant = UUID | Everyone
"""Whose data a query may see. There is no query without one: see `owned`."""


class Query(NamedTuple):
    """A statement in psycopg's own form, with the values of its parameters."""

    sql: str
    parameters: Mapping[str, Any]


def equals(column: str) -> Filter:
    """Return the filter that wants a column to be as asked for."""
    return lambda rows: rows.c[column] == bindparam(column)


class Listing:
    """Pages over a read model, narrowed by any of its filters, now or as of a position.

    A page is one row: the position that it reflects, the total count of matches, and the matching
    documents as one JSON array, all of one snapshot. `order` names columns, a `-` before one
    meaning the other way round.
    """

    def __init__(
        self, model: ReadModel, document: str, filters: Mapping[str, Filter], order: Sequence[str]
    ) -> None:
        self._present, self._past = model.tables()
        self._document = document
        self._filters = {**filters, **owned(self._present)}
        self._order = order
        self._sql = cache(self._compile)

    def page(
        self, tenant: Tenant, limit: int, offset: int, as_of: int | None = None, **filters: Any
    ) -> Query:
        """Return the query for one page of a tenant's; a filter of None does not narrow."""
        values = given_values(tenant, filters)
        parameters = {**values, "page_limit": limit, "page_offset": offset}
        return made(self._sql(frozenset(values), as_of is not None), parameters, as_of)

    def _compile(self, names: frozenset[str], past: bool) -> str:
        sources = [self._rows(source, names, past) for source in self._sources(past)]
        limit = bindparam("page_limit", type_=Integer)
        offset = bindparam("page_offset", type_=Integer)
        first = [
            source.order_by(*_ordered(source, self._order)).limit(limit + offset)
            for source in sources
        ]
        matches = union_all(*(each.subquery().select() for each in first)).subquery("matches")
        page = (
            select(matches.c.document)
            .order_by(*_ordered(matches, self._order))
            .limit(limit)
            .offset(offset)
            .subquery("page")
        )
        counts = [
            select(func.count()).select_from(source.subquery()).scalar_subquery()
            for source in sources
        ]
        return compiled(
            select(
                position_of(self._present),
                functools.reduce(operator.add, counts).label("total_count"),
                select(func.json_agg(page.c.document)).scalar_subquery().label("documents"),
            )
        )

    def _sources(self, past: bool) -> list[Table]:
        return [self._present, self._past] if past else [self._present]

    def _rows(self, source: Table, names: frozenset[str], past: bool) -> Select[Any]:
        columns = [source.c[name.removeprefix("-")] for name in self._order]
        conditions = [self._filters[name](source) for name in sorted(names)]
        conditions += valid(source, past)
        return select(source.c[self._document].label("document"), *columns).where(*conditions)


class Lookup:
    """One document of a read model, now or as of a position.

    It is a row of the position reflected, the document's version and itself; both are null where
    there is none.
    """

    def __init__(self, model: ReadModel) -> None:
        self._present, self._past = model.tables()
        self._key = next(iter(self._present.c)).name
        self._conditions = {self._key: equals(self._key), **owned(self._present)}
        self._sql = cache(self._compile)

    def of(self, tenant: Tenant, key: object, as_of: int | None = None) -> Query:
        """Return the query for the document with that key, if it is the tenant's."""
        given = given_values(tenant, {self._key: key})
        return made(self._sql(frozenset(given), as_of is not None), given, as_of)

    def _compile(self, names: frozenset[str], past: bool) -> str:
        sources = [self._present, self._past] if past else [self._present]
        rows = [
            select(source.c.version, source.c.document).where(
                *(self._conditions[name](source) for name in sorted(names)),
                *valid(source, past),
            )
            for source in sources
        ]
        found = union_all(*rows).subquery("found")
        position = select(position_of(self._present)).subquery("reflected")
        return compiled(
            select(position.c.position, found.c.version, found.c.document).select_from(
                position.outerjoin(found, true())
            )
        )


def valid(source: Table, past: bool) -> list[ColumnElement[bool]]:
    """Return the conditions on a version's validity: as of a position, or none for the present."""
    if not past:
        return []
    as_of = bindparam(_AS_OF, type_=BigInteger)
    closed = [source.c.valid_to > as_of] if "valid_to" in source.c else []
    return [source.c.valid_from <= as_of, *closed]


def _ordered(rows: Any, order: Sequence[str]) -> list[ColumnElement[Any]]:
    columns = rows.selected_columns if isinstance(rows, Select) else rows.c
    return [columns[name[1:]].desc() if name.startswith("-") else columns[name] for name in order]


def made(sql: str, parameters: Mapping[str, Any], as_of: int | None) -> Query:
    """Return a query of the present, or as of a position."""
    return Query(sql, parameters if as_of is None else {**parameters, _AS_OF: as_of})


def owned(source: Table) -> Mapping[str, Filter]:
    """Return the condition that keeps clients apart, for any table that says whose rows are.

    Where `client_id` may be null, rows without one are all clients' own. This is the second of two
    layers. The first decides whose data a caller may see; here nothing can be queried without that
    decision, whatever the route and its filters may forget.
    """
    if "client_id" not in source.c:
        return {}
    if source.c.client_id.nullable:
        return {
            _TENANT: lambda rows: or_(
                rows.c.client_id == bindparam(_TENANT), rows.c.client_id.is_(None)
            )
        }
    return {_TENANT: lambda rows: rows.c.client_id == bindparam(_TENANT)}


def given_values(tenant: Tenant, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that narrow a query, the tenant whose data it is about among them."""
    given = {name: value for name, value in values.items() if value is not None}
    return given if isinstance(tenant, Everyone) else {**given, _TENANT: tenant}


def position_of(source: Table) -> Label[Any]:
    """Return the position up to which the read model reflects the log.

    For a look at the past that is still how far the model has come: its reader waits until it has
    come as far as the position asked about.
    """
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
