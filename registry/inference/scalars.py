"""The tallies of strings and of numbers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from hashlib import blake2b
from struct import Struct
from typing import Final, Self

from registry.inference.formats import all_show, recognise
from registry.inference.sketch import DIGEST_BYTES
from registry.inference.storable import storable_number
from registry.inference.tally import SampledTally

WAITING_CHARACTERS: Final = 1024
"""Characters of a text that may wait; a longer one is worked in at once."""

KEPT_CHARACTERS: Final = 101
"""Characters kept of a text; its digest, length and format are those of the whole."""

_WHOLE_FROM: Final = 2.0**53
"""Every float from here on is whole, every integer up to here a float."""

_FLOAT: Final = Struct("<d")


class StringTally(SampledTally[str]):
    """The strings at one path.

    Attributes:
        characters: the length of all of them together.
        format: the format every one of them shows, or None.
    """

    __slots__ = ("characters", "format")

    def __init__(self) -> None:
        super().__init__()
        self.characters = 0
        self.format: str | None = None

    def observe(self, values: list[str]) -> None:
        """Let strings wait, and work in all that wait when they have become many or long."""
        super().observe(values)
        if max(map(len, values)) > WAITING_CHARACTERS:
            self.settle()

    def merge(self, other: Self) -> None:
        """Take in the other; a format remains if all strings of both show it."""
        self.settle()
        other.settle()
        if not self.count:
            self.format = other.format
        elif other.format != self.format:
            self.format = None
        self.characters += other.characters
        super().merge(other)

    def _work_in(self, counted: Mapping[str, int]) -> None:
        shared = self.format if self.count else recognise(next(iter(counted)))
        self.format = shared if shared and all_show(shared, counted) else None
        self.characters += sum(len(text) * count for text, count in counted.items())
        super()._work_in(counted)

    @staticmethod
    def _digests_of(values: Iterable[str]) -> list[bytes]:
        return [
            blake2b(text.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest()
            for text in values
        ]

    @staticmethod
    def _kept_form_of(value: str) -> str:
        return value[:KEPT_CHARACTERS]


class NumberTally(SampledTally[float]):
    """The integers or the floats at one path.

    Attributes:
        not_finite: how many of them are NaN or infinite; these enter nothing but the counts.
        total: the exact sum of the others.
    """

    __slots__ = ("not_finite", "total")

    def __init__(self) -> None:
        super().__init__()
        self.not_finite = 0
        self.total = Fraction()

    def merge(self, other: Self) -> None:
        """Take in the other; sums are exact, so their order cannot show."""
        super().merge(other)
        self.not_finite += other.not_finite
        self.total += other.total

    def _work_in(self, counted: Mapping[float, int]) -> None:
        finite = {number: count for number, count in counted.items() if number - number == 0}
        not_finite = sum(counted.values()) - sum(finite.values())
        self.not_finite += not_finite
        self.count += not_finite
        if finite:
            self.total += _exact_sum(finite)
            super()._work_in(finite)

    @staticmethod
    def _digests_of(values: Iterable[float]) -> list[bytes]:
        return [blake2b(_canonical(number), digest_size=DIGEST_BYTES).digest() for number in values]

    @staticmethod
    def _kept_form_of(value: float) -> float:
        return storable_number(value)


def _exact_sum(counted: Mapping[float, int]) -> Fraction:
    numerators: defaultdict[int, int] = defaultdict(int)
    for number, count in counted.items():
        numerator, denominator = number.as_integer_ratio()
        numerators[denominator] += numerator * count
    return sum((Fraction(n, d) for d, n in numerators.items()), Fraction())


def _canonical(number: float) -> bytes:
    if -_WHOLE_FROM <= number <= _WHOLE_FROM:
        return _FLOAT.pack(number + 0.0)  # 1 as 1.0 and -0.0 as 0.0
    return b"%x" % int(number)
