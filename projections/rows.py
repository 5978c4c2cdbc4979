"""The rows of a generation: versions read from its tables, and written to them."""

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import Connection, sql
from psycopg.copy import QueuedLibpqWriter
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from projections.copy_lines import copy_lines
from projections.read_model import SCHEMA, STREAM, Folding, ReadModel, Version

DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]


def read_versions(
    connection: Connection[Any], present: Table, keys: Iterable[str]
) -> dict[str, Version]:
    """Return the current versions of the entities that have one."""
    keys = [key for key in keys if not key.startswith(STREAM)]
    if not keys:
        return {}
    query = sql.SQL(
        "SELECT {key}::text, document, valid_from FROM {table} WHERE {key} = ANY({keys})"
    ).format(key=_key(present), table=identifier(present), keys=_keys(present))
    rows = connection.execute(query, [keys])
    return {key: Version(document, since) for key, document, since in rows}


def write_versions(
    connection: Connection[Any],
    model: ReadModel,
    tables: tuple[Table, Table],
    folding: Folding,
    known: Iterable[str],
) -> None:
    """Replace the rows of what was touched, `known` having some already, and keep the past."""
    present, past = tables
    touched = [key for key in known if key in folding.current]
    if touched:
        connection.execute(
            sql.SQL("DELETE FROM {} WHERE {} = ANY({})").format(
                identifier(present), _key(present), _keys(present)
            ),
            [touched],
        )
    row = model.row
    current = (
        (*row(version.document), version.since)
        for version in folding.current.values()
        if version is not None
    )
    closed = ((*row(document), since, until) for document, since, until in folding.past)
    _append(connection, present, current)
    _append(connection, past, closed)


def identifier(table: Table) -> sql.Identifier:
    """Return the name of a table as it stands in SQL."""
    return sql.Identifier(SCHEMA, table.name)


def _append(connection: Connection[Any], table: Table, rows: Iterable[Sequence[Any]]) -> None:
    """Copy rows into a table: some are made here while the server takes in those before."""
    cursor = connection.cursor()
    statement = sql.SQL("COPY {} FROM STDIN").format(identifier(table))
    with cursor.copy(statement, writer=QueuedLibpqWriter(cursor)) as copy:
        for lines in copy_lines(rows):
            copy.write(lines)


def _key(table: Table) -> sql.Identifier:
    return sql.Identifier(next(iter(table.columns)).name)


def _keys(table: Table) -> sql.SQL:
    """Return the placeholder for a list of keys, which are text here and typed in the table."""
    key_type = next(iter(table.columns)).type.compile(DIALECT)
    return sql.SQL(f"%s::{key_type}[]")
