"""Text tables with the same columns as one."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from discovery.dialect import Dialect, Doubt, sniff
from discovery.files import printable
from discovery.readers.part import Part, UnequalParts
from discovery.table.layout import layout_of
from discovery.table.tolerant import rows_of

UNITED: Final = Dialect(encoding="utf-8", delimiter=",", quote='"', escape='"', skip=0, header=1)

MOST_DOUBTS: Final = 100

Sniffer = Callable[[Path], tuple[Dialect, list[Doubt]]]


@dataclass(frozen=True, kw_only=True)
class _Head:
    """What the beginning of a part tells."""

    part: Part
    dialect: Dialect
    doubts: Sequence[Doubt]
    names: tuple[str, ...]


def unite(
    parts: Sequence[Part], target: Path, sniffer: Sniffer = sniff
) -> tuple[Dialect, list[Doubt]]:
    """Write parts with the same columns into one table, with the fields that their folders tell.

    Returns:
        The dialect of the first part, and what is doubtful, with the names of the parts.

    Raises:
        UnequalParts: the parts have different columns.
    """
    heads = _heads(parts, sniffer)
    first = heads[0]
    doubts = [doubt for head in heads for doubt in _named(head.part, head.doubts)]
    fields = [name for name in parts[0].partition if name not in first.names]
    with target.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*first.names, *fields])
        for head in heads:
            if head.names != first.names:
                raise UnequalParts(
                    f"{printable(head.part.relative)} has columns {', '.join(head.names)[:200]}"
                    f" where {printable(first.part.relative)} has {', '.join(first.names)[:200]}"
                )
            told = [head.part.partition.get(name) for name in fields]
            ragged: list[Doubt] = []
            for cells in _rows(head, ragged):
                writer.writerow([*cells, *told])
            doubts += _named(head.part, ragged)
    return first.dialect, doubts[:MOST_DOUBTS]


def have_one_header(parts: Sequence[Part]) -> bool:
    """Tell whether text tables have the same columns in the same order, but for empty files."""
    return len({head.names for head in _heads(parts, sniff)}) == 1


def _heads(parts: Sequence[Part], sniffer: Sniffer) -> list[_Head]:
    """Return the heads of the parts that are not empty, or of the first one if all are."""
    heads = []
    for part in parts:
        dialect, doubts = sniffer(part.path)
        names = layout_of(part.path, dialect).names
        heads.append(_Head(part=part, dialect=dialect, doubts=doubts, names=names))
    filled = [head for head in heads if head.names] or heads[:1]
    titled = next((head for head in filled if head.dialect.header), filled[0])
    return [_with_header_of(titled, head) for head in filled]


def _with_header_of(titled: _Head, head: _Head) -> _Head:
    """Return a head whose first row is a header after all if it is that of another part."""
    if head.dialect.header or not titled.dialect.header:
        return head
    dialect = replace(head.dialect, header=titled.dialect.header)
    names = layout_of(head.part.path, dialect).names
    return replace(head, dialect=dialect, names=names, doubts=()) if names == titled.names else head


def _rows(head: _Head, ragged: list[Doubt]) -> Iterator[list[str]]:
    """Yield the rows of a part, each with all cells, and tell which had more or fewer."""
    width = len(head.names)
    for row in rows_of(head.part.path, head.dialect, width):
        if len(row.cells) != width and len(ragged) < MOST_DOUBTS:
            message = f"{len(row.cells)} cells where there are {width} columns"
            ragged.append(Doubt(line=row.line, message=message))
        yield row.cells[:width] + [""] * (width - len(row.cells))


def _named(part: Part, doubts: Sequence[Doubt]) -> Iterator[Doubt]:
    for doubt in doubts:
        yield replace(doubt, message=f"{printable(part.relative)}: {doubt.message}")
