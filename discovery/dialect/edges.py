"""Where a table begins and ends: what stands before its header and after its last row."""

from collections.abc import Sequence

from discovery.dialect.columns import Column
from discovery.dialect.kinds import SPECIFIC, kind_of
from discovery.dialect.parse import Record
from discovery.dialect.sample import COMMENTS

TITLES = 10
"""Rows after a title among which there is one with more cells."""


def first_row(rows: Sequence[Record], width: int, columns: Sequence[Column]) -> int:
    """Return the index of a table's first row, be it of the header or of the data.

    Before it stand rows that are much shorter, lines of comment and titles: rows with a single
    cell that has something, followed by fuller rows.
    """
    for index, row in enumerate(rows):
        if _belongs(rows, index, width, columns):
            end = _end_of_block(rows, index)
            if end and _belongs(rows, end, width, columns) and not resembles(rows[end], columns):
                return end
            short = index and _is_short_header(rows[index - 1], width) and resembles(row, columns)
            return index - 1 if short else index
    return next((index for index, row in enumerate(rows) if not row.blank), len(rows))


def _end_of_block(rows: Sequence[Record], index: int) -> int:
    """Return the index of the row after the next blank one, if titles lead up to a row; else 0."""
    if index and not rows[index - 1].blank:
        for end in range(index + 1, min(index + TITLES, len(rows))):
            if rows[end - 1].blank and not rows[end].blank:
                return end
    return 0


def _is_short_header(row: Record, width: int) -> bool:
    """Return whether a row may be a header, though there are columns that it does not name."""
    return (
        1 < len(row.cells) < width <= len(row.cells) * 2
        and _filled(row) > len(row.cells) * 0.6
        and not is_comment(row)
        and not _has_specific(row)
    )


def _belongs(rows: Sequence[Record], index: int, width: int, columns: Sequence[Column]) -> bool:
    """Return whether a row, none before which does, belongs to the table."""
    row = rows[index]
    if row.blank or len(row.cells) < 0.8 * width:
        return False
    after = rows[index + 1 : index + 1 + TITLES]
    if is_comment(row) and not (width == 1 and _is_name(rows, index)):
        following = next((other for other in after if not other.blank), None)
        above_data = following is None or (
            not is_comment(following) and resembles(following, columns)
        )
        return is_comment_like(columns[0]) or (len(row.cells) == width > 1 and above_data)
    if width > 2 and _filled(row) == 1 and any(_filled(other) > 2 for other in after):
        return False
    return not (width > 1 and is_title(row) and any(_filled(other) > 1 for other in after))


def _is_name(rows: Sequence[Record], index: int) -> bool:
    """Return whether the mark of a comment is part of a name, as in "#0.0" or "%": it is alone."""
    cell = rows[index].cells[0].lstrip()
    alone = not any(is_comment(row) for row in rows[index + 1 : index + 1 + TITLES])
    return alone and not cell[cell.startswith("//") + 1 :].startswith(" ")


def comment_prefix(rows: Sequence[Record], width: int, column: Column) -> str:
    """Return the prefix of the comment lines among the rows of a table, whose length differs."""
    if is_comment_like(column):
        return ""
    found = [row.cells[0].lstrip() for row in rows if is_comment(row) and len(row.cells) != width]
    return next((mark for mark in COMMENTS if any(c.startswith(mark) for c in found)), "")


def is_comment_like(column: Column) -> bool:
    """Return whether cells of a column start as comments do."""
    return sum(cell.startswith(COMMENTS) for cell in column.cells) * 2 > len(column.cells)


def is_comment(row: Record) -> bool:
    """Return whether a row starts as a comment does."""
    return bool(row.cells) and row.cells[0].lstrip().startswith(COMMENTS)


def is_title(row: Record) -> bool:
    """Return whether a row has nothing but a first cell of text."""
    return _filled(row) == 1 and kind_of(row.cells[0]) == "text"


def resembles(row: Record, columns: Sequence[Column]) -> bool:
    """Return whether a row has a cell of the kind of its column, or no column has a kind."""
    pairs = list(zip(row.cells, columns, strict=False))
    typed = [(cell, column) for cell, column in pairs if column.kind in SPECIFIC]
    return not typed or any(kind_of(cell) == column.kind for cell, column in typed)


def footnotes(rows: Sequence[Record], width: int) -> int:
    """Return how many lines at the end are footnotes, with the blank ones above them.

    They are rows of a single cell of text, apart from the table by a blank row or, where the
    table has three columns or more, by being shorter than it.
    """
    end = len(rows)
    while end and rows[end - 1].blank:
        end -= 1
    start = end
    while start and (rows[start - 1].blank or (width > 1 and is_title(rows[start - 1]))):
        start -= 1
    notes = rows[start:end]
    if not notes or not start:
        return 0
    if not notes[0].blank:
        apart = next((i for i, row in enumerate(notes) if row.blank), len(notes))
        if not all(width > 2 and len(row.cells) == 1 for row in notes[:apart]):
            notes = notes[apart:]
    return rows[-1].line + rows[-1].lines - notes[0].line if notes else 0


def _filled(row: Record) -> int:
    return sum(bool(cell.strip()) for cell in row.cells)


def _has_specific(row: Record) -> bool:
    return any(kind_of(cell) in SPECIFIC for cell in row.cells)
