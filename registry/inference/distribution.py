"""How numbers are spread: quantiles and a histogram, from counted values."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

QUANTILES: Final = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
BINS: Final = 10


def quantiles_of(counted: Sequence[tuple[float, int]]) -> list[float]:
    """Return the `QUANTILES` of counted values, at least one, sorted.

    Each is the smallest value that so great a share of all does not exceed (the inverse of the
    empirical distribution function, definition 1 of Hyndman and Fan, 1996): a value that occurs.
    """
    ranks = list(accumulate(count for _, count in counted))
    return [counted[bisect_left(ranks, share * ranks[-1])][0] for share in QUANTILES]


def histogram_of(
    counted: Sequence[tuple[float, int]], low: float, high: float, total: int
) -> list[int]:
    """Return how many of `total` numbers fall into each of ten bins of equal width.

    The bins divide the range from the smallest to the largest number, each without its upper end,
    but for the last. Where the counted values are a sample, their shares stand for those of all.
    """
    width = high / 2 - low / 2  # halves, as the range itself may be beyond floats
    bins = [0] * BINS
    for value, count in counted:
        place = int((value / 2 - low / 2) / width * BINS) if width else 0
        bins[min(place, BINS - 1)] += count
    seen = sum(bins)
    return bins if seen == total else [round(count * total / seen) for count in bins]
