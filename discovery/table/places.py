"""Finding the lines on which texts stand in a file."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from discovery.dialect import Dialect
from discovery.table.cells import Cells
from discovery.table.tolerant import rows_of


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a text stands: its row in the table and its line in the file, both from 1."""

    row: int
    line: int
    text: str


def first_rows(
    cells: Cells, place: int, texts: Collection[str], most: int
) -> list[tuple[int, str]]:
    """Return the first rows, from 0, that have one of some texts in a column, with the text."""
    found: list[tuple[int, str]] = []
    wanted, start = pa.array(list(texts), pa.string()), 0
    for batch in cells.batches(place):
        rows = pc.indices_nonzero(pc.is_in(batch, value_set=wanted)).slice(0, most - len(found))
        found += [(start + row.as_py(), batch[row.as_py()].as_py()) for row in rows]
        if len(found) == most:
            break
        start += len(batch)
    return found


def lines_of(
    path: Path, dialect: Dialect, width: int, rows: Iterable[int], total: int
) -> dict[int, int]:
    """Return the lines on which some rows, from 0, of so many in total begin.

    If there is a line for each row, they follow from the numbers of the rows; else the file is
    read up to the last of the rows.
    """
    wanted = set(rows)
    before = dialect.skip + dialect.header
    if not wanted:
        return {}
    if not dialect.footer and _line_ends(path) in (before + total, before + total - 1):
        return {row: before + row + 1 for row in wanted}
    last = max(wanted)
    numbered = enumerate(rows_of(path, dialect, width))
    return {n: row.line for n, row in islice(numbered, last + 1) if n in wanted}


def _line_ends(path: Path) -> int:
    with path.open("rb") as file:
        return sum(part.count(b"\n") for part in iter(lambda: file.read(1 << 20), b""))
