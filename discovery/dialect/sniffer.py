"""Telling the dialect of a text table from its bytes."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from discovery.dialect.candidates import QUOTES
from discovery.dialect.consistency import most_consistent
from discovery.dialect.dialect import Dialect, Doubt
from discovery.dialect.doubts import (
    doubts_about_rows,
    doubts_about_text,
    doubts_about_way,
    unclosed_quote,
)
from discovery.dialect.encoding import decoded, encoding_of
from discovery.dialect.layout import layout_of
from discovery.dialect.parse import (
    RECORD_SEPARATOR,
    Candidate,
    Record,
    has_record_separators,
    records,
)
from discovery.dialect.sample import Part, parts_of
from discovery.dialect.slices import read_slices


def sniff(source: Path | bytes) -> tuple[Dialect, list[Doubt]]:
    """Tell how a text table is written, and what is doubtful about it.

    A file of any size is judged by slices of its head, middle and tail; no content is refused.

    Raises:
        OSError: the file is missing or cannot be read.
    """
    slices = read_slices(source)
    encoding, valid = encoding_of(slices)
    texts = decoded(slices, encoding)
    parts = parts_of(texts, slices.whole)
    ways = most_consistent(parts)
    way = _with_usual_quote(ways[0][1] if ways else Candidate(""), parts)
    read = [part.records(way) for part in parts]
    layout = layout_of(read, parts[-1].at_end)
    ends = [_end_of(row, parts[0]) for row in read[0]]
    dialect = Dialect(
        encoding=encoding,
        delimiter=way.delimiter or _delimiter_of_one_column(parts, way),
        quote=way.quote,
        escape=way.escape,
        skip=layout.skip,
        header=layout.header,
        footer=layout.footer,
        comment=layout.comment,
        newline=_prevalent(ends, texts[0]),
        repeated=way.repeated,
    )
    doubts = [
        *doubts_about_text(parts[0], encoding, valid, ends),
        *doubts_about_way(ways),
        *doubts_about_rows(layout),
        *unclosed_quote(parts[-1], read[-1], way),
    ]
    return dialect, doubts


def _with_usual_quote(way: Candidate, parts: Sequence[Part]) -> Candidate:
    """Return a way with the quote that its writer would have used, if no cell needed one.

    That is the one which stands in the text with a backslash before it and not otherwise, else
    the usual one, unless the text would be read differently with it.
    """
    if way.quote:
        return way
    text = "".join(line for part in parts for line in part.lines)
    for quote in QUOTES:
        if 0 < text.count(quote) == text.count("\\" + quote):
            return way._replace(quote=quote, escape="\\")
    usual = way._replace(quote=QUOTES[0], escape=QUOTES[0])
    same = all(
        [row.cells for row in part.records(way)] == [row.cells for row in part.records(usual)]
        for part in parts
        if any(QUOTES[0] in line for line in part.lines)
    )
    return usual if same else way


def _delimiter_of_one_column(parts: Sequence[Part], way: Candidate) -> str:
    """Return the usual delimiter for a table of one column, or "" if it would cut cells."""
    usual = way._replace(delimiter=",")
    cut = any(len(row.cells) > 1 for part in parts for row in records(part.lines, usual))
    return "" if cut else ","


def _end_of(row: Record, part: Part) -> tuple[int, str]:
    """Return a record's last line and the characters that end it."""
    last = row.line + row.lines - 1
    line = part.lines[last - 1]
    return last, line[len(line.rstrip("\r\n")) :]


def _prevalent(ends: Sequence[tuple[int, str]], text: str) -> str:
    """Return the end that most records have."""
    if has_record_separators(text):
        return RECORD_SEPARATOR
    counted = Counter(end for _, end in ends if end).most_common(1)
    return counted[0][0] if counted else "\n"
