"""Records of a text, read by one way of writing it."""

import csv
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
"""A physical line with its end."""
RECORD_SEPARATOR, UNIT_SEPARATOR = "\x1e", "\x1f"
"""The characters that ASCII has for the ends of records and of cells."""
_STAND_IN = "\ue000"
"""A private character in the place of a delimiter that is a run or has several characters."""


class Candidate(NamedTuple):
    """A way in which a table may be written."""

    delimiter: str
    quote: str = ""
    escape: str = ""
    repeated: bool = False


class Record(NamedTuple):
    """A row, with the physical lines it stands on."""

    line: int
    """Number of its first line, from 1."""
    lines: int
    cells: list[str]

    @property
    def blank(self) -> bool:
        """Whether there is nothing in it."""
        return not any(map(str.strip, self.cells))


def lines_of(text: str) -> list[str]:
    """Return the physical lines of a text, with their ends.

    Where the separators of ASCII are used, a record separator ends a line too.
    """
    if has_record_separators(text):
        text = text.replace(RECORD_SEPARATOR + "\n", "\n").replace(RECORD_SEPARATOR, "\n")
    return _LINE.findall(text)


def has_record_separators(text: str) -> bool:
    """Return whether rows of a text end with the record separator of ASCII."""
    return text.count(RECORD_SEPARATOR) > text.count("\n") and UNIT_SEPARATOR in text


def records(lines: Sequence[str], way: Candidate, first: int = 1) -> list[Record]:
    """Return the records of some lines; nothing is an error, as in a tolerant reader."""
    reader = csv.reader(
        _separable(lines, way),
        delimiter=_STAND_IN if _needs_stand_in(way) else way.delimiter or _STAND_IN,
        quotechar=way.quote or None,
        quoting=csv.QUOTE_MINIMAL if way.quote else csv.QUOTE_NONE,
        escapechar="\\" if way.escape == "\\" else None,
        skipinitialspace=way.delimiter != " ",
    )
    found: list[Record] = []
    before = 0
    try:
        for cells in reader:
            found.append(Record(first + before, reader.line_num - before, cells))
            before = reader.line_num
    except csv.Error:  # A cell is longer than the limit of the csv module: it is not one.
        pass
    return found


def _needs_stand_in(way: Candidate) -> bool:
    return way.repeated or len(way.delimiter) > 1


def _separable(lines: Sequence[str], way: Candidate) -> Iterable[str]:
    """Return the lines with a single character as the delimiter."""
    if not _needs_stand_in(way):
        return lines
    if not way.repeated:
        return (line.replace(way.delimiter, _STAND_IN) for line in lines)
    run = re.compile(f"(?:{re.escape(way.delimiter)}){way.delimiter[0]}*")
    return (run.sub(_STAND_IN, line.strip(way.delimiter[0])) for line in lines)
