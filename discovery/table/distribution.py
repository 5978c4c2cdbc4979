"""How often each value of a column occurs."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import duckdb
import numpy as np
import numpy.typing as npt

from registry.inference.distribution import BINS, QUANTILES

_BLOCK: Final = 1 << 18
_STREAMED: Final = 1 << 20
"""Rows from which on keys are fetched block by block."""

Array = npt.NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class Bin:
    """A range of values and how many lie in it: from `low` on and below `high`.

    The last one holds its upper end too.
    """

    low: float
    high: float
    count: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Distribution:
    """The different values of a column in ascending order, each with its number of cells."""

    values: Array
    counts: Array

    @cached_property
    def total(self) -> int:
        """The number of cells."""
        return int(self.counts.sum())

    @cached_property
    def mean(self) -> float:
        """The arithmetic mean; infinite where the sum is beyond a float."""
        with np.errstate(over="ignore"):
            total = sum(float(np.dot(values, counts)) for values, counts in self._blocks())
        return total / self.total

    @property
    def standard_deviation(self) -> float | None:
        """The standard deviation of the sample (with n - 1).

        None of a single value, and where the sum of the squares is beyond a float.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            squares = (np.dot(np.square(values - self.mean), n) for values, n in self._blocks())
            total = sum(map(float, squares))
        if self.total < 2 or not math.isfinite(total):
            return None
        return math.sqrt(total / (self.total - 1))

    def _blocks(self) -> Iterator[tuple[Array, Array]]:
        """Yield some values at a time as floats, with their counts, to need little memory."""
        for start in range(0, len(self.values), _BLOCK):
            block = slice(start, start + _BLOCK)
            yield self.values[block].astype(float), self.counts[block].astype(float)

    @cached_property
    def _sums(self) -> Array:
        """The number of cells before each block of values, and that of all cells at the end."""
        starts = range(0, len(self.counts), _BLOCK)
        sums = [self.counts[start : start + _BLOCK].sum(dtype=np.int64) for start in starts]
        return np.concatenate([[0], np.cumsum(sums, dtype=np.int64)])

    def _below(self, place: int) -> int:
        """Return the number of cells that hold a value before the one at a place."""
        start = place - place % _BLOCK
        before = self.counts[start:place].sum(dtype=np.int64)
        return int(self._sums[start // _BLOCK] + before)

    def _value_at(self, rank: int) -> Any:
        """Return the value in the cell of a rank, from 1, if cells were in ascending order."""
        block = int(np.searchsorted(self._sums[1:], rank))
        start = block * _BLOCK
        within = self.counts[start : start + _BLOCK].cumsum(dtype=np.int64)
        return self.values[start + np.searchsorted(within, rank - self._sums[block])]

    def quantiles(self) -> list[Any]:
        """Return for each share of `QUANTILES` the least value that is not below so many cells."""
        ranks = np.ceil(np.array(QUANTILES) * self.total).astype(np.int64)
        return [self._value_at(int(rank)) for rank in ranks]

    def top(self, most: int) -> list[tuple[Any, int]]:
        """Return the most frequent values, those of equal frequency in ascending order.

        There are none where every value is there but once.
        """
        if len(self.counts) == self.total:
            return []
        starts = range(0, len(self.counts), _BLOCK)
        found = [_most(self.counts[start : start + _BLOCK], most) + start for start in starts]
        places = np.concatenate(found)
        places = places[_most(self.counts[places], most)]
        places = places[np.argsort(-self.counts[places], kind="stable")]
        return [(self.values[place], int(self.counts[place])) for place in places]

    def histogram(self) -> list[Bin]:
        """Return at most ten bins of equal width from the least value to the greatest.

        There are none where the span is beyond a float.
        """
        low, high = float(self.values[0]), float(self.values[-1])
        if not math.isfinite(high - low):
            return []
        if low == high:
            return [Bin(low=low, high=high, count=self.total)]
        whole = self.values.dtype.kind in "iu" and high - low < BINS
        bins = int(high - low) + 1 if whole else BINS
        edges = np.arange(bins + 1) + low if whole else np.linspace(low, high, bins + 1)
        below = [self._below(int(place)) for place in np.searchsorted(self.values, edges)]
        below[-1] = self.total
        counts = np.diff(below)
        return [
            Bin(low=float(edges[place]), high=float(edges[place + 1]), count=int(counts[place]))
            for place in range(bins)
        ]


def distribution(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    column: str,
    key: str,
    *,
    few: bool,
    most: int,
) -> Distribution:
    """Return the distribution of the key of all cells that have one.

    A sort of the plain values is several times faster than grouping, unless there are few
    different ones; then grouping is.

    Args:
        connection: where the relation is.
        relation: name of a table or a view.
        column: SQL of a column.
        key: SQL of a 64-bit number that stands for the value of the column.
        few: whether few different values are expected.
        most: the number of rows.
    """
    if few:
        counted = f'SELECT {column}, count(*) AS n FROM "{relation}" GROUP BY {column}'  # noqa: S608
        rows = connection.execute(
            f"SELECT {key} AS k, sum(n)::BIGINT AS n FROM ({counted}) GROUP BY k ORDER BY k"  # noqa: S608
        ).fetchnumpy()
        values, counts = np.ma.asarray(rows["k"]), np.asarray(rows["n"])
        there = ~np.ma.getmaskarray(values)
        return Distribution(values=values.data[there], counts=counts[there])
    return distribution_of(_keys(connection, f'SELECT {key} AS k FROM "{relation}"', most))  # noqa: S608


def _keys(connection: duckdb.DuckDBPyConnection, source: str, most: int) -> Array:
    """Return the keys that a query gives, but for nulls.

    To leave out nulls here is several times cheaper than in SQL, which would work out the key of
    every cell once more to filter by it.
    """
    if most < _STREAMED:
        return np.ma.asarray(connection.execute(source).fetchnumpy()["k"]).compressed()
    keys, size = np.empty(0), 0
    for batch in connection.sql(source).to_arrow_reader(_BLOCK):
        part = batch.column(0).drop_null().to_numpy(zero_copy_only=False)
        if not size:
            keys = np.empty(most, part.dtype)
        keys[size : size + len(part)] = part
        size += len(part)
    return keys[:size]


def distribution_of(values: Array) -> Distribution:
    """Return the distribution of values, which are sorted and then overwritten.

    They are looked at block by block, so that a long column needs little more memory than they do.
    """
    values.sort()
    distinct = sum(len(starts) for starts in _first_places(values))
    if distinct == len(values):
        return Distribution(values=values, counts=np.broadcast_to(np.int64(1), values.shape))
    counts = np.empty(distinct, np.int32 if len(values) < 1 << 31 else np.int64)
    place, last = 0, 0
    for starts in _first_places(values):
        if not len(starts):
            continue
        if place:
            counts[place - 1] = starts[0] - last
        counts[place : place + len(starts) - 1] = np.diff(starts)
        values[place : place + len(starts)] = values[starts]  # never beyond what was looked at
        place, last = place + len(starts), int(starts[-1])
    if distinct:
        counts[-1] = len(values) - last
    kept = values[:distinct]
    return Distribution(values=kept if 2 * distinct > len(values) else kept.copy(), counts=counts)


def _first_places(values: Array) -> Iterator[Array]:
    """Yield, block by block, the places at which sorted values differ from the one before."""
    before: Array = values[:0]
    for start in range(0, len(values), _BLOCK):
        block = values[start : start + _BLOCK]
        is_first = np.ones(len(block), dtype=bool)
        np.not_equal(block[1:], block[:-1], out=is_first[1:])
        if len(before):
            is_first[0] = block[0] != before[0]
        before = block[-1:].copy()
        yield np.flatnonzero(is_first) + start


def _most(counts: Array, most: int) -> Array:
    """Return the places of the greatest counts, in ascending order; of equal ones the first."""
    if len(counts) <= most:
        return np.arange(len(counts))
    least = np.partition(counts, -most)[-most]
    above = np.flatnonzero(counts > least)
    equal = np.flatnonzero(counts == least)[: most - len(above)]
    return np.sort(np.concatenate([above, equal]))
