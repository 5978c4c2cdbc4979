"""Reading text tables that are not well-formed, record by record."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from discovery.dialect import Dialect
from discovery.table.layout import cells_of

_MOST_LINES: Final = 1000
"""Lines after which a quote that is not closed is taken for a mere character."""


class Row(NamedTuple):
    """The cells of a record and the number of its first line, from 1."""

    line: int
    cells: list[str]


def rows_of(path: Path, dialect: Dialect, width: int) -> Iterator[Row]:
    """Yield the rows of a table, whatever is in it.

    Bytes that are not valid in the encoding become U+FFFD. A quote that is not closed, or closed
    in a later line so that the number of cells is wrong, is a character like any other.
    Blank lines are no rows, unless there is one column.
    """
    with path.open(encoding=dialect.encoding, errors="replace", newline=None) as file:
        lines = _Lines(_without_footer(file, dialect.footer))
        before = dialect.skip + dialect.header
        number = 1 + sum(1 for _ in islice(lines, before))
        for line in lines:
            if dialect.comment and line.startswith(dialect.comment):
                number += 1
                continue
            if _is_simple(line, dialect):
                cells, taken = line.rstrip("\n").split(dialect.delimiter), 1
            else:
                cells, taken = _record(line, lines, dialect, width)
            if len(cells) > 1 or width == 1 or (cells and cells[0].strip()):
                yield Row(number, cells or [""])
            number += taken


class _Lines(Iterator[str]):
    """Lines that can be given back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()

    def __next__(self) -> str:
        return self._again.popleft() if self._again else next(self._lines)

    def give_back(self, lines: Iterable[str]) -> None:
        self._again.extendleft(reversed(list(lines)))


def _is_simple(line: str, dialect: Dialect) -> bool:
    """Return whether to split a line at the delimiters is to read it."""
    if len(dialect.delimiter) != 1 or dialect.repeated or dialect.escape == "\\":
        return False
    if dialect.quote and dialect.quote in line:
        return False
    return dialect.delimiter == " " or (
        not line.startswith(" ") and f"{dialect.delimiter} " not in line
    )


def _record(first: str, lines: _Lines, dialect: Dialect, width: int) -> tuple[list[str], int]:
    """Return the cells of the record that begins with a line, and how many lines it takes."""
    taken = [first]

    def pulled() -> Iterator[str]:
        yield first
        for line in islice(lines, _MOST_LINES - 1):
            taken.append(line)
            yield line

    try:
        cells = next(cells_of(pulled(), dialect))
    except csv.Error:
        cells = []
    if len(taken) == 1 or (len(cells) == width and len(taken) < _MOST_LINES):
        return cells, len(taken)
    lines.give_back(taken[1:])
    return next(cells_of([first], replace(dialect, quote="", escape=""))), 1


def _without_footer(lines: Iterator[str], footer: int) -> Iterator[str]:
    if not footer:
        yield from lines
        return
    kept: deque[str] = deque()
    for line in lines:
        kept.append(line)
        if len(kept) > footer:
            yield kept.popleft()
