"""The rows of a table, read in a stream."""

import hashlib
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import sqlalchemy as sa

from discovery.readers.tables import EXAMPLES
from discovery.sources.sql.reflection import ReflectedTable
from discovery.sources.sql.values import converter
from registry.inference import Shape

BATCH: Final = 1_000
"""Rows in memory at a time."""

_DIGEST_BYTES: Final = 16


class RowsRead:
    """What reading rows gave: their number, shape and digest, and the first of them."""

    def __init__(self) -> None:
        self.count = 0
        self.shape = Shape()
        self.first: list[dict[str, Any]] = []
        self._sum = 0
        self._bytes = 0

    @property
    def digest(self) -> str:
        """What changes with the rows, and not with their order.

        It is the sum of the rows' digests: a table without a key has no order of its own.
        """
        return f"{self.count} {self._sum % 2 ** (8 * _DIGEST_BYTES):x}"

    @property
    def mean_bytes(self) -> float:
        """Bytes of a row, written as text."""
        return self._bytes / self.count if self.count else 0.0

    def add(self, records: list[dict[str, Any]]) -> None:
        """Take some more rows into account."""
        self.first += records[: EXAMPLES - len(self.first)]
        self.shape.observe_all(records)
        self.count += len(records)
        for record in records:
            row = repr(record).encode(errors="surrogatepass")
            digest = hashlib.blake2b(row, digest_size=_DIGEST_BYTES).digest()
            self._sum += int.from_bytes(digest, "big")
            self._bytes += len(row)


def read_rows(connection: sa.Connection, table: ReflectedTable, most: int | None) -> RowsRead:
    """Read a table, or its first rows by primary key.

    Args:
        connection: where the table is.
        table: the table.
        most: how many rows to read at most; None for all.
    """
    read = RowsRead()
    rows = _rows(connection, table, most)
    while batch := list(islice(rows, BATCH)):
        read.add(batch)
    return read


def count_rows(connection: sa.Connection, table: ReflectedTable) -> int:
    """Return the number of rows of a table."""
    source = sa.table(table.name, schema=table.schema)
    return int(connection.execute(sa.select(sa.func.count()).select_from(source)).scalar_one())


def _rows(
    connection: sa.Connection, table: ReflectedTable, most: int | None
) -> Iterator[dict[str, Any]]:
    # Columns without a type: values come as the driver has them, and none is refused.
    columns: dict[str, Any] = {each.name: sa.column(each.name) for each in table.columns}
    source = sa.table(table.name, *columns.values(), schema=table.schema)
    query = sa.select(*(_selected(source.c[each.name], each.type) for each in table.columns))
    if most is not None:
        query = query.order_by(*(source.c[name] for name in table.primary_key)).limit(most)
    names = list(columns)
    converters = [converter(each.type) for each in table.columns]
    with connection.execution_options(yield_per=BATCH).execute(query) as result:
        for row in result:
            yield {
                name: convert(value)
                for name, convert, value in zip(names, converters, row, strict=True)
            }


def _selected(column: Any, kind: sa.types.TypeEngine[Any]) -> Any:
    """Return what is read of a column: of bytes, which may be many, only whether there are any."""
    if isinstance(kind, sa.LargeBinary):
        return sa.case((column.is_(None), None), else_=sa.literal_column("''")).label(column.name)
    return column
