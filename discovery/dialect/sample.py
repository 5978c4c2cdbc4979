"""The lines by which a table is judged: from its beginning, its middle and its end."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from discovery.dialect.parse import Candidate, Record, lines_of, records

LINES, CHARACTERS = 300, 64 * 1024
"""The most that is taken of the beginning; of the middle and of the end it is a third."""
COMMENTS = ("#", "//", "%")
"""What a line of comment starts with."""


class Part(NamedTuple):
    """Lines that follow each other."""

    lines: Sequence[str]
    first: int | None
    """Number of the first line, from 1; None where it is not known."""
    at_end: bool
    """Whether the last line is the last one of the file."""

    def records(self, way: Candidate) -> list[Record]:
        """Return the whole records in the lines.

        Lines from the midst of a file may start within a quoted cell, so there the reading is
        taken, from within a quote or from outside, in which more records are of one length.
        """
        rows = records(self.lines, way, self.first or 1)
        if self.first != 1:
            if way.quote:
                within = [way.quote + self.lines[0], *self.lines[1:]]
                rows = max(rows, records(within, way, self.first or 1), key=_records_of_one_length)
            rows = rows[1:]
        return rows if self.at_end or len(self.lines) == 1 else rows[:-1]

    def without_comments(self) -> "Part":
        """Return the part without its lines of comment, unless it has few others."""
        lines = [line for line in self.lines if not line.lstrip().startswith(COMMENTS)]
        return self._replace(lines=lines) if sum(map(bool, map(str.strip, lines))) > 1 else self


def parts_of(texts: Sequence[str], whole: bool) -> list[Part]:
    """Return the parts of a file's slices; `whole` tells that the first slice is all of it."""
    lines = lines_of(texts[0])
    head = _beginning(lines)
    parts = [Part(head, 1, whole and len(head) == len(lines))]
    if parts[0].at_end:
        return parts
    if not whole:
        middle, tail = (lines_of(text)[1:] for text in texts[1:])
        return [*parts, *_parts(middle, None, False), *_ending(tail, None)]
    half = max(len(head), len(lines) // 2)
    return [*parts, *_parts(lines[half:], half + 1, True), *_ending(lines[half:], half + 1)]


def _parts(lines: Sequence[str], first: int | None, at_end: bool) -> Iterator[Part]:
    """Yield a part of the first of some lines."""
    taken = _beginning(lines, 3)
    if taken:
        yield Part(taken, first, at_end and len(taken) == len(lines))


def _ending(lines: Sequence[str], first: int | None) -> Iterator[Part]:
    """Yield a part of the last of some lines."""
    taken = _beginning(lines[::-1], 3)[::-1]
    if taken:
        yield Part(taken, first + len(lines) - len(taken) if first else None, True)


def _beginning(lines: Sequence[str], share: int = 1) -> Sequence[str]:
    """Return as many of the lines as are taken of a part, and sixteen even if they are long."""
    characters = 0
    for count, line in enumerate(lines[: LINES // share]):
        characters += len(line)
        if characters > CHARACTERS // share and count >= 16:
            return lines[:count]
    return lines[: LINES // share]


def _records_of_one_length(rows: Sequence[Record]) -> int:
    lengths = [len(row.cells) for row in rows]
    return max(map(lengths.count, set(lengths)), default=0)
