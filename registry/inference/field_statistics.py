"""The statistics of each field, from the shape of the records."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any, Final, cast

from registry.inference.distribution import histogram_of, quantiles_of
from registry.inference.number_tally import NumberTally
from registry.inference.shape import Shape, TalliesByType
from registry.inference.sketch import Sketch, V
from registry.inference.storable import storable_text
from registry.inference.string_tally import KEPT_CHARACTERS, StringTally
from registry.inference.tally import ConstantTally

RECORD_PATH: Final = "$"
TOP_VALUES: Final = 10

_NO_BOOLEANS: Final = ConstantTally()
_NO_NUMBERS: Final = NumberTally()
_NO_STRINGS: Final = StringTally()

_PLAIN_KEY: Final = re.compile(r'[^\s.\[\]{}"]+')


@dataclass(frozen=True, slots=True, kw_only=True)
class TopValue:
    """A frequent value of a field and the number of times it was seen."""

    value: str | float | bool
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldStatistics:
    """What the values at one path are like; every attribute goes into JSON as it is.

    Numbers too large for JSON writers are given as the nearest float; texts are cut after 100
    characters, marked by an ellipsis, with U+FFFD in place of NULs and lone surrogates.

    Attributes:
        path: where the values stand: `$` is the record, `author.email` a member of a member,
            `labels[]` the elements of an array, `prices{}` the values of a map. A key that has
            white space, unprintable characters or one of `.[]{}"` is written as a JSON string.
        count: values seen, nulls included.
        null_share: share of these that are null, 0 to 1.
        missing_share: share of the objects around the field that lack it, 0 to 1; 0 for records,
            elements of arrays and values of maps.
        types: values of each JSON type; a float counts as a number even if it is whole.
        distinct: number of distinct strings, numbers and booleans.
        distinct_is_exact: whether they were counted one by one, by digests of 64 bits. Beyond
            about a million at one path, or 16 million in all, `distinct` is an estimate with a
            standard error of 0.1 %, or somewhat more.
        is_sampled: whether there were more than 512 distinct strings or 512 distinct numbers.
            `top_values` are then the most frequent of a random sample of 512 distinct values, and
            `quantiles` and `histogram` estimates from it: 2 % of the values may be misplaced.
        minimum: the smallest number or, where there are no numbers, the first string by code point
            (of dates, and of date-times in one offset, that is the earliest).
        maximum: the largest number or the last string, likewise.
        mean: mean of the numbers.
        standard_deviation: standard deviation of the numbers, as of a whole population.
        quantiles: of the numbers, at 1, 5, 25, 50, 75, 95 and 99 %, each one of the numbers.
        histogram: how many numbers are in each of ten equal parts of minimum to maximum.
        fewest_characters: length of the shortest string in Unicode code points.
        mean_characters: mean length of the strings.
        most_characters: length of the longest.
        fewest_elements: length of the shortest array.
        mean_elements: mean length of the arrays.
        most_elements: length of the longest.
        top_values: the at most 10 most frequent strings, numbers and booleans with exact counts.
    """

    path: str
    count: int
    null_share: float
    missing_share: float
    types: dict[str, int]
    distinct: int
    distinct_is_exact: bool
    is_sampled: bool
    minimum: str | int | float | None
    maximum: str | int | float | None
    mean: float | None
    standard_deviation: float | None
    quantiles: list[float] | None
    histogram: list[int] | None
    fewest_characters: int | None
    mean_characters: float | None
    most_characters: int | None
    fewest_elements: int | None
    mean_elements: float | None
    most_elements: int | None
    top_values: list[TopValue]


def field_statistics(shape: Shape) -> list[FieldStatistics]:
    """Return the statistics of every path seen: the record, then its fields by key, depth first."""
    return list(_statistics_below(RECORD_PATH, shape, shape.count))


def _statistics_below(path: str, shape: Shape, places: int) -> Iterator[FieldStatistics]:
    """Yield the statistics of a path, which could have had a value in so many places, and below."""
    tallies = shape.by_type()
    if not tallies:
        return
    yield _statistics_of(path, tallies, places)
    if objects := tallies.get("object"):
        for key, member in sorted(objects.properties.items()):
            yield from _statistics_below(member_path(path, key), member, objects.count)
        if objects.values:
            yield from _statistics_below(f"{path}{{}}", objects.values, objects.values.count)
    if arrays := tallies.get("array"):
        yield from _statistics_below(f"{path}[]", arrays.items, arrays.items.count)


def _statistics_of(path: str, tallies: TalliesByType, places: int) -> FieldStatistics:
    types = {name: tally.count for name, tally in cast("dict[str, Any]", tallies).items()}
    count = sum(types.values())
    booleans = tallies.get("boolean", _NO_BOOLEANS)
    strings = tallies.get("string", _NO_STRINGS)
    arrays = tallies.get("array")
    numbers = _numbers_of(tallies)
    has_numbers = numbers.minimum is not None
    return FieldStatistics(
        path=path,
        count=count,
        null_share=types.get("null", 0) / count,
        missing_share=(places - count) / places,
        types=types,
        distinct=strings.distinct + numbers.distinct + booleans.distinct,
        distinct_is_exact=strings.sketch.is_counted and numbers.sketch.is_counted,
        is_sampled=not (strings.sketch.is_complete and numbers.sketch.is_complete),
        minimum=numbers.minimum if has_numbers else strings.minimum and _shown(strings.minimum),
        maximum=numbers.maximum if has_numbers else strings.maximum and _shown(strings.maximum),
        mean=numbers.moments.mean,
        standard_deviation=numbers.moments.standard_deviation,
        **_distribution_of(numbers),
        fewest_characters=strings.fewest_characters if strings.count else None,
        mean_characters=strings.characters / strings.count if strings.count else None,
        most_characters=strings.most_characters if strings.count else None,
        fewest_elements=arrays.fewest if arrays else None,
        mean_elements=arrays.elements / arrays.count if arrays else None,
        most_elements=arrays.most if arrays else None,
        top_values=_top_values(strings, numbers, booleans),
    )


def _numbers_of(tallies: TalliesByType) -> NumberTally:
    """Return what is known of integers and floats together."""
    if "integer" not in tallies or "number" not in tallies:
        return tallies.get("integer") or tallies.get("number") or _NO_NUMBERS
    numbers = NumberTally()
    numbers.merge(tallies["integer"])
    numbers.merge(tallies["number"])
    return numbers


def _distribution_of(numbers: NumberTally) -> dict[str, Any]:
    if numbers.minimum is None or numbers.maximum is None:
        return {"quantiles": None, "histogram": None}
    counted = sorted(numbers.sketch.samples.values())
    total = numbers.moments.count
    return {
        "quantiles": quantiles_of(counted),
        "histogram": histogram_of(counted, numbers.minimum, numbers.maximum, total),
    }


def _top_values(
    strings: StringTally, numbers: NumberTally, booleans: ConstantTally
) -> list[TopValue]:
    flags = {False: booleans.count - booleans.trues, True: booleans.trues}
    frequent = [
        *(TopValue(value=_shown(text), count=count) for text, count in _top(strings.sketch)),
        *(TopValue(value=number, count=count) for number, count in _top(numbers.sketch)),
        *(TopValue(value=flag, count=count) for flag, count in flags.items() if count),
    ]
    return sorted(frequent, key=lambda top: -top.count)[:TOP_VALUES]


def _top(sketch: Sketch[V]) -> list[tuple[V, int]]:
    return nsmallest(
        TOP_VALUES, sketch.samples.values(), key=lambda sample: (-sample[1], sample[0])
    )


def _shown(text: str) -> str:
    if len(text) < KEPT_CHARACTERS:
        return storable_text(text)
    return storable_text(text[: KEPT_CHARACTERS - 1]) + "…"


def member_path(path: str, key: str) -> str:
    """Return the path of a member of the object at a path."""
    plain = key != RECORD_PATH and key.isprintable() and _PLAIN_KEY.fullmatch(key)
    step = key if plain else json.dumps(key)
    return step if path == RECORD_PATH else f"{path}.{step}"
