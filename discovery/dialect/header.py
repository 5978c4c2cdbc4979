"""The rows of names above the data."""

import re
from collections.abc import Sequence
from itertools import pairwise

from discovery.dialect.columns import Column, columns_of
from discovery.dialect.kinds import SPECIFIC, kind_of
from discovery.dialect.parse import Record

VALUES = SPECIFIC - {"boolean"}
"""Kinds of cell that no name has, while a column may be named "Y" or "no"."""
USUAL = 0.15
"""What speaks for a header before anything is known: most tables have one."""
LONGEST = 30
"""Rows that a header has at most."""
NAMES = frozenset(
    {"code", "count", "date", "description", "id", "label", "name", "time", "total", "type", "year"}
)
"""Words that name columns in tables of every kind, and that are seldom values."""
_NAME = re.compile(r"[^\W\d][\w .:/()%#&+\[\]€$£°'’\"-]{0,60}\??")


def header_rows(rows: Sequence[Record], width: int) -> int:
    """Return how many rows at the beginning of a table are its header."""
    if not rows:
        return 0
    first, *body = rows
    if not _is_header(first, _other_rows(first, body), width):
        return 0
    count = 1
    while count < min(len(rows) - 1, LONGEST) and rows[count].cells == first.cells:
        count += 1
    columns = _columns_below(rows[count:], width)
    for index in range(count, min(len(rows) - 1, LONGEST)):
        if _continues(rows[index], columns):
            count = index + 1
        elif not rows[index].blank or not rows[index].cells:
            break
    return count


def _other_rows(first: Record, body: Sequence[Record]) -> Sequence[Record]:
    """Return the rows without the few that repeat the first one, as headers of further tables do.

    Half of its cells are enough, since the tables may differ.
    """
    names = [(i, cell) for i, cell in enumerate(first.cells) if cell.strip()]
    others = [
        row
        for row in body
        if 2 * sum(cell == row.cells[i] for i, cell in names if i < len(row.cells)) < len(names)
    ]
    return others if len(others) >= 0.8 * len(body) else body


def _columns_below(rows: Sequence[Record], width: int) -> list[Column]:
    """Return the columns of the rows, without the first half of a few: they may be names."""
    filled = [row for row in rows if not row.blank]
    return columns_of(filled[min(5, len(filled) // 2) :], width)


def _continues(row: Record, columns: Sequence[Column]) -> bool:
    """Return whether a row names columns further: it has text where they have another kind."""
    kinds = [kind_of(cell) for cell in row.cells]
    typed = [
        kind
        for kind, column in zip(kinds, columns, strict=False)
        if column.kind in VALUES and kind != "empty"
    ]
    return len(typed) > 1 and not VALUES.intersection(kinds) and "missing" not in typed


def _is_header(first: Record, body: Sequence[Record], width: int) -> bool:
    """Return whether the cells of the first row are names rather than values."""
    cells = [cell.strip() for cell in first.cells]
    columns = [
        column._replace(kind=below.kind)
        for column, below in zip(columns_of(body, width), _columns_below(body, width), strict=True)
    ]
    sequence = _in_sequence(cells) and not any(_in_sequence(row.cells) for row in body[:5])
    names = [cell for cell in cells if cell]
    vote = 0.0 if len(set(names)) == len(names) else -0.5
    for cell, column in zip(cells, columns, strict=False):
        vote += _vote(cell, column, sequence)
    return vote + USUAL > 0 and (vote > 0 or all(kind_of(cell) == "text" for cell in names))


def _vote(cell: str, column: Column, sequence: bool) -> float:
    """Return how much a cell speaks for being the name of a column, or against it."""
    kind = kind_of(cell)
    if kind == "empty" or (column.kind == "empty" and kind == "text"):
        return 0.0
    if sequence and kind == "number":
        return 0.5
    if column.kind in SPECIFIC:
        if kind == "text":
            return 1.0
        return -1.0 if kind == column.kind else 0.3
    if kind == "text":
        return _vote_of_text(cell, column)
    return 0.0 if kind in ("missing", "boolean") else -0.5


def _vote_of_text(cell: str, column: Column) -> float:
    """Return how much a cell of text speaks for being the name of a column of text.

    It speaks against it to be one of the column's values, the more so if these recur and it does
    so as often, or to look like them; and for it to stand out of them.
    """
    count = len(column.cells)
    different = len(set(column.cells))
    if cell in column.cells:
        usualness = min(1.0, column.cells.count(cell) * different / count)
        return -min(1.0, 0.2 + 2 * (1 - different / count) * usualness)
    if cell.lower() in NAMES:
        return 0.7
    alike = column.of_its_shape(cell)
    if alike is not None:
        return -0.7 if alike else 0.7
    if count >= 5 and different <= max(3, count // 5):
        return 0.5
    digits = sum(map(_has_digit, column.cells))
    if count >= 3 and digits >= 0.8 * count and _has_digit(cell):
        return -0.3
    return 0.2 if _NAME.fullmatch(cell) else -0.2


def _has_digit(cell: str) -> bool:
    return re.search(r"\d", cell) is not None


def _in_sequence(cells: Sequence[str]) -> bool:
    """Return whether the numbers of a row count on, as years do: three or more, evenly apart."""
    numbers = [int(cell) for cell in cells if re.fullmatch(r"\s*\d{1,4}\s*", cell)]
    filled = sum(bool(cell.strip()) for cell in cells)
    steps = {after - before for before, after in pairwise(numbers)}
    years = len(numbers) > 1 and all(1500 <= number <= 2200 for number in numbers)
    return len(numbers) * 2 >= filled and (
        (len(numbers) > 2 and len(steps) == 1 and 0 not in steps)
        or (years and (min(steps) > 0 or max(steps) < 0))
    )
