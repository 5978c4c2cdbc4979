"""Deciding what the texts of a column are."""

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Final

from discovery.table.booleans import boolean_reading
from discovery.table.column_class import TEXT, ColumnClass, Reading
from discovery.table.missing import is_missing, is_unknown
from discovery.table.moments import compact_date_reading, moment_readings, year_reading
from discovery.table.numbers import has_leading_zeros, number_readings

_WORD: Final = re.compile(r"[^\W\d_]{2}[^\d]*")
_FEWEST_VALUES: Final = 20
_FEWEST_REPEATS: Final = 3
_MOST_MARKERS: Final = 2


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the texts of a column are."""

    reading: Reading
    rivals: tuple[Reading, ...] = ()
    """Other readings that fit every text as well."""
    markers: frozenset[str] = frozenset()
    """Texts that are not read so; they are taken for missing values, and contradict the class."""
    codes: frozenset[str] = frozenset()
    """Texts whose leading zeros make a column of digits one of strings."""


def decide(counts: Mapping[str, int], *, name: str = "", delimiter: str = ",") -> Verdict:
    """Return what texts are, given how often each occurs in the column.

    A class has to fit every text that is no word for a missing value. Words that no list knows
    are taken for such where they repeat beside many numbers or dates: at most two different
    ones without a digit, of two letters or more, each at least three times and together at most
    as often as the values, of which there are 20 different ones or more.
    """
    answers = {text for text in counts if not is_missing(text)}
    if not answers:
        return Verdict(reading=TEXT)
    if boolean := boolean_reading(answers):
        return Verdict(reading=boolean)
    values = {text for text in answers if not is_unknown(text)}
    markers = frozenset[str]()
    readings = _readings(values, name, delimiter)
    if not readings and (markers := _markers(counts, values)):
        readings = _readings(values - markers, name, delimiter)
    if readings:
        return Verdict(reading=readings[0], rivals=tuple(readings[1:]), markers=markers)
    return Verdict(reading=TEXT, codes=_codes(values))


def _readings(values: Set[str], name: str, delimiter: str) -> list[Reading]:
    if not values:
        return []
    numbers = number_readings(values, delimiter)
    if not numbers:
        return moment_readings(values)
    if numbers[0].kind == ColumnClass.INTEGER:
        special = compact_date_reading(values, name) or year_reading(values, name)
        if special:
            return [special]
        if {text.strip() for text in values} == {"0", "1"}:
            return [*numbers, _ZERO_OR_ONE]
    return numbers


_ZERO_OR_ONE: Final = Reading(
    kind=ColumnClass.BOOLEAN,
    value="CASE trim({v}) WHEN '1' THEN true WHEN '0' THEN false END",
)


def _markers(counts: Mapping[str, int], values: Set[str]) -> frozenset[str]:
    words = frozenset(text for text in values if _WORD.fullmatch(text.strip()))
    others = values - words
    if not 0 < len(words) <= _MOST_MARKERS or len(others) < _FEWEST_VALUES:
        return frozenset()
    if any(counts[word] < _FEWEST_REPEATS for word in words):
        return frozenset()
    if _total(counts, words) > _total(counts, others):
        return frozenset()
    return words


def _codes(values: Set[str]) -> frozenset[str]:
    zeros = frozenset(text for text in values if has_leading_zeros(text))
    if zeros and all(text.strip().isdecimal() for text in values):
        return zeros
    return frozenset()


def _total(counts: Mapping[str, int], texts: Iterable[str]) -> int:
    return sum(counts[text] for text in texts)
