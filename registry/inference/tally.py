"""What is known of the values of one kind at one path: their count, and what more merges."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from typing import Final, Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from registry.inference.sketch import Sketch, V

WAITING_VALUES: Final = 4096
"""Values of one kind at one path that wait at most to be worked in together."""

WORKED_TOGETHER: Final = 1 << 16
"""Values worked in together at most."""

FEW: Final = 24
"""Values for which arrays of numbers do not pay: they are worked in one by one."""

Counts = NDArray[np.int64]
T = TypeVar("T")


class Tally(ABC, Generic[T]):
    """What is known of the values of one kind at one path, up to date after `settle`.

    Attributes:
        count: the number of values observed.
    """

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0

    @abstractmethod
    def observe(self, values: list[T]) -> None:
        """Take in some values of the kind."""

    @abstractmethod
    def merge(self, other: Self) -> None:
        """Take in what another tally of the kind knows, and leave that one as it is."""

    def settle(self) -> Self:
        """Bring the attributes up to date and return the tally."""
        return self

    @abstractmethod
    def _facts(self) -> tuple[object, ...]:
        """Return all that is known, once settled; equal tallies know the same."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, type(self)):
            return NotImplemented
        return self.settle()._facts() == other.settle()._facts()

    __hash__ = None  # type: ignore[assignment]

    def __getstate__(self) -> object:
        self.settle()
        return super().__getstate__()


class ConstantTally(Tally[bool | None]):
    """The nulls or the booleans at one path.

    Attributes:
        trues: how many of them are true.
    """

    __slots__ = ("trues",)

    def __init__(self) -> None:
        super().__init__()
        self.trues = 0

    @property
    def distinct(self) -> int:
        """The number of distinct booleans."""
        return (self.trues > 0) + (self.trues < self.count)

    def observe(self, values: list[bool | None]) -> None:
        """Count constants."""
        self.count += len(values)
        self.trues += values.count(True)

    def merge(self, other: Self) -> None:
        """Add the other's counts."""
        self.count += other.count
        self.trues += other.trues

    def _facts(self) -> tuple[object, ...]:
        return self.count, self.trues


class SampledTally(Tally[V]):
    """Values of which the extremes, the distinct ones and a sample are known.

    Values arrive in a list and wait, to be worked in together. Where many are equal they are
    counted first, so that digests, sums and formats cost once for each distinct value.

    Attributes:
        minimum: the smallest value; None if there is none to compare.
        maximum: the largest value; None if there is none to compare.
        sketch: the sample of distinct values with their counts, and the number of these.
    """

    __slots__ = ("_repeat", "_waiting", "maximum", "minimum", "sketch")

    def __init__(self) -> None:
        super().__init__()
        self.minimum: V | None = None
        self.maximum: V | None = None
        self.sketch: Sketch[V] = Sketch()
        self._waiting: list[V] = []
        self._repeat = True
        """Whether it may pay to count equal values before they are worked in."""

    @property
    def distinct(self) -> int:
        """The number of distinct values, an estimate if the sketch has not counted them."""
        return min(self.sketch.distinct, self.count)

    def observe(self, values: list[V]) -> None:
        """Let values wait, and work in all that wait when they have become many."""
        self._waiting += values
        if len(self._waiting) >= WAITING_VALUES:
            self.settle()

    def settle(self) -> Self:
        """Work in the values that wait."""
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            self.count += len(waiting)
            for start in range(0, len(waiting), WORKED_TOGETHER):
                self._work_in_together(waiting[start : start + WORKED_TOGETHER])
        return self

    def _work_in_together(self, values: list[V]) -> None:
        if self._repeat or self.sketch.is_complete:
            counted = Counter(values)
            self._repeat = 2 * len(counted) <= len(values)
            if len(counted) <= FEW:
                self._work_in_few(list(counted), list(counted.values()))
                return
            counts = np.fromiter(counted.values(), np.int64, len(counted))
            self._work_in(list(counted), counts)
        else:
            self._work_in(values, np.ones(len(values), np.int64))

    def merge(self, other: Self) -> None:
        """Add the other's count, widen the extremes, unite the samples."""
        self.settle()
        other.settle()
        self.count += other.count
        self._widen(other.minimum, other.maximum)
        self.sketch.merge(other.sketch)

    @abstractmethod
    def _work_in(self, values: Sequence[V], counts: Counts) -> None:
        """Take in values, at least one, with the number of times each was seen."""

    @abstractmethod
    def _work_in_few(self, values: list[V], counts: list[int]) -> None:
        """Do the same with at most `FEW` values, one by one."""

    def _widen(self, low: V | None, high: V | None) -> None:
        if low is not None and (self.minimum is None or low < self.minimum):
            self.minimum = low
        if high is not None and (self.maximum is None or high > self.maximum):
            self.maximum = high

    def _facts(self) -> tuple[object, ...]:
        return self.count, self.minimum, self.maximum, self.sketch
