"""Comparing generations: as a digest each, and key by key."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import Connection, sql

from projections.generation import Generation
from projections.read_model import SCHEMA, Document

MOST_DIFFERENCES = 1_000


@dataclass(frozen=True)
class Difference:
    """An entity whose documents differ, and the fields in which they do."""

    key: str
    fields: Sequence[str]

    def __str__(self) -> str:
        return f"{self.key} in {', '.join(self.fields)}"


def differences(
    connection: Connection[Any], live: Generation, other: Generation
) -> list[Difference]:
    """Return where a generation differs from the live one, as both were at the same position.

    That is the position of whichever had come less far; the other one's past tells how it stood.
    """
    query = sql.SQL("""
        WITH live AS ({live}), other AS ({other})
        SELECT key, live.document, other.document FROM live FULL JOIN other USING (key)
        WHERE live.document::text IS DISTINCT FROM other.document::text
        ORDER BY key LIMIT %(most)s
    """).format(live=_as_it_stood(live), other=_as_it_stood(other))
    position = min(live.position, other.position)
    rows = connection.execute(query, {"position": position, "most": MOST_DIFFERENCES})
    return [Difference(key, _differing(before, after)) for key, before, after in rows]


def digest(connection: Connection[Any], generation: Generation) -> str:
    """Return a digest of all rows, past ones included, that ignores how they lie on disk."""
    present, past = generation.tables
    key = sql.Identifier(next(iter(present.columns)).name)
    query = sql.SQL("""
        SELECT coalesce(md5(string_agg(line, '' ORDER BY line)), '') FROM (
            SELECT md5(concat_ws(' ', {key}, valid_from, document)) AS line FROM {present}
            UNION ALL
            SELECT md5(concat_ws(' ', {key}, valid_from, valid_to, document)) FROM {past}
        ) AS lines
    """).format(
        key=key,
        present=sql.Identifier(SCHEMA, present.name),
        past=sql.Identifier(SCHEMA, past.name),
    )
    row = connection.execute(query).fetchone()
    return str(row[0]) if row else ""


def _as_it_stood(generation: Generation) -> sql.Composed:
    """Return the query of a generation's documents at a position, which the caller gives."""
    present, past = generation.tables
    return sql.SQL("""
        SELECT {key}::text AS key, document FROM {present} WHERE valid_from <= %(position)s
        UNION ALL
        SELECT {key}::text, document FROM {past}
        WHERE valid_from <= %(position)s AND valid_to > %(position)s
    """).format(
        key=sql.Identifier(next(iter(present.columns)).name),
        present=sql.Identifier(SCHEMA, present.name),
        past=sql.Identifier(SCHEMA, past.name),
    )


def _differing(before: Document | None, after: Document | None) -> list[str]:
    if before is None or after is None:
        return ["everything: it is missing in the " + ("live one" if before is None else "new one")]
    return sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )
