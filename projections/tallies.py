"""Counting the documents of a generation by their entries, as they come and go."""

from collections import Counter
from collections.abc import Mapping
from itertools import chain

import orjson
from psycopg import Connection, sql
from sqlalchemy import Table

from projections.read_model import Entry, Folding, Tally, Version
from projections.rows import identifier


def count(
    connection: Connection[object],
    tally: Tally,
    table: Table,
    folding: Folding,
    known: Mapping[str, Version],
) -> None:
    """Bring the counts up to date with what a batch of events led to, given what was `known`.

    Entries are written in one order, so that processes that share a build wait for each other and
    never in a circle.
    """
    past = chain.from_iterable(tally.entries(version.document) for version in folding.past)
    changes = Counter[Entry](dict.fromkeys(past, 0))
    for key, version in folding.current.items():
        if before := known.get(key):
            changes.subtract(tally.entries(before.document))
        if version:
            changes.update(tally.entries(version.document))
    rows = [
        {**tally.row(entry), "count": change}
        for entry, change in sorted(
            changes.items(), key=lambda item: (item[0][1], item[0][0] or "")
        )
    ]
    if not rows:
        return
    names = sql.SQL(", ").join(map(sql.Identifier, rows[0]))
    client_id, what, *_ = map(sql.Identifier, rows[0])
    connection.execute(
        sql.SQL(
            "INSERT INTO {table} AS tally ({names})"
            " SELECT {names} FROM json_populate_recordset(NULL::{table}, %s::json)"
            " ON CONFLICT ({client_id}, {what}) DO UPDATE SET count = tally.count + excluded.count"
        ).format(table=identifier(table), names=names, client_id=client_id, what=what),
        [orjson.dumps(rows).decode()],
    )
