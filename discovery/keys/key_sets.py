"""The sets of different keys in columns, as hashes in DuckDB, and how they include each other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Final

import duckdb
import pyarrow as pa

from discovery.keys.field import Field, KeyTable
from discovery.keys.inclusion import Inclusion, Pair, Source

_NUMBERED: Final = count(1)


class KeySets:
    """Different keys by their 64-bit hashes, each with the number of its cells.

    A set is made once, when a pair needs it; all pairs are compared by one join, so the cost
    grows with the sizes of the sources in the pairs.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, tables: Mapping[str, KeyTable]):
        self._connection = connection
        self._tables = tables
        self._sets = f"key_sets_{next(_NUMBERED)}"
        self._made: set[int] = set()

    @contextmanager
    def opened(self) -> Iterator["KeySets"]:
        """Hold the sets in a temporary table for a while."""
        self._connection.execute(
            f'CREATE TEMP TABLE "{self._sets}" (number INTEGER, key UBIGINT, cells BIGINT)'
        )
        try:
            yield self
        finally:
            self._connection.execute(f'DROP TABLE "{self._sets}"')

    def compare(self, pairs: Sequence[Pair]) -> list[Inclusion]:
        """Return the inclusion of the first in the second, for each pair."""
        if not pairs:
            return []
        self._make(source for pair in pairs for source in pair)
        numbers = [(source.number, target.number) for source, target in pairs]
        found = self._joined(numbers)
        sizes = self._sizes({number for pair in numbers for number in pair})
        return [_inclusion(pair, sizes, found) for pair in numbers]

    def samples(self, fields: Sequence[Field], size: int) -> dict[int, list[str]]:
        """Return some hundred different cells of columns, by the numbers of the columns.

        They are those with the least hashes, so they do not depend on the order of the rows.
        """
        found: dict[int, list[str]] = {field.number: [] for field in fields}
        for table, group in _by_table(fields).items():
            cells = ", ".join(_sampled(field, size) for field in group)
            rows = self._connection.execute(
                f"SELECT DISTINCT number, cell FROM (SELECT"  # noqa: S608
                f" unnest([{_numbers(field.number for field in group)}]) AS number,"
                f" unnest([{cells}]) AS cell"
                f' FROM "{self._tables[table].relation}") WHERE cell IS NOT NULL'
            ).fetchall()
            for number, cell in rows:
                found[number].append(cell)
        return found

    def best_shares(
        self, parts: Iterable[tuple[int, str]], targets: Sequence[Field]
    ) -> dict[int, float]:
        """Return by number the share of texts that are keys of one target, of the best one."""
        self._make(Source(field=target) for target in targets)
        numbers, texts = [], []
        for number, text in parts:
            numbers.append(number)
            texts.append(text)
        table = pa.table({"number": pa.array(numbers, pa.int32()), "part": pa.array(texts)})
        with self._registered(table) as given:
            rows = self._connection.execute(
                f"WITH parts AS (SELECT number, hash(part) AS key FROM {given}),"  # noqa: S608
                " sizes AS (SELECT number, count(*) AS size FROM parts GROUP BY number),"
                " hits AS (SELECT p.number, t.number AS target, count(*) AS hits"
                f' FROM parts p JOIN "{self._sets}" t USING (key)'
                f" WHERE t.number IN ({_numbers(Source(field=one).number for one in targets)})"
                " GROUP BY p.number, t.number)"
                " SELECT number, max(hits / size) FROM hits JOIN sizes USING (number)"
                " GROUP BY number"
            ).fetchall()
        return dict(rows)

    def equal_rows(self, one: Field, other: Field) -> float:
        """Return the share of the rows with a key in one column that have the same in another."""
        # A result that is not fetched to its end would keep the connection busy.
        ((share,),) = self._connection.execute(
            f"SELECT count(*) FILTER (one = other) / count(*) FROM"  # noqa: S608
            f" (SELECT {one.key} AS one, {other.key} AS other FROM {self._relation(one)})"
            " WHERE one IS NOT NULL"
        ).fetchall()
        return float(share or 0.0)

    def tuple_coverage(self, source: Sequence[Field], target: Sequence[Field]) -> tuple[float, int]:
        """Return the share of the complete tuples in a table that occur in another, and how many.

        The second figure is the number of different tuples.
        """
        ((share, tuples),) = self._connection.execute(
            f"WITH source AS ({self._tuples(source)}), target AS ({self._tuples(target)})"  # noqa: S608
            " SELECT coalesce(sum(cells) FILTER (key IN (SELECT key FROM target)), 0) / sum(cells),"
            " count(*) FROM source"
        ).fetchall()
        return float(share or 0.0), int(tuples)

    def _tuples(self, fields: Sequence[Field]) -> str:
        hashes = ", ".join(f"hash({field.key})" for field in fields)
        filled = " AND ".join(f"({field.key}) IS NOT NULL" for field in fields)
        return (
            f"SELECT hash([{hashes}]) AS key, count(*) AS cells"  # noqa: S608
            f" FROM {self._relation(fields[0])} WHERE {filled} GROUP BY key"
        )

    def _relation(self, field: Field) -> str:
        return f'"{self._tables[field.table].relation}"'

    def _make(self, sources: Iterable[Source]) -> None:
        missing = {s.number: s for s in sources if s.number not in self._made}
        by_table: dict[str, list[Source]] = defaultdict(list)
        for source in missing.values():
            by_table[source.field.table].append(source)
        for group in by_table.values():
            plain = [source for source in group if source.separator is None]
            if plain:
                keys = ", ".join(source.field.key for source in plain)
                self._insert(
                    f"SELECT unnest([{_numbers(s.number for s in plain)}]) AS number,"  # noqa: S608
                    f" unnest([{keys}]) AS key FROM {self._relation(plain[0].field)}"
                )
            for source in group:
                if source.separator is not None:
                    cells = f"string_split({source.field.key}, '{source.separator}')"
                    self._insert(
                        f"SELECT {source.number} AS number, nullif(trim(part), '') AS key"  # noqa: S608
                        f" FROM (SELECT unnest({cells}) AS part FROM"
                        f" {self._relation(source.field)})"
                    )
        self._made |= set(missing)

    def _insert(self, keys: str) -> None:
        self._connection.execute(
            f'INSERT INTO "{self._sets}" SELECT number, hash(key) AS hashed, count(*)'  # noqa: S608
            f" FROM ({keys}) WHERE key IS NOT NULL GROUP BY number, hashed"
        )

    def _joined(self, numbers: Sequence[tuple[int, int]]) -> dict[tuple[int, int], tuple[int, int]]:
        pairs = pa.table(
            {
                "source": pa.array([source for source, _ in numbers], pa.int32()),
                "target": pa.array([target for _, target in numbers], pa.int32()),
            }
        )
        with self._registered(pairs) as given:
            rows = self._connection.execute(
                f"SELECT p.source, p.target, sum(s.cells)::BIGINT, count(*)"  # noqa: S608
                f' FROM {given} p JOIN "{self._sets}" s ON s.number = p.source'
                f' JOIN "{self._sets}" t ON t.number = p.target AND t.key = s.key'
                " GROUP BY p.source, p.target"
            ).fetchall()
        return {(source, target): (cells, covered) for source, target, cells, covered in rows}

    def _sizes(self, numbers: Iterable[int]) -> dict[int, tuple[int, int]]:
        rows = self._connection.execute(
            f'SELECT number, sum(cells)::BIGINT, count(*) FROM "{self._sets}"'  # noqa: S608
            f" WHERE number IN ({_numbers(sorted(numbers))}) GROUP BY number"
        ).fetchall()
        return {number: (cells, distinct) for number, cells, distinct in rows}

    @contextmanager
    def _registered(self, table: pa.Table) -> Iterator[str]:
        name = f"{self._sets}_given"
        self._connection.register(name, table)
        try:
            yield f'"{name}"'
        finally:
            self._connection.unregister(name)


def _sampled(field: Field, size: int) -> str:
    """Return the SQL of a cell, null unless its hash is so low as those of some hundred are."""
    most = (2**64 - 1) * min(size, field.profile.distinct) // max(field.profile.distinct, 1)
    return f"CASE WHEN hash({field.key}) <= {most}::UBIGINT THEN {field.key} END"


def _by_table(fields: Iterable[Field]) -> dict[str, list[Field]]:
    found: dict[str, list[Field]] = defaultdict(list)
    for field in fields:
        found[field.table].append(field)
    return found


def _numbers(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def _inclusion(
    pair: tuple[int, int],
    sizes: Mapping[int, tuple[int, int]],
    found: Mapping[tuple[int, int], tuple[int, int]],
) -> Inclusion:
    cells, distinct = sizes.get(pair[0], (0, 0))
    covered_cells, covered = found.get(pair, (0, 0))
    return Inclusion(
        cells=cells,
        covered_cells=covered_cells,
        distinct=distinct,
        covered=covered,
        target_distinct=sizes.get(pair[1], (0, 0))[1],
    )
