"""How the keys in columns include each other, by what is kept of them."""

from collections.abc import Mapping, Sequence

import numpy as np

from discovery.keys.field import Field
from discovery.keys.inclusion import NOTHING, Inclusion, Pair, Source
from discovery.keys.table_evidence import KeySet, TableEvidence, together


class KeySets:
    """The keys in the columns of some tables."""

    def __init__(self, tables: Mapping[str, TableEvidence]) -> None:
        self._tables = tables

    def compare(self, pairs: Sequence[Pair]) -> list[Inclusion]:
        """Return the inclusion of the first in the second, for each pair."""
        return [_inclusion(_keys(source), target.field.column.keys) for source, target in pairs]

    def best_shares(self, sources: Sequence[Source], targets: Sequence[Field]) -> list[float]:
        """Return for each source the share of its keys that are in the best one of some targets."""
        sets = [target.column.keys for target in targets]
        hashes = np.concatenate([each.hashes for each in sets])
        order = np.argsort(hashes, kind="stable")
        owners = np.repeat(np.arange(len(sets)), [len(each.hashes) for each in sets])[order]
        hashes = hashes[order]
        bounds = np.array([each.below for each in sets], np.uint64)
        shares = []
        for kept in map(_keys, sources):
            first = np.searchsorted(hashes, kept.hashes)
            found = np.searchsorted(hashes, kept.hashes, side="right") - first
            cells = np.repeat(kept.cells, found)
            places = np.arange(len(cells)) + np.repeat(first - found.cumsum() + found, found)
            hits = np.bincount(owners[places], weights=cells, minlength=len(sets))
            sums = np.concatenate([[0], kept.cells.cumsum()])
            sizes = sums[np.searchsorted(kept.hashes.astype(np.uint64), bounds)]
            shares.append(float((hits / np.maximum(sizes, 1)).max()))
        return shares

    def equal_rows(self, one: Field, other: Field) -> float:
        """Return the share of the rows with a key in one column that have the same in another."""
        there = one.column.sampled != 0
        if not there.any():
            return 0.0
        return float((one.column.sampled == other.column.sampled)[there].mean())

    def tuple_coverage(self, source: Sequence[Field], target: Sequence[Field]) -> tuple[float, int]:
        """Return the share of the complete tuples in a table that occur in another, and how many.

        The second figure is the number of different tuples among the rows that were looked at.
        """
        table = self._tables[target[0].table]
        if [one.column.name for one in target] != list(table.composite):
            return 0.0, 0
        found = together([one.column.sampled for one in source])
        found = found[(found != 0) & (found < table.tuples.below)]
        if not len(found):
            return 0.0, 0
        return float(table.tuples.has(found).mean()), len(np.unique(found))


def _keys(source: Source) -> KeySet:
    column = source.field.column
    return column.lists[source.separator] if source.separator else column.keys


def _inclusion(source: KeySet, target: KeySet) -> Inclusion:
    """Return how much of one set is in another, as far as both keep their keys."""
    kept = source.until(target.below)
    if not len(kept.hashes):
        return NOTHING
    hits = target.has(kept.hashes)
    scale = source.distinct / len(kept.hashes)
    return Inclusion(
        cells=int(kept.cells.sum()),
        covered_cells=int(kept.cells[hits].sum()),
        distinct=source.distinct,
        covered=round(int(hits.sum()) * scale),
        target_distinct=target.distinct,
    )
