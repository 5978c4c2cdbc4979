"""The order of a table's lines: what is before it, its header, its rows, what is after it."""

from collections.abc import Sequence
from dataclasses import dataclass

from discovery.dialect.columns import columns_of, usual_width
from discovery.dialect.edges import comment_prefix, first_row, footnotes, is_comment
from discovery.dialect.header import header_rows
from discovery.dialect.parse import Record


@dataclass(frozen=True)
class Layout:
    """Where the lines of a table stand."""

    width: int
    """Cells that most rows have."""
    skip: int
    header: int
    footer: int
    comment: str
    records: Sequence[Record]
    """The header and the rows at the beginning, without comments and footnotes."""


def layout_of(read: Sequence[Sequence[Record]], at_end: bool) -> Layout:
    """Tell the layout of a table from the records of its parts.

    Args:
        read: the records of the beginning, and those of the middle and the end where they are
            apart from it.
        at_end: whether the last part ends with the file.
    """
    known = [row for rows in read for row in rows]
    width = usual_width(known)
    if not width:
        return Layout(0, 0, 0, 0, "", [])
    columns = columns_of([row for row in known if len(row.cells) == width], width)
    head = read[0]
    start = first_row(head, width, columns)
    comment = comment_prefix([*head[start:], *known[len(head) :]], width, columns[0])
    table = _without_comments(head[start:], comment)
    footer = 0
    if at_end:
        footer = footnotes(_without_comments(read[-1], comment) if len(read) > 1 else table, width)
    if footer and len(read) == 1:
        end = head[-1].line + head[-1].lines - footer
        table = [row for row in table if row.line < end]
    return Layout(
        width=width,
        skip=head[start].line - 1 if start < len(head) else 0,
        header=header_rows(table, width),
        footer=footer,
        comment=comment,
        records=table,
    )


def _without_comments(rows: Sequence[Record], comment: str) -> Sequence[Record]:
    return [row for row in rows if not is_comment(row)] if comment else rows
