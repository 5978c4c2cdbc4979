"""What is known of the values of one kind at one path: their count, and what more merges."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, Generic, Self, TypeVar

from registry.inference.sketch import Sketch, V

WAITING_VALUES: Final = 2048
"""Values of one kind at one path that wait at most to be counted; then, to be worked in."""

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

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, type(self)):
            return NotImplemented
        return self.__getstate__() == other.__getstate__()

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


class SampledTally(Tally[V]):
    """Values of which the extremes and a sample are known.

    Values arrive in a list and wait, counted, to be worked in together: digests, sums and formats
    then cost once for each distinct value waiting, not once for each record.

    Attributes:
        minimum: the smallest value; None if there is none to compare.
        maximum: the largest value; None if there is none to compare.
        sketch: the sample of distinct values with their counts.
    """

    __slots__ = ("_arrived", "_waiting", "maximum", "minimum", "sketch")

    def __init__(self) -> None:
        super().__init__()
        self.minimum: V | None = None
        self.maximum: V | None = None
        self.sketch: Sketch[V] = Sketch()
        self._arrived: list[V] = []
        self._waiting: Counter[V] = Counter()

    @property
    def distinct(self) -> int:
        """The number of distinct values, an estimate if the sketch is not complete."""
        return min(self.sketch.distinct, self.count)

    def observe(self, values: list[V]) -> None:
        """Let values wait, and work in all that wait when they have become many."""
        self._arrived += values
        if len(self._arrived) >= WAITING_VALUES:
            self._count_arrived()
            if len(self._waiting) >= WAITING_VALUES:
                self.settle()

    def settle(self) -> Self:
        """Work in the values that wait."""
        self._count_arrived()
        if self._waiting:
            counted, self._waiting = self._waiting, Counter()
            self._work_in(counted)
        return self

    def merge(self, other: Self) -> None:
        """Add the other's count, widen the extremes, unite the samples."""
        self.settle()
        other.settle()
        self.count += other.count
        self._widen(other.minimum, other.maximum)
        self.sketch.merge(other.sketch)

    def _count_arrived(self) -> None:
        if self._arrived:
            self._waiting.update(self._arrived)
            self._arrived.clear()

    def _work_in(self, counted: Mapping[V, int]) -> None:
        """Bring the attributes up to date with counted values, at least one."""
        self.count += sum(counted.values())
        self._widen(self._kept_form_of(min(counted)), self._kept_form_of(max(counted)))
        self.sketch.absorb(counted, self._digests_of(counted), self._kept_form_of)

    def _widen(self, low: V | None, high: V | None) -> None:
        if low is not None and (self.minimum is None or low < self.minimum):
            self.minimum = low
        if high is not None and (self.maximum is None or high > self.maximum):
            self.maximum = high

    @staticmethod
    @abstractmethod
    def _digests_of(values: Iterable[V]) -> list[bytes]:
        """Return the digests of values: the same for equal values, and in every process."""

    @staticmethod
    @abstractmethod
    def _kept_form_of(value: V) -> V:
        """Return a value in a form of bounded size that keeps the order of values."""
