"""Chance that falls the same way on every machine."""

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Seeded choices built on ``random.Random.random`` alone.

    Python promises the same sequence for the same seed only for ``random()``
    (https://docs.python.org/3/library/random.html#notes-on-reproducibility); ``choice``,
    ``sample`` and ``shuffle`` may change between versions, so none of them is used here.
    """

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def between(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def skewed(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, mostly near ``low``: sizes, durations, money."""
        share = self._random.random()
        return low + int(share * share * share * (high - low + 1))

    def chance(self, probability: float) -> bool:
        """True in the given share of the cases."""
        return self._random.random() < probability

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices, all equally likely."""
        return choices[self.between(0, len(choices) - 1)]

    def weigh(self, weights: Mapping[T, int]) -> T:
        """One of the keys, each as likely as its weight says."""
        return self.pick([key for key, weight in weights.items() for _ in range(weight)])

    def shuffle(self, items: Iterable[T]) -> list[T]:
        """The items in a new order."""
        shuffled = list(items)
        for last in range(len(shuffled) - 1, 0, -1):
            other = self.between(0, last)
            shuffled[last], shuffled[other] = shuffled[other], shuffled[last]
        return shuffled

    def some(self, items: Iterable[T], low: int, high: int) -> list[T]:
        """From ``low`` to ``high`` different items, fewer if there are not so many."""
        return self.shuffle(items)[: self.between(low, high)]

    def characters(self, length: int, alphabet: str = "0123456789abcdef") -> str:
        """A string of the given length over the alphabet."""
        return "".join(self.pick(alphabet) for _ in range(length))
