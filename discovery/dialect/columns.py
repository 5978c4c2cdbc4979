"""What the rows of a table have in common: their length, and the kinds of their columns."""

import re
from collections import Counter
from collections.abc import Sequence
from string import ascii_lowercase, ascii_uppercase, digits
from typing import NamedTuple

from discovery.dialect.kinds import SPECIFIC, kind_of
from discovery.dialect.parse import Record

ROWS, COLUMNS = 100, 2000
"""Rows and columns that are judged."""
MOST = 0.65
"""Share of a column's cells that makes its kind."""


SHAPELESS = frozenset({" ", "a", "Aa", "A"})
"""Shapes that cells have without having anything in common."""
_SIGNS = str.maketrans(ascii_uppercase + ascii_lowercase + digits, "A" * 26 + "a" * 26 + "9" * 10)


class Column(NamedTuple):
    """The cells of a column."""

    cells: Sequence[str]
    """Those that are not empty."""
    kind: str
    """The specific kind of most of them, "text", or "empty"."""

    def of_its_shape(self, cell: str) -> bool | None:
        """Return whether a cell has the shape that most cells of the column have.

        None where they have none: of words, the shape tells something only with their length.
        """
        for shape_of in (_shape_of, _short_shape_of):
            shapes = Counter(map(shape_of, self.cells))
            shape, count = shapes.most_common(1)[0] if shapes else ("", 0)
            if count >= max(3, 0.8 * len(self.cells)) and shape not in SHAPELESS:
                return shape == shape_of(cell)
        return None


def columns_of(rows: Sequence[Record], width: int) -> list[Column]:
    """Return the first columns of some rows, spread over all of them."""
    step = max(1, len(rows) // ROWS)
    chosen = [row.cells for row in rows[::step]]
    return [
        _column([cells[i].strip() for cells in chosen if i < len(cells)])
        for i in range(min(width, COLUMNS))
    ]


def _column(cells: Sequence[str]) -> Column:
    filled = [cell for cell in cells if cell]
    kinds = Counter(map(kind_of, filled))
    del kinds["missing"]
    if not kinds:
        return Column(filled, "empty")
    kind, count = kinds.most_common(1)[0]
    return Column(filled, kind if kind in SPECIFIC and count >= MOST * kinds.total() else "text")


def _shape_of(cell: str) -> str:
    """Return a cell with its capitals, small letters and digits (of ASCII) each as one sign.

    All cells with spaces have one shape: that of prose.
    """
    return " " if " " in cell else cell.translate(_SIGNS)


def _short_shape_of(cell: str) -> str:
    """Return the shape of a cell, in which signs that repeat stand once."""
    return re.sub(r"(.)\1+", r"\1", _shape_of(cell), flags=re.DOTALL)


def usual_width(rows: Sequence[Record]) -> int:
    """Return the number of cells that most rows have; of equals, the larger."""
    widths = Counter(len(row.cells) for row in rows if not row.blank)
    return max(widths, key=lambda width: (widths[width], width), default=0)
