"""Text tables with the same columns as one."""

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

import pyarrow as pa
import pyarrow.csv

from discovery.dialect import Dialect, Doubt, sniff
from discovery.files import printable
from discovery.readers.part import Part, UnequalParts
from discovery.table.cells import text_schema
from discovery.table.layout import Layout, layout_of
from discovery.table.reading import CellReader

UNITED: Final = Dialect(encoding="utf-8", delimiter=",", quote='"', escape='"', skip=0, header=1)

MOST_DOUBTS: Final = 100

Sniffer = Callable[[Path], tuple[Dialect, list[Doubt]]]


@dataclass(frozen=True, kw_only=True)
class _Head:
    """What the beginning of a part tells."""

    part: Part
    dialect: Dialect
    doubts: Sequence[Doubt]
    names: tuple[str, ...]


def unite(
    parts: Sequence[Part], target: Path, sniffer: Sniffer = sniff
) -> tuple[Dialect, list[Doubt]]:
    """Write parts with the same columns into one table, with the fields that their folders tell.

    Returns:
        The dialect of the first part, and what is doubtful, with the names of the parts.

    Raises:
        UnequalParts: the parts have different columns.
    """
    heads = _heads(parts, sniffer)
    first = heads[0]
    doubts = [doubt for head in heads for doubt in _named(head.part, head.doubts)]
    fields = [name for name in parts[0].partition if name not in first.names]
    with target.open("w", encoding="utf-8", errors="replace", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow([*first.names, *fields])
    for head in heads:
        if head.names != first.names:
            raise UnequalParts(
                f"{printable(head.part.relative)} has columns {', '.join(head.names)[:200]}"
                f" where {printable(first.part.relative)} has {', '.join(first.names)[:200]}"
            )
        told = [head.part.partition.get(name) for name in fields]
        doubts += _named(head.part, _appended(head, target, told))
    return first.dialect, doubts[:MOST_DOUBTS]


def _appended(head: _Head, target: Path, told: Sequence[str | int | None]) -> list[Doubt]:
    """Append the rows of a part, each with what its folders tell; return what is doubtful."""
    if not head.names:
        return []
    start = target.stat().st_size
    with ExitStack() as writers:

        def new_store() -> _RowWriter:
            writers.close()
            os.truncate(target, start)
            return _RowWriter(target, told, writers)

        layout = Layout(names=head.names)
        reader = CellReader(
            path=head.part.path, dialect=head.dialect, layout=layout, new_store=new_store
        )
        return reader.read()[1]


class _RowWriter:
    """Takes batches of cells, as a `CellStore` does, and appends them to a text table."""

    def __init__(self, target: Path, told: Sequence[str | int | None], writers: ExitStack) -> None:
        self._told = [None if value is None else str(value) for value in told]
        self._writers = writers
        self._sink = writers.enter_context(pa.OSFile(str(target), mode="ab"))
        self._writer: Any = None
        self.rows = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Append some rows."""
        self.rows += batch.num_rows
        more = [pa.repeat(pa.scalar(value, pa.string()), batch.num_rows) for value in self._told]
        columns = [*batch.columns, *more]
        schema = text_schema(len(columns))
        if self._writer is None:
            options = pa.csv.WriteOptions(include_header=False)
            self._writer = self._writers.enter_context(
                pa.csv.CSVWriter(self._sink, schema, write_options=options)
            )
        self._writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))

    def close(self, schema: pa.Schema) -> Self:
        """End the table; `rows` tells how many were appended."""
        self._writers.close()
        return self


def have_one_header(parts: Sequence[Part]) -> bool:
    """Tell whether text tables have the same columns in the same order, but for empty files."""
    return len({head.names for head in _heads(parts, sniff)}) == 1


def _heads(parts: Sequence[Part], sniffer: Sniffer) -> list[_Head]:
    """Return the heads of the parts that are not empty, or of the first one if all are."""
    heads = []
    for part in parts:
        dialect, doubts = sniffer(part.path)
        names = layout_of(part.path, dialect).names
        heads.append(_Head(part=part, dialect=dialect, doubts=doubts, names=names))
    filled = [head for head in heads if head.names] or heads[:1]
    titled = next((head for head in filled if head.dialect.header), filled[0])
    return [_with_header_of(titled, head) for head in filled]


def _with_header_of(titled: _Head, head: _Head) -> _Head:
    """Return a head whose first row is a header after all if it is that of another part."""
    if head.dialect.header or not titled.dialect.header:
        return head
    dialect = replace(head.dialect, header=titled.dialect.header)
    names = layout_of(head.part.path, dialect).names
    return replace(head, dialect=dialect, names=names, doubts=()) if names == titled.names else head


def _named(part: Part, doubts: Sequence[Doubt]) -> Iterator[Doubt]:
    for doubt in doubts:
        yield replace(doubt, message=f"{printable(part.relative)}: {doubt.message}")
