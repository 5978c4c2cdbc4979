"""Exact sums of numbers and of their squares, which do not depend on order."""

from collections.abc import Sequence
from math import sqrt
from operator import mul
from sys import float_info
from typing import Final

import numpy as np
from numpy.typing import NDArray

_SCALE: Final = 1074
"""Every float is a multiple of 2**-1074."""

_HALF: Final = 31
_SMALL: Final = 1 << _HALF
"""Integers below have squares of 62 bits, of which the upper and the lower half are summed."""

_MANTISSA: Final = 53
_PART: Final = 27
_BELOW: Final = 1 << _PART

Integers = NDArray[np.int64]


class Moments:
    """The sum of finite numbers and of their squares.

    Both are kept as integers, the sum in units of 2**-1074 and that of the squares in units of
    2**-2148, so that nothing is ever rounded and shapes merge to the same bytes in any order.

    Attributes:
        count: how many numbers were added.
    """

    __slots__ = ("_squares", "_sum", "count")

    def __init__(self) -> None:
        self.count = 0
        self._sum = 0
        self._squares = 0

    @property
    def mean(self) -> float | None:
        """Their mean, as the nearest float; None if there are none."""
        if not self.count:
            return None
        try:
            return self._sum / (self.count << _SCALE)
        except OverflowError:  # of integers beyond floats
            return float_info.max if self._sum > 0 else -float_info.max

    @property
    def standard_deviation(self) -> float | None:
        """Their standard deviation, as one of the whole population; None if there are none."""
        if not self.count:
            return None
        scaled = self._squares * self.count - self._sum**2
        one = self.count**2 << 2 * _SCALE
        half = (scaled.bit_length() - one.bit_length()) // 2
        near_one = (scaled << max(-2 * half, 0)) / (one << max(2 * half, 0))
        try:
            return sqrt(near_one) * 2.0**half
        except OverflowError:  # of integers beyond floats
            return float_info.max

    def add_integers(self, numbers: Integers, counts: Integers) -> None:
        """Add integers of 64 bits with the number of times each was seen."""
        if numbers.min() <= -_SMALL or numbers.max() >= _SMALL:
            self.add_large_integers(numbers.tolist(), counts.tolist())
            return
        squares = numbers * numbers
        high, low = squares >> _HALF, squares & (_SMALL - 1)
        self.count += int(counts.sum())
        self._sum += int(numbers @ counts) << _SCALE
        self._squares += ((int(high @ counts) << _HALF) + int(low @ counts)) << 2 * _SCALE

    def add_large_integers(self, numbers: Sequence[int], counts: Sequence[int]) -> None:
        """Add integers of any size, or a few of them, with the number of times each was seen."""
        products = list(map(mul, numbers, counts))
        self.count += sum(counts)
        self._sum += sum(products) << _SCALE
        self._squares += sum(map(mul, products, numbers)) << 2 * _SCALE

    def add_few_floats(self, numbers: Sequence[float], counts: Sequence[int]) -> None:
        """Add a few finite floats with the number of times each was seen."""
        for number, count in zip(numbers, counts, strict=True):
            numerator, denominator = number.as_integer_ratio()
            units = (numerator << _SCALE) // denominator
            self.count += count
            self._sum += units * count
            self._squares += units * units * count

    def add_floats(self, numbers: NDArray[np.float64], counts: Integers) -> None:
        """Add finite floats, at most 2**16 at once, with the number of times each was seen.

        A float is m * 2**e with an integer m of 53 bits. Those of one exponent are added in parts
        of so few bits that the sum of each part stays below 2**53, where floats are exact.
        """
        fractions, exponents = np.frexp(numbers)
        mantissas = (fractions * 2.0**_MANTISSA).astype(np.int64)
        lowest = int(exponents.min())
        places = exponents - lowest
        high, low = mantissas >> _PART, mantissas & (_BELOW - 1)
        second, fourth = 2 * high * low + (low * low >> _PART), low * low & (_BELOW - 1)
        first, third = high * high + (second >> _PART), second & (_BELOW - 1)

        def total(*parts: Integers) -> list[int]:
            sums = [0] * (int(places.max()) + 1)
            for part in parts:
                added = np.bincount(places, part * counts)
                sums = [
                    (total << _PART) + int(more) for total, more in zip(sums, added, strict=True)
                ]
            return sums

        self.count += int(counts.sum())
        for place, (plain, square) in enumerate(
            zip(
                total(high, low),
                total(first >> _PART, first & (_BELOW - 1), third, fourth),
                strict=True,
            )
        ):
            shift = lowest + place - _MANTISSA + _SCALE
            self._sum += _shifted(plain, shift)
            self._squares += _shifted(square, 2 * shift)

    def merge(self, other: "Moments") -> None:
        """Add the other's sums."""
        self.count += other.count
        self._sum += other._sum
        self._squares += other._squares

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Moments):
            return NotImplemented
        return (self.count, self._sum, self._squares) == (
            other.count,
            other._sum,
            other._squares,
        )

    __hash__ = None  # type: ignore[assignment]


def _shifted(number: int, shift: int) -> int:
    """Return number * 2**shift, which is whole: of a tiny float, the last bits are zeros."""
    return number << shift if shift >= 0 else number >> -shift
