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
    def _below(self) -> Array:
        """The number of cells below each value, and that of all cells at the end."""
        return np.concatenate([[0], self.counts.cumsum(dtype=np.int64)])

    def quantiles(self) -> list[Any]:
        """Return for each share of `QUANTILES` the least value that is not below so many cells."""
        ranks = np.ceil(np.array(QUANTILES) * self.total).astype(np.int64)
        return list(self.values[np.searchsorted(self._below[1:], ranks)])

    def top(self, most: int) -> list[tuple[Any, int]]:
        """Return the most frequent values, those of equal frequency in ascending order.

        There are none where every value is there but once.
        """
        if len(self.counts) == self.total:
            return []
        if len(self.counts) > most:
            least = np.partition(self.counts, -most)[-most]
            above = np.flatnonzero(self.counts > least)
            equal = np.flatnonzero(self.counts == least)[: most - len(above)]
            places = np.sort(np.concatenate([above, equal]))
        else:
            places = np.arange(len(self.counts))
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
        places = self._below[np.searchsorted(self.values, edges)]
        places[-1] = self.total
        counts = np.diff(places)
        return [
            Bin(low=float(edges[place]), high=float(edges[place + 1]), count=int(counts[place]))
            for place in range(bins)
        ]


def distribution(
    connection: duckdb.DuckDBPyConnection, relation: str, column: str, key: str, *, few: bool
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
    """
    if few:
        counted = f'SELECT {column}, count(*) AS n FROM "{relation}" GROUP BY {column}'  # noqa: S608
        rows = connection.execute(
            f"SELECT {key} AS k, sum(n)::BIGINT AS n FROM ({counted}) GROUP BY k ORDER BY k"  # noqa: S608
        ).fetchnumpy()
        values, counts = np.ma.asarray(rows["k"]), np.asarray(rows["n"])
        there = ~np.ma.getmaskarray(values)
        return Distribution(values=values.data[there], counts=counts[there])
    # To leave out nulls here is several times cheaper than in SQL, which would work out the key
    # of every cell once more to filter by it.
    source = f'SELECT {key} AS k FROM "{relation}"'  # noqa: S608
    found = np.ma.asarray(connection.execute(source).fetchnumpy()["k"])
    return distribution_of(found.compressed())


def distribution_of(values: Array) -> Distribution:
    """Return the distribution of values, which are sorted in place."""
    values.sort()
    is_first = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=is_first[1:])
    starts = np.flatnonzero(is_first)
    if len(starts) == len(values):
        return Distribution(values=values, counts=np.broadcast_to(np.int64(1), values.shape))
    narrow = np.int32 if len(values) < 1 << 31 else np.int64
    ends = np.append(starts[1:], len(values))
    ends -= starts
    return Distribution(values=values[starts], counts=ends.astype(narrow))
