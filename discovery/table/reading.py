"""Reading text tables: fast where they are well-formed, tolerantly where they are not."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv

from discovery.dialect import Dialect, Doubt
from discovery.table.cells import Cells, CellStore, text_schema
from discovery.table.layout import Layout
from discovery.table.places import lines_of
from discovery.table.strays import Strays, fitted_to
from discovery.table.tolerant import rows_of

IN_MEMORY: Final = 256 << 20
"""Bytes of a file up to which its cells are kept in memory."""
SPLICED_FROM: Final = 4 << 20
"""Bytes from which the rows of the right length are still read fast where others are not."""
_BLOCK: Final = 4 << 20
_ROWS_A_BATCH: Final = 20_000
_SHOWN: Final = 5
_SINGLE_COLUMN: Final = "\x1f"
"""A delimiter for a table of one column, as no text has it."""


@dataclass(kw_only=True)
class CellReader:
    """Reads the cells of a file into a store; a new store is made for every attempt."""

    path: Path
    dialect: Dialect
    layout: Layout
    new_store: Any

    def read(self) -> tuple[Cells, list[Doubt]]:
        """Return all cells, and doubts about rows with more or fewer than all."""
        strays = Strays(self.dialect, self.layout.width)
        if _is_plain(self.dialect):
            try:
                return self._read_fast(), []
            except (pa.ArrowInvalid, UnicodeDecodeError):
                pass
            if self.path.stat().st_size > SPLICED_FROM:
                try:
                    cells = self._read_fast(strays)
                    return cells, self._spliced_doubts(strays, cells.rows)
                except (pa.ArrowInvalid, UnicodeDecodeError):
                    pass
        return self._read_tolerantly()

    def _spliced_doubts(self, strays: Strays, total: int) -> list[Doubt]:
        width = self.layout.width
        first = sorted(strays.lengths)[:_SHOWN]
        lines = lines_of(self.path, self.dialect, width, first, total)
        shown = [(lines.get(row), strays.lengths[row]) for row in first]
        return list(_ragged(shown, len(strays.lengths), width))

    def _read_fast(self, strays: Strays | None = None) -> Cells:
        """Read a table in which every row has all cells, except for strays.

        Raises:
            pyarrow.ArrowInvalid: a row has more or fewer cells, bytes are not of the encoding,
                or the last row does not end.
        """
        store: CellStore = self.new_store()
        schema = text_schema(self.layout.width)
        last = None
        batches = self._batches(schema, strays)
        for batch in strays.spliced(batches) if strays else batches:
            if batch.num_rows:
                store.add(batch)
                last = batch
        if last is not None and any("\n" in str(column[-1].as_py()) for column in last.columns):
            raise pa.ArrowInvalid("a quote at the end may be open")
        return store.close(schema)

    def _batches(self, schema: pa.Schema, strays: Strays | None) -> Iterator[pa.RecordBatch]:
        dialect = self.dialect
        options: dict[str, Any] = {
            "read_options": pa.csv.ReadOptions(
                column_names=schema.names,
                skip_rows=dialect.skip + dialect.header,
                block_size=_BLOCK,
                use_threads=strays is None,  # only then a row tells its number
                encoding="utf8" if dialect.encoding in _UTF8 else dialect.encoding,
            ),
            "parse_options": pa.csv.ParseOptions(
                delimiter=dialect.delimiter or _SINGLE_COLUMN,
                quote_char=dialect.quote or False,
                double_quote=dialect.escape in ("", dialect.quote),
                escape_char=dialect.escape if dialect.escape == "\\" else False,
                newlines_in_values=bool(dialect.quote),
                ignore_empty_lines=self.layout.width > 1,
                invalid_row_handler=strays.take if strays else None,
            ),
            "convert_options": pa.csv.ConvertOptions(
                column_types=schema,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        }
        if self.path.stat().st_size <= IN_MEMORY and strays is None:
            yield from pa.csv.read_csv(self.path, **options).to_batches()
        else:
            with pa.csv.open_csv(self.path, **options) as reader:
                yield from reader

    def _read_tolerantly(self) -> tuple[Cells, list[Doubt]]:
        store: CellStore = self.new_store()
        width = self.layout.width
        schema = text_schema(width)
        unusual: list[tuple[int | None, int]] = []
        count = 0
        rows = rows_of(self.path, self.dialect, width)
        while batch := list(islice(rows, _ROWS_A_BATCH)):
            strays = [(row.line, len(row.cells)) for row in batch if len(row.cells) != width]
            count += len(strays)
            unusual += strays[: _SHOWN - len(unusual)]
            columns = zip(*(fitted_to(row.cells, width) for row in batch), strict=True)
            arrays = [
                pa.array([cell or None for cell in column], pa.string()) for column in columns
            ]
            store.add(pa.RecordBatch.from_arrays(arrays, schema=schema))
        return store.close(schema), list(_ragged(unusual, count, width))


_UTF8: Final = ("utf-8", "utf-8-sig", "ascii")


def _is_plain(dialect: Dialect) -> bool:
    """Return whether Arrow's reader can be told all about a dialect."""
    marks = (dialect.delimiter, dialect.quote, dialect.escape)
    return (
        all(len(mark) <= 1 and mark.isascii() for mark in marks)
        and dialect.escape in ("", "\\", dialect.quote)
        and not (dialect.footer or dialect.comment or dialect.repeated)
    )


def _ragged(rows: list[tuple[int | None, int]], count: int, width: int) -> Iterator[Doubt]:
    for line, found in rows:
        cells = "1 cell" if found == 1 else f"{found} cells"
        fate = "the last ones are left out" if found > width else "the others are read as empty"
        yield Doubt(line=line, message=f"{cells} where there are {width} columns: {fate}")
    if count > len(rows):
        message = f"{count - len(rows)} more rows have more or fewer than {width} cells"
        yield Doubt(line=None, message=message)
