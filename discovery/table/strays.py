"""Rows with more or fewer cells than a table has columns, put back where they stood."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, Final

import pyarrow as pa

from discovery.dialect import Dialect
from discovery.table.layout import cells_of

MOST_STRAYS: Final = 2000


class Strays:
    """Collects the rows that Arrow's reader hands over, and splices them into its batches."""

    def __init__(self, dialect: Dialect, width: int) -> None:
        self._dialect = dialect
        self._width = width
        self._before = dialect.skip + dialect.header
        self._waiting: deque[tuple[int, list[str]]] = deque()
        self.lengths: dict[int, int] = {}
        """The number of cells of each stray, by its row from 0."""

    def take(self, row: Any) -> str:
        """Keep a row; called by Arrow's reader, which gives up at "error".

        It does so at a row over several lines, whose quotes may be to blame, and if there are many.
        """
        if row.number is None or "\n" in row.text or len(self.lengths) == MOST_STRAYS:
            return "error"
        cells = next(cells_of([row.text], self._dialect), [])
        place = row.number - self._before - 1
        self._waiting.append((place, cells))
        self.lengths[place] = len(cells)
        return "skip"

    def spliced(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the batches with the strays between their rows."""
        position = 0
        schema = None
        for batch in batches:
            schema, start = batch.schema, 0
            while self._waiting and self._waiting[0][0] <= position + len(batch) - start:
                place, cells = self._waiting.popleft()
                if place > position:
                    yield batch.slice(start, place - position)
                yield self._row(cells, schema)
                start += place - position
                position = place + 1
            if start < len(batch):
                yield batch.slice(start)
                position += len(batch) - start
        if schema is not None:
            yield from (self._row(cells, schema) for _, cells in self._waiting)

    def _row(self, cells: list[str], schema: pa.Schema) -> pa.RecordBatch:
        fitted = fitted_to(cells, self._width)
        arrays = [pa.array([cell or None], pa.string()) for cell in fitted]
        return pa.RecordBatch.from_arrays(arrays, schema=schema)


def fitted_to(cells: list[str], width: int) -> list[str]:
    """Return so many cells: with empty ones added, or without the last ones."""
    return (cells + [""] * (width - len(cells)))[:width]
