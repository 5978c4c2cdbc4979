"""The cells of a text table as columns of texts that DuckDB can query."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

SAMPLED_WHOLE: Final = 20_000
"""Rows up to which a sample is all of them."""
_SAMPLED: Final = 1000
"""Rows of a sample of more, in about; what it misses is found when its verdict is checked."""
_SAMPLED_RUN: Final = 10


@dataclass(kw_only=True)
class Cells:
    """All cells of a table as texts, null where empty, in the columns c0, c1, … of a relation."""

    connection: duckdb.DuckDBPyConnection
    relation: str
    width: int
    rows: int
    sampled: pa.Table
    """Rows from all over the table, or all of them."""
    nulls: list[int]
    """Empty cells of each column."""
    keep: Any = field(default=None, repr=False)
    """The Arrow table or the Parquet file that holds the cells."""

    @property
    def is_sample_whole(self) -> bool:
        """Whether the sample is the whole table."""
        return bool(self.sampled.num_rows == self.rows)

    @contextmanager
    def column(self, place: int) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
        """Give a connection for one thread and the relation in it that has a column.

        It has that column alone if it can: to bind one of many costs as much as to count it.
        """
        with self.connection.cursor() as cursor:
            if not isinstance(self.keep, pa.Table):
                yield cursor, self.relation
                pa.default_memory_pool().release_unused()
                return
            name = f"{self.relation}_c{place}"
            cursor.register(name, self.keep.select([place]))
            yield cursor, name
            cursor.unregister(name)

    def sample(self, place: int) -> Counter[str]:
        """Return how often each text occurs in a sample of a column."""
        counts = Counter(self.sampled.column(place).to_pylist())
        counts.pop(None, None)
        return counts

    def batches(self, place: int) -> Iterator[pa.Array]:
        """Yield the texts of a column in their order."""
        if isinstance(self.keep, pa.Table):
            yield from self.keep.column(place).chunks
            return
        with pq.ParquetFile(self.keep) as file:
            for batch in file.iter_batches(columns=[f"c{place}"]):
                yield batch.column(0)


class CellStore:
    """Takes batches of cells; keeps few in memory, and many in a Parquet file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, relation: str, file: Path | None):
        self._connection = connection
        self._relation = relation
        self._file = file
        self._batches: list[pa.RecordBatch] = []
        self._samples: list[pa.RecordBatch] = []
        self._writer: pq.ParquetWriter | None = None
        self._rows = 0
        self._nulls: list[int] = []

    def add(self, batch: pa.RecordBatch) -> None:
        """Append some rows."""
        self._rows += batch.num_rows
        self._nulls = self._nulls or [0] * batch.num_columns
        for place, column in enumerate(batch.columns):
            self._nulls[place] += column.null_count
        if self._file is None:
            self._batches.append(batch)
            return
        self._samples.append(_copied(batch.slice(0, _SAMPLED_RUN)))
        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self._file, batch.schema, compression="lz4", write_statistics=False
            )
        self._writer.write_batch(batch)

    def close(self, schema: pa.Schema) -> Cells:
        """Return the cells that were added."""
        keep: Any
        if self._writer is not None and self._file is not None:
            self._writer.close()
            pa.default_memory_pool().release_unused()
            keep, sampled = self._file, pa.Table.from_batches(self._samples, schema)
            path = str(self._file).replace("'", "''")
            self._connection.execute(
                f"CREATE OR REPLACE VIEW \"{self._relation}\" AS FROM read_parquet('{path}')"
            )
        else:
            keep = pa.Table.from_batches(self._batches, schema)
            if schema.names:
                self._connection.register(self._relation, keep)
            if self._rows <= SAMPLED_WHOLE:
                sampled = keep
            else:
                run = max(_SAMPLED_RUN, _SAMPLED // len(self._batches))
                runs = [batch.slice(0, run) for batch in self._batches]
                sampled = pa.Table.from_batches(runs, schema)
        return Cells(
            connection=self._connection,
            relation=self._relation,
            width=len(schema),
            rows=self._rows,
            sampled=sampled,
            nulls=self._nulls or [0] * len(schema),
            keep=keep,
        )


def text_schema(width: int) -> pa.Schema:
    """Return the schema of so many columns of texts."""
    return pa.schema([(f"c{place}", pa.string()) for place in range(width)])


def _copied(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch that does not keep the memory of the one it was cut from."""
    return pa.RecordBatch.from_pydict(batch.to_pydict(), schema=batch.schema)
