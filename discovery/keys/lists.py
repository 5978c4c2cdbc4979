"""Columns whose cells are lists of keys, such as `a;b;c`."""

from collections.abc import Sequence
from typing import Final

from discovery.keys.field import Field
from discovery.keys.inclusion import Source
from discovery.keys.key_sets import KeySets

_LEAST: Final = 0.9
"""Share of the parts of sampled cells that are keys of one table."""


def list_sources(sets: KeySets, fields: Sequence[Field], targets: Sequence[Field]) -> list[Source]:
    """Return the columns that, by a sample, may hold lists of keys, with their separators.

    At least one cell of the sample holds several parts: if there are fewer lists than that, the
    column is as well judged with its cells as they are.
    """
    sources = [Source(field=one, separator=mark) for one in fields for mark in one.column.lists]
    if not sources or not targets:
        return []
    shares = sets.best_shares(sources, targets)
    return [source for source, share in zip(sources, shares, strict=True) if share >= _LEAST]
