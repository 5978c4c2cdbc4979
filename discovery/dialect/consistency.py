"""How well a text fits a way of writing it: even rows of cells that are each of a kind.

The measure follows G. J. J. van den Burg, A. Nazábal, C. Sutton, "Wrangling messy CSV files by
detecting row and type patterns" (2019): a score of the row lengths times a score of the cells.
Here a row length counts by the square of its share of the lines, so that a few ragged rows cost
little, a text cell counts by how little structure is left in it, and quotes that do not close at
a delimiter count against a way.
"""

import re
from collections import Counter
from collections.abc import Sequence

from discovery.dialect.candidates import QUOTES, SEPARATORS, USUAL, candidates
from discovery.dialect.kinds import kind_of
from discovery.dialect.parse import Candidate, Record
from discovery.dialect.sample import Part

CELLS = 2000
"""Cells whose kind is looked at, spread over the rows."""
CLOSE = 0.75
"""Share of the best score from which another way is told too."""
SINGLE = 0.2
"""What one column has in the place of the score of its row lengths."""
NEAR, FAR = 2, 0.2
"""Rows before the first and after the last one of the usual length that count in full, as a
header would, and what those beyond count: they are likely not of the table."""
WHOLE = frozenset({"datetime", "date", "time", "address"})
"""Kinds of cell that hold characters which may be delimiters elsewhere."""
_USUALNESS = (
    dict.fromkeys(USUAL + SEPARATORS, 1.0) | dict.fromkeys("#~^ ", 0.9) | {"": 1.0, ":": 0.6}
)
"""How usual delimiters are, before anything is known of the text; others less."""
BETWEEN_QUOTES = 0.95
"""How usual a delimiter is that stands at both ends of quoted cells, several and all of them."""
_TIGHT = re.compile("[" + re.escape(USUAL + SEPARATORS) + r"](?=\S)")
_LOOSE = re.compile("[" + re.escape(USUAL + SEPARATORS) + "]")
_PROSE = {" ": 0.2, ":": 0.6}
"""What text counts for where it is cut, without quotes, at a character common within text."""


def most_consistent(parts: Sequence[Part]) -> list[tuple[float, Candidate]]:
    """Return the ways in which a table may be written with their scores, the best first.

    A way whose rows are too uneven to come close, whatever its cells are, is left out.
    """
    parts = [part.without_comments() for part in parts]
    lines = [line for part in parts for line in part.lines]
    text = "".join(lines)
    read: list[tuple[float, int, Candidate, list[Record]]] = []
    for way in candidates(text, lines):
        rows = [row for part in parts for row in part.records(way) if not row.blank]
        if rows:
            read.append((_evenness(rows, way), len(read), way, rows))
    best, scored = 0.0, []
    for evenness, order, way, rows in sorted(read, key=lambda one: -one[0]):
        if evenness < CLOSE * best:
            break
        bound = evenness * _plausibility(text, way)
        if bound >= CLOSE * best:
            score = bound * _clarity(rows, way)
            best = max(best, score)
            scored.append((-score, order, way))
    return [(-score, way) for score, _, way in sorted(scored)]


def _evenness(rows: Sequence[Record], way: Candidate) -> float:
    """Return how even the lengths of the rows are; longer even rows are less of an accident."""
    if way.delimiter == "":
        whole = sum(kind_of(row.cells[0]) in WHOLE for row in rows)
        return 1.0 if whole * 10 > 9 * (len(rows) - 1) else SINGLE
    lengths = [len(row.cells) for row in rows]
    cut = Counter(length for length in lengths if length > 1)
    if not cut:
        return 0.0
    usual = max(cut, key=lambda length: (cut[length], length))
    start = lengths.index(usual) - NEAR
    end = len(lengths) - lengths[::-1].index(usual) + NEAR
    lines: dict[int, float] = dict.fromkeys(lengths, 0.0)
    for index, (row, length) in enumerate(zip(rows, lengths, strict=True)):
        lines[length] += row.lines if start <= index < end else row.lines * FAR
    total = sum(lines.values())
    return sum((count / total) ** 2 * _reward(length) for length, count in lines.items())


def _reward(width: int) -> float:
    """Return what rows of a width are worth when all are of it."""
    return 1 - 1 / (width + 1) if width > 1 else 0.0


def _clarity(rows: Sequence[Record], way: Candidate) -> float:
    """Return how well the cells are understood."""
    step = max(1, sum(len(row.cells) for row in rows) // CELLS)
    prose = 0.9 if way.quote else _PROSE.get(way.delimiter, 0.9)
    total = weights = 0.5
    for row in rows[::step]:
        for cell in row.cells:
            kind = kind_of(cell)
            if kind != "empty":
                total += 1
                weights += _weight(cell, prose) if kind == "text" else 1.0
    return weights / total


def _weight(cell: str, prose: float) -> float:
    """Return how well a cell of text is understood."""
    cell = cell.strip()
    if len(cell) > 1 and cell[0] in QUOTES and cell[0] == cell[-1]:
        return 0.1
    if cell[0] in '"`' or cell[-1] in '"`':
        return 0.15
    if not _LOOSE.search(cell):
        return prose
    tight = _TIGHT.findall(cell)
    return prose * (0.9 if not tight else 0.75 if set(tight) == {","} else 0.4)


def _plausibility(text: str, way: Candidate) -> float:
    """Return how plausible a delimiter and a quote are, of themselves and by how they meet.

    Quotes have to close at a delimiter; a mark that a space always follows is that of a sentence.
    """
    closed, opened = _quoted_cells(text, way)
    tidiness = (closed + 1) / (opened + 1) if closed else float(not way.quote)
    usual = _USUALNESS.get(way.delimiter[:1], 0.5)
    if way.delimiter and closed == opened > 2:
        return max(usual, BETWEEN_QUOTES)
    marks = text.count(way.delimiter) if way.delimiter not in ("", " ") else 0
    sentence = text.count(way.delimiter + " ") > 0.9 * marks > 0
    return usual * tidiness * (0.9 if sentence else 1.0)


def _quoted_cells(text: str, way: Candidate) -> tuple[int, int]:
    """Return how many quoted cells end at a delimiter or at the end of a line, and how many start.

    The expressions never step back, so that the time is linear.
    """
    quote = way.quote
    if not quote:
        return 0, 0
    edge = r"\r\n" + re.escape(way.delimiter[:1])
    inside = rf"[^{quote}]|{quote}{quote}"
    if way.escape == "\\":
        inside = rf"[^{quote}\\]|\\.|{quote}{quote}"
    cells = re.compile(
        rf"(?:^|(?<=[{edge}])) *{quote}(?:((?>(?:{inside})*){quote} *(?=[{edge}]|\Z))|)", re.DOTALL
    )
    closed = [bool(cell) for cell in cells.findall(text)]
    return sum(closed), len(closed)
