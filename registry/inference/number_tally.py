"""The tally of numbers."""

from collections.abc import Sequence
from math import isfinite
from typing import Self, cast

import numpy as np

from registry.inference.digests import (
    digest_of_integer,
    digest_of_number,
    digests_of_floats,
    digests_of_integers,
)
from registry.inference.moments import Moments
from registry.inference.storable import storable_number
from registry.inference.tally import Counts, SampledTally


class NumberTally(SampledTally[float]):
    """The integers or the floats at one path.

    Attributes:
        not_finite: how many of them are NaN or infinite; these enter nothing but the counts.
        moments: the exact sums of the others.
    """

    __slots__ = ("moments", "not_finite")

    def __init__(self) -> None:
        super().__init__()
        self.not_finite = 0
        self.moments = Moments()

    def merge(self, other: Self) -> None:
        """Take in the other."""
        super().merge(other)
        self.not_finite += other.not_finite
        self.moments.merge(other.moments)

    def _work_in(self, values: Sequence[float], counts: Counts) -> None:
        if type(values[0]) is float:
            self._work_in_floats(values, counts)
            return
        try:
            numbers = np.array(values, np.int64)
        except OverflowError:
            self._work_in_large_integers(cast("Sequence[int]", values), counts)
        else:
            self.moments.add_integers(numbers, counts)
            self._widen(int(numbers.min()), int(numbers.max()))
            self.sketch.absorb(values, digests_of_integers(numbers), counts, storable_number)

    def _work_in_few(self, values: list[float], counts: list[int]) -> None:
        if type(values[0]) is float:
            counted = [(n, times) for n, times in zip(values, counts, strict=True) if isfinite(n)]
            self.not_finite += sum(counts) - sum(times for _, times in counted)
            if not counted:
                return
            values, counts = map(list, zip(*counted, strict=True))
            self.moments.add_few_floats(values, counts)
        else:
            self.moments.add_large_integers(cast("list[int]", values), counts)
        self._widen(storable_number(min(values)), storable_number(max(values)))
        self.sketch.absorb_few(values, list(map(digest_of_number, values)), counts, storable_number)

    def _work_in_floats(self, values: Sequence[float], counts: Counts) -> None:
        numbers = np.array(values)
        is_finite = np.isfinite(numbers)
        if not is_finite.all():
            self.not_finite += int(counts[~is_finite].sum())
            numbers, counts = numbers[is_finite], counts[is_finite]
        if len(numbers):
            self.moments.add_floats(numbers, counts)
            low, high = float(numbers.min()), float(numbers.max())
            self._widen(storable_number(low), storable_number(high))
            finite = values if is_finite.all() else numbers.tolist()
            self.sketch.absorb(finite, digests_of_floats(numbers), counts, storable_number)

    def _work_in_large_integers(self, numbers: Sequence[int], counts: Counts) -> None:
        self.moments.add_large_integers(numbers, counts.tolist())
        digests = np.fromiter(map(digest_of_integer, numbers), np.uint64, len(numbers))
        self._widen(storable_number(min(numbers)), storable_number(max(numbers)))
        self.sketch.absorb(numbers, digests, counts, storable_number)

    def _facts(self) -> tuple[object, ...]:
        return *super()._facts(), self.not_finite, self.moments
