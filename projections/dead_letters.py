"""Events that could not be folded, with all that wait behind them for their entity's sake."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from psycopg import Connection

from projections.read_model import Poison


class DeadLetter(NamedTuple):
    """An event set aside; one without an `error` only waits behind an earlier one."""

    name: str
    generation: int
    key: str
    position: int
    topic: str
    error: str | None


def blocked_keys(connection: Connection[Any], name: str, generation: int) -> list[str]:
    """Return the entities of a generation whose events have to wait."""
    rows = connection.execute(
        "SELECT DISTINCT key FROM dead_letters WHERE name = %s AND generation = %s",
        [name, generation],
    )
    return [key for (key,) in rows]


def add(
    connection: Connection[Any], name: str, generation: int, poisoned: Iterable[Poison]
) -> None:
    """Set events aside."""
    connection.cursor().executemany(
        "INSERT INTO dead_letters (name, generation, key, position, topic, error)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [
            (name, generation, key, event.position, event.topic, error)
            for key, event, error in poisoned
        ],
    )


def take(connection: Connection[Any], name: str, generation: int, key: str) -> list[int]:
    """Remove an entity's dead letters; return their positions in order."""
    rows = connection.execute(
        "DELETE FROM dead_letters WHERE name = %s AND generation = %s AND key = %s"
        " RETURNING position",
        [name, generation, key],
    )
    return sorted(position for (position,) in rows)


def listed(connection: Connection[Any], name: str | None = None) -> Sequence[DeadLetter]:
    """Return the dead letters of the live read models, or of one, in the order of the log."""
    rows = connection.execute(
        "SELECT name, generation, key, dead_letters.position, topic, error"
        " FROM dead_letters JOIN projection_generations USING (name, generation)"
        " WHERE live AND (%(name)s::text IS NULL OR name = %(name)s)"
        " ORDER BY name, dead_letters.position",
        {"name": name},
    )
    return [DeadLetter(*row) for row in rows]
