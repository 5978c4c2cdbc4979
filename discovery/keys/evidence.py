"""Looking at the cells of a table for all that its keys depend on."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import Final

import numpy as np

from discovery.keys.cell_keys import hash_of, key_of
from discovery.keys.column_facts import facts_of
from discovery.keys.composite_key import smallest_unique
from discovery.keys.field import Field, KeyTable, fields_of
from discovery.keys.inclusion import SEPARATORS
from discovery.keys.primary import primary_key
from discovery.keys.table_evidence import (
    ColumnEvidence,
    Hashes,
    KeySet,
    TableEvidence,
    key_set,
    together,
)
from discovery.table import ColumnClass

ROWS: Final = 20_000
"""Rows up to which all are looked at; of more, about so many are, but for keys of the table."""
TARGET_KEYS: Final = 1 << 15
"""Keys that are kept of a column that others may refer to."""
SOURCE_KEYS: Final = 1 << 12
SAMPLED_ROWS: Final = 2_000
_ALL_COLUMNS: Final = 1 << 18
"""Keys that are kept of all columns of a table together, in about."""
_FEWEST_KEYS: Final = 1 << 8

_LONGEST_LIST: Final = 1000
_LISTS: Final = 300
"""Different cells that are looked at as lists."""
_MOST_PARTS: Final = 1000
_BATCH: Final = 1 << 17
_NUMBERED: Final = count(1)


def key_evidence(name: str, table: KeyTable) -> TableEvidence:
    """Return what the keys of a table depend on, in at most some megabytes."""
    columns = [facts_of(column) for column in table.columns]
    fields = fields_of({name: columns})
    looker = _Looker(table)
    found: list[Field] = []

    def search(parts: Sequence[Field]) -> Sequence[Field] | None:
        several = smallest_unique(parts, looker.are_unique)
        found.extend(several or ())
        return several

    primary_key(fields, frozenset(one.entity for one in fields), search)
    with looker.sampled() as relation:
        columns = looker.with_keys(fields, relation)
    return TableEvidence(
        columns=columns,
        composite=[one.column.name for one in found],
        **({"tuples": looker.tuples(found)} if found else {}),
    )


class _Looker:
    """Looks at the cells of one table."""

    def __init__(self, table: KeyTable) -> None:
        self._connection = table.connection
        self._relation = f'"{table.relation}"'
        self._columns = table.columns
        self._rows = table.columns[0].profile.rows if table.columns else 0

    @contextmanager
    def sampled(self) -> Iterator[str]:
        """Yield a relation with some of the rows, chosen by what they hold; with all if few."""
        if self._rows <= ROWS:
            yield self._relation
            return
        name = f'"key_rows_{next(_NUMBERED)}"'
        columns = ", ".join(column.identifier for column in self._columns)
        self._connection.execute(
            f"CREATE TEMP TABLE {name} AS SELECT {columns} FROM {self._relation}"  # noqa: S608
            f" WHERE hash({columns}) <= {(2**64 - 1) * ROWS // self._rows}::UBIGINT"
        )
        try:
            yield name
        finally:
            self._connection.execute(f"DROP TABLE {name}")

    def with_keys(self, fields: Sequence[Field], relation: str) -> list[ColumnEvidence]:
        """Return the columns with the keys in some rows, and with all keys if they are targets."""
        columns = [field.column for field in fields]
        places = [field.place for field in fields if field.can_hold_keys]
        texts = [field.place for field in fields if _may_be_lists(field)]
        if not self._rows or not (places or texts):
            return columns
        every = dict.fromkeys([*places, *texts])
        rows = self._hashes(every, relation)
        share = max(_FEWEST_KEYS, _ALL_COLUMNS // len(every))
        step = -(-len(next(iter(rows.values()))) // SAMPLED_ROWS)
        for place in places:
            if fields[place].is_target:
                keys = self._target_keys(fields[place], rows[place], min(share, TARGET_KEYS))
            else:
                distinct = None if self._rows <= ROWS else columns[place].distinct
                keys = key_set(rows[place], min(share, SOURCE_KEYS), distinct)
            columns[place] = replace(
                columns[place], keys=keys, sampled=rows[place][:: max(step, 1)]
            )
        for place, lists in self._lists({place: rows[place] for place in texts}, relation).items():
            columns[place] = replace(columns[place], lists=lists)
        return columns

    def are_unique(self, fields: Sequence[Field], most: int | None = None) -> bool:
        """Return whether no combination of values occurs twice, in the first rows or in all."""
        columns = [self._columns[field.place].identifier for field in fields]
        texts = ", ".join(f"CAST({column} AS VARCHAR)" for column in columns)
        limit = f" LIMIT {most}" if most else ""
        ((unique,),) = self._connection.execute(
            f"SELECT count(*) = count(DISTINCT key) FROM"  # noqa: S608
            f" (SELECT hash([{texts}]) AS key FROM"
            f" (SELECT {', '.join(columns)} FROM {self._relation}{limit}))"
        ).fetchall()
        return bool(unique)

    def tuples(self, fields: Sequence[Field]) -> KeySet:
        """Return the keys of several columns together, of all rows."""
        keys = ", ".join(f"{hash_of(self._columns[one.place])} AS c{one.place}" for one in fields)
        bound = min(2**32, 2**32 * TARGET_KEYS // self._rows)
        kept: list[Hashes] = []
        reader = self._connection.sql(
            f"SELECT {keys} FROM {self._relation}"  # noqa: S608
        ).to_arrow_reader(_BATCH)
        for batch in reader:
            hashes = together([column.to_numpy() for column in batch.columns])
            kept.append(hashes[hashes < bound])
        return replace(key_set(np.concatenate(kept), self._rows, self._rows), below=bound)

    def _hashes(self, places: Mapping[int, None], relation: str) -> dict[int, Hashes]:
        keys = ", ".join(f"{hash_of(self._columns[place])} AS c{place}" for place in places)
        found = self._connection.execute(f"SELECT {keys} FROM {relation}").fetchnumpy()  # noqa: S608
        return {place: np.asarray(found[f"c{place}"], np.uint32) for place in places}

    def _target_keys(self, field: Field, rows: Hashes, most: int) -> KeySet:
        if self._rows <= ROWS:
            return key_set(rows, most)
        bound = min(2**32, 2**32 * most // field.column.distinct)
        key = hash_of(self._columns[field.place])
        found = self._connection.execute(
            f"SELECT key FROM (SELECT {key} AS key FROM {self._relation}) WHERE key < {bound}"  # noqa: S608
        ).fetchnumpy()["key"]
        return replace(key_set(np.asarray(found), len(found), field.column.distinct), below=bound)

    def _lists(
        self, rows: Mapping[int, Hashes], relation: str
    ) -> Mapping[int, Mapping[str, KeySet]]:
        """Return by place and separator the keys in some cells that are read as lists.

        The cells are those with the least hashes, so they do not depend on the order of the rows.
        """
        if not rows:
            return {}
        cells = {place: np.unique(hashes[hashes != 0])[:_LISTS] for place, hashes in rows.items()}
        cells = {place: least for place, least in cells.items() if len(least)}
        texts = ", ".join(
            f"CASE WHEN {hash_of(self._columns[place])} BETWEEN 1 AND {least[-1]}"
            f" THEN {key_of(self._columns[place])} END"
            for place, least in cells.items()
        )
        marks = ", ".join(f"'{separator}'" for separator in SEPARATORS)
        parts = self._connection.execute(
            f"WITH cells AS (SELECT DISTINCT place, cell FROM (SELECT"  # noqa: S608
            f" unnest([{', '.join(map(str, cells))}]) AS place, unnest([{texts}]) AS cell"
            f" FROM {relation}) WHERE cell IS NOT NULL),"
            " parts AS (SELECT place, mark, trim(unnest(string_split(cell, mark))) AS part"
            f" FROM cells, (SELECT unnest([{marks}]) AS mark))"
            " SELECT place, mark, (hash(part) >> 32)::UINTEGER AS key"
            " FROM parts WHERE part <> ''"
        ).fetchnumpy()
        found: dict[int, dict[str, KeySet]] = {}
        for place, least in cells.items():
            for mark in SEPARATORS:
                keys = np.asarray(parts["key"])[(parts["place"] == place) & (parts["mark"] == mark)]
                if len(keys) > len(least):  # else no cell has several parts
                    found.setdefault(place, {})[mark] = key_set(keys, _MOST_PARTS)
        return found


def _may_be_lists(field: Field) -> bool:
    return field.kind == ColumnClass.STRING and 0 < field.mean_length <= _LONGEST_LIST
