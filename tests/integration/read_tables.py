"""The rows of read models: those that queries see, and those of a clean replay of the log."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from psycopg import Connection, sql
from psycopg.rows import dict_row

from projections.catalogue import READ_MODELS
from projections.read_model import SCHEMA
from projections.rebuild import rebuild

Rows = list[dict[str, Any]]


class Tables(NamedTuple):
    """All rows of a read model, in the order of their keys and positions."""

    present: Rows
    past: Rows


def live_tables(connection: Connection[Any]) -> Mapping[str, Tables]:
    """Return all rows of every live read model."""
    return {name: live_rows(connection, name) for name in READ_MODELS}


def replayed_tables(connection: Connection[Any]) -> Mapping[str, Tables]:
    """Return what a clean replay of the log gives; the database stays as it is."""
    with connection.transaction(force_rollback=True):
        for model in READ_MODELS.values():
            rebuild(connection, model)
        return live_tables(connection)


def live_rows(connection: Connection[Any], name: str) -> Tables:
    """Return the rows of a live read model."""
    query = sql.SQL("SELECT * FROM {} ORDER BY 1, valid_from")
    cursor = connection.cursor(row_factory=dict_row)
    return Tables(
        *(
            cursor.execute(query.format(sql.Identifier(SCHEMA, table))).fetchall()
            for table in (name, f"{name}_past")
        )
    )


def positions(connection: Connection[Any]) -> Mapping[str, int]:
    """Return how far each live read model has come."""
    rows = connection.execute("SELECT name, position FROM projection_generations WHERE live")
    return dict(rows.fetchall())
