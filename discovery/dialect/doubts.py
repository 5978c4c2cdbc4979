"""What a reader should know about a text table before trusting its dialect."""

from collections.abc import Iterator, Sequence

from discovery.dialect.consistency import CLOSE
from discovery.dialect.dialect import Doubt
from discovery.dialect.layout import Layout
from discovery.dialect.parse import Candidate, Record
from discovery.dialect.sample import Part

SHOWN = 5
"""Rows of an unusual length that are told one by one."""
_SURE = ("utf-8", "utf-8-sig", "utf-16", "utf-32")


def doubts_about_text(
    head: Part, encoding: str, valid: bool, ends: Sequence[tuple[int, str]]
) -> Iterator[Doubt]:
    """Yield what is doubtful about the encoding and the ends of the rows."""
    if not any(map(str.strip, head.lines)):
        yield Doubt(line=None, message="The file has no text.")
    if not valid:
        message = f"There are bytes that are not valid {encoding}."
        yield Doubt(line=_first(head, "\ufffd"), message=message)
    elif encoding not in _SURE:
        message = f"The encoding is taken for {encoding}, which the bytes cannot prove."
        yield Doubt(line=None, message=message)
    if line := _first(head, "\0"):
        yield Doubt(line=line, message="There are NUL characters.")
    for line, end in ends:
        if end and end != ends[0][1]:
            message = f"The row ends with {end!r}, the first one with {ends[0][1]!r}."
            yield Doubt(line=line, message=message)
            break


def doubts_about_rows(layout: Layout) -> Iterator[Doubt]:
    """Yield which of the first rows are shorter or longer than most."""
    ragged = [row for row in layout.records if not row.blank and len(row.cells) != layout.width]
    for row in ragged[:SHOWN]:
        message = f"The row has {len(row.cells)} cells; most have {layout.width}."
        yield Doubt(line=row.line, message=message)
    if len(ragged) > SHOWN:
        message = f"{len(ragged)} of the first {len(layout.records)} rows are shorter or longer."
        yield Doubt(line=None, message=message)
    if layout.records and not layout.header:
        yield Doubt(line=layout.records[0].line, message="There is no header: this row is data.")


def doubts_about_way(ways: Sequence[tuple[float, Candidate]]) -> Iterator[Doubt]:
    """Yield another delimiter by which the text would be a table nearly as well."""
    if not ways:
        return
    best, way = ways[0]
    for score, other in ways[1:]:
        apart = way.delimiter.strip() != other.delimiter.strip() and other.delimiter
        if apart and way.delimiter and score > CLOSE * best:
            message = f"The delimiter is taken for {way.delimiter!r}; {other.delimiter!r} fits too."
            yield Doubt(line=None, message=message)
            return


def unclosed_quote(last: Part, rows: Sequence[Record], way: Candidate) -> Iterator[Doubt]:
    """Yield where a quoted cell is that does not end with the file."""
    if not (way.quote and rows and last.at_end and last.first):
        return
    start = rows[-1].line - last.first
    text = "".join(last.lines[start:])
    if way.escape == "\\":
        text = text.replace("\\\\", "").replace("\\" + way.quote, "")
    if rows[-1].lines > 1 and text.count(way.quote) % 2:
        yield Doubt(line=rows[-1].line, message="The quoted cell does not end.")


def _first(part: Part, character: str) -> int | None:
    """Return the number of the first line that holds a character."""
    return next((n for n, line in enumerate(part.lines, 1) if character in line), None)
