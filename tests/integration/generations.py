"""What there is of the datasets' generations."""

from typing import Any

from psycopg import Connection


def generations(connection: Connection[Any]) -> list[tuple[Any, ...]]:
    """Return number, version and liveness of each generation of the datasets."""
    return connection.execute(
        "SELECT generation, version, live FROM projection_generations"
        " WHERE name = 'datasets' ORDER BY 1"
    ).fetchall()


def tables(connection: Connection[Any]) -> list[str]:
    """Return the tables of all generations of the datasets."""
    rows = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'read_models'"
        " AND tablename LIKE 'datasets%' ORDER BY 1"
    ).fetchall()
    return [name for (name,) in rows]
