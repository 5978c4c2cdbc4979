"""Where the cells of a text table stand: the names of its columns and their number."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from discovery.dialect import Dialect

_HEAD_BYTES: Final = 1 << 18
_RAGGED_SHARE: Final = 0.1
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
_STAND_IN: Final = "\ue000"
"""A private character in the place of a delimiter that is a run or has several characters."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The names of the columns of a table, unique ones."""

    names: tuple[str, ...]

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.names)


def layout_of(path: Path, dialect: Dialect) -> Layout:
    """Return the layout of a table by its head.

    The table is as wide as most of its rows, or wider if more than a tenth of them are or the
    header is. Names of columns beyond the header, and empty ones, are made from the place.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        complete = not file.read(1)
    text = codecs.getincrementaldecoder(dialect.encoding)("replace").decode(head)
    lines = _LINE.findall(text)
    if not complete:
        lines = lines[:-1]
    elif dialect.footer:
        lines = lines[: -dialect.footer]
    start = dialect.skip + dialect.header
    titles = list(cells_of(lines[dialect.skip : start], dialect))
    widths = Counter(len(cells) for cells in cells_of(lines[start:], dialect) if cells)
    header_width = max(map(len, titles), default=0)
    rows = widths.total()
    usual = widths.most_common(1)[0][0] if widths else header_width
    wider = max(
        (w for w in widths if sum(widths[x] for x in widths if x >= w) > _RAGGED_SHARE * rows),
        default=0,
    )
    width = max(usual, wider, header_width)
    return Layout(names=_unique(_titles(titles, width, usual, lines[start:], dialect)))


def cells_of(lines: Iterable[str], dialect: Dialect) -> Iterator[list[str]]:
    """Yield the cells of each record; nothing is an error, as in a tolerant reader."""
    csv.field_size_limit(1 << 30)
    stand_in = dialect.repeated or len(dialect.delimiter) != 1
    return csv.reader(
        _separable(lines, dialect) if stand_in and dialect.delimiter else lines,
        delimiter=_STAND_IN if stand_in else dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        escapechar=dialect.escape if dialect.escape not in ("", dialect.quote) else None,
        doublequote=dialect.escape in ("", dialect.quote),
        skipinitialspace=dialect.delimiter != " ",
    )


def _separable(lines: Iterable[str], dialect: Dialect) -> Iterator[str]:
    """Yield the lines with a single character as the delimiter."""
    if not dialect.repeated:
        yield from (line.replace(dialect.delimiter, _STAND_IN) for line in lines)
        return
    run = re.compile(f"(?:{re.escape(dialect.delimiter)}){re.escape(dialect.delimiter[0])}*")
    for line in lines:
        body = line.rstrip("\r\n")
        yield run.sub(_STAND_IN, body.strip(dialect.delimiter[0])) + line[len(body) :]


def _titles(
    titles: Sequence[Sequence[str]],
    width: int,
    usual: int,
    lines: Sequence[str],
    dialect: Dialect,
) -> list[str]:
    """Return the names in the header; those of several lines are joined by spaces.

    A header that is one cell shorter than the rows names them from the second on if the first
    cells are names of rows, as R writes them: 1, 2, 3 … or different words.
    """
    names = [
        " ".join(dict.fromkeys(line[place].strip() for line in titles if place < len(line))).strip()
        for place in range(max(map(len, titles), default=0))
    ]
    if names and len(names) == usual - 1:
        rows = [cells for cells in cells_of(lines[:100], dialect) if len(cells) == usual]
        if any(cells[-1].strip() for cells in rows) and _are_names([cells[0] for cells in rows]):
            names.insert(0, "")
    return names + [""] * (width - len(names))


def _are_names(texts: Sequence[str]) -> bool:
    if texts == [str(number) for number in range(1, len(texts) + 1)]:
        return True
    return len(set(texts)) == len(texts) and all(text[:1].isalpha() for text in texts)


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    taken: dict[str, None] = {}
    for place, name in enumerate(names, 1):
        unique = wanted = name.strip().lstrip("\ufeff") or f"column{place}"
        repeat = 1
        while unique in taken:
            repeat += 1
            unique = f"{wanted}_{repeat}"
        taken[unique] = None
    return tuple(taken)
