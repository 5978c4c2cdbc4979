"""The conditions of a number, in exact decimals."""

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from registry.compatibility.answer import NONE, Answer
from registry.compatibility.conditions import Conditions
from registry.compatibility.formula import Condition
from registry.compatibility.json_value import key_of, written

if TYPE_CHECKING:
    from registry.compatibility.search import Search

MAX_TRIES: Final = 2_000
"""Multiples that are tried one after another."""
TOO_NARROW: Final = "a range of numbers too narrow to find one in"


class NumberConditions(Conditions):
    """A range, what the number is a multiple of, and what it is not."""

    def __init__(self, search: "Search", kind: str):
        super().__init__(search, kind)
        self._low: tuple[Fraction, bool] | None = None
        self._high: tuple[Fraction, bool] | None = None
        self._step: Fraction | None = None
        self._steps_off: dict[Fraction, None] = {}

    def _take(self, condition: Condition) -> bool:
        match condition:
            case ("low", bound, is_open):
                found = (bound, is_open)
                self._low = found if self._low is None else max(self._low, found)
            case ("high", bound, is_open):
                found = (bound, is_open)
                old = self._high
                self._high = min(old or found, found, key=lambda each: (each[0], not each[1]))
            case ("multiple", step, True):
                self._step = _common(self._step, Fraction(step))
            case ("multiple", step, False):
                self._steps_off[Fraction(step)] = None
        return self._is_open

    def _admits(self, condition: Condition) -> bool:
        return self.copied()._take(condition)

    @property
    def _is_open(self) -> bool:
        """Whether the conditions do not contradict each other at first sight."""
        if self._step and any(self._step % each == 0 for each in self._steps_off):
            return False
        if not self._low or not self._high:
            return True
        if self._step:
            return self._last(self._step) >= self._first(self._step)
        (low, low_open), (high, high_open) = self._low, self._high
        return low < high or (low == high and not low_open and not high_open)

    def _first(self, step: Fraction) -> int:
        """Return which multiple of a step is the first in the range, which has to have a start."""
        low, is_open = self._low or (Fraction(0), False)
        return math.floor(low / step) + 1 if is_open else math.ceil(low / step)

    def _last(self, step: Fraction) -> int:
        high, is_open = self._high or (Fraction(0), False)
        return math.ceil(high / step) - 1 if is_open else math.floor(high / step)

    def _made(self) -> Answer:
        if self._step:
            return self._multiple(self._step)
        if self._low and self._high and self._low[0] == self._high[0]:
            sure = NONE if written(self._low[0]) is not None else Answer(False, doubt=TOO_NARROW)
            return self._tried_number(self._low[0]) or sure
        for exponent in range(25):  # ever finer decimals, of which one is in any range
            step = Fraction(1, 10**exponent)
            for factor in self._factors(step, 50 + len(self.excluded)):
                if found := self._tried_number(factor * step):
                    return found
        return Answer(False, doubt=TOO_NARROW)

    def _multiple(self, step: Fraction) -> Answer:
        tries = MAX_TRIES + len(self.excluded)
        count = 0
        is_written = True
        for factor in self._factors(step, tries):
            self.search.spend(1)
            count += 1
            if found := self._tried_number(factor * step):
                return found
            is_written = is_written and written(factor * step) is not None
        period = step
        for each in self._steps_off:
            period = _common(period, each)
        # What is no multiple of the steps that are off is none a period further on either.
        is_all = count < tries or period / step * (len(self.excluded) + 1) < MAX_TRIES / 2
        return NONE if is_all and is_written else Answer(False, doubt="multipleOf")

    def _factors(self, step: Fraction, most: int) -> Iterator[int]:
        """Yield which multiples of a step are in the range, zero or the next to it first."""
        first = self._first(step) if self._low else None
        last = self._last(step) if self._high else None
        if first is None and last is None:
            yield from (each for number in range(most // 2) for each in {number, -number})
        elif first is None:
            start = min(last or 0, 0)
            yield from range(start, start - most, -1)
        else:
            end = first + most if last is None else min(last + 1, first + most)
            if first <= 0 < end:
                yield 0
            yield from (each for each in range(first, end) if each)

    def _tried_number(self, number: Fraction) -> Answer | None:
        value = written(number)
        if value is None or key_of(value) in self.excluded:
            return None
        if any(number % each == 0 for each in self._steps_off):
            return None
        return Answer(True, value, self.doubt)


def _common(one: Fraction | None, other: Fraction) -> Fraction:
    """Return the least common multiple of two steps."""
    if one is None:
        return other
    return Fraction(
        math.lcm(one.numerator, other.numerator), math.gcd(one.denominator, other.denominator)
    )
