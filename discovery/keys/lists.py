"""Columns whose cells are lists of keys, such as `a;b;c`."""

from collections.abc import Iterator, Sequence
from typing import Final

from discovery.keys.field import Field
from discovery.keys.inclusion import SEPARATORS, Source
from discovery.keys.key_sets import KeySets
from discovery.table import ColumnClass

_SAMPLE: Final = 300
_LEAST: Final = 0.9
"""Share of the parts of sampled cells that are keys of one table."""
_LONGEST: Final = 1000


def list_sources(sets: KeySets, fields: Sequence[Field], targets: Sequence[Field]) -> list[Source]:
    """Return the columns that, by a sample, may hold lists of keys, with their separators.

    At least one cell of the sample has to hold several parts: if there are fewer lists than
    that, the column is as well judged with its cells as they are.
    """
    texts = {
        field.number: field
        for field in fields
        if field.kind == ColumnClass.STRING and 0 < field.mean_length <= _LONGEST
    }
    if not texts or not targets:
        return []
    samples = sets.samples(list(texts.values()), _SAMPLE)
    sources = {
        source.number: source
        for number, cells in samples.items()
        for source in _separated(texts[number], cells)
    }
    parts = (
        (source.number, part)
        for source in sources.values()
        for cell in samples[source.field.number]
        for part in _parts(cell, source.separator)
    )
    shares = sets.best_shares(parts, targets)
    return [sources[number] for number in sorted(sources) if shares.get(number, 0.0) >= _LEAST]


def _separated(field: Field, cells: Sequence[str]) -> Iterator[Source]:
    for separator in SEPARATORS:
        if any(separator in cell.strip() for cell in cells):
            yield Source(field=field, separator=separator)


def _parts(cell: str, separator: str | None) -> Iterator[str]:
    for part in cell.split(separator):
        if part := part.strip():
            yield part
