"""What the values of a field stand for, and whether they tell of a person."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from registry.privacy.evidence import Evidence
from registry.privacy.field_names import FieldName
from registry.privacy.private_classes import PRIVATE
from registry.privacy.public_classes import PUBLIC

VALUES_LOOKED_AT: Final = 200
"""Distinct values of a field on which its class is decided."""

_MISSING: Final = frozenset(
    ("", "-", "--", ".", "?", "n/a", "na", "nan", "none", "null", "nil", "unknown", "#n/a", "tbd")
)


_LONGEST_MISSING: Final = 12
# Values that no way without a name accepts, found out by one cheap look: words, short or decimal
# numbers, ISO dates and UUIDs.
_SAYS_NOTHING: Final = re.compile(
    r"[a-z][a-z _-]*|[A-Z][a-z]+|[A-Za-z_]{4,}|[+-]?[0-9]{1,11}(?:\.[0-9]*)?"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ].*)?|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
)

_Way = tuple[str, bool, Evidence]


@dataclass(frozen=True, slots=True, kw_only=True)
class SemanticClass:
    """What the values of a field stand for.

    Attributes:
        name: `person_name`, `user_name`, `email`, `phone`, `address`, `national_id`,
            `payment_card`, `iban`, `date_of_birth`, `geo_coordinates`, `country_code`,
            `currency_code`, `url` or `file_path`.
        private: whether such values tell of a person, so that they are masked.
        certainty: how sure this is, 0 to 1: the share of the distinct values that are so, less
            where only the values or only the name of the field say so.
    """

    name: str
    private: bool
    certainty: float


def semantic_class(name: str, values: Iterable[str | int | float]) -> SemanticClass | None:
    """Return what a field of the name and with the values holds, or None if nothing tells.

    Args:
        name: the field's name, or its path; the steps before the last tell where it belongs.
        values: its values or some of them; the first `VALUES_LOOKED_AT` distinct ones count.
    """
    texts = _distinct_texts(values)
    best: SemanticClass | None = None
    if not texts:
        return best
    by_name, by_values = _ways_open_to(name)
    ways = by_name if all(map(_SAYS_NOTHING.fullmatch, texts)) else by_name + by_values
    for class_name, private, way in ways:
        certainty = way.certainty_of(texts)
        if certainty > (best.certainty if best else 0.0):
            best = SemanticClass(name=class_name, private=private, certainty=round(certainty, 3))
    return best


@lru_cache(maxsize=16_384)
def _ways_open_to(name: str) -> tuple[list[_Way], list[_Way]]:
    """Return the ways that need a field's name, and the ways that values may go without one."""
    field, nameless = FieldName(name), FieldName("")
    open_ways = [
        (class_name, classes is PRIVATE, way)
        for classes in (PRIVATE, PUBLIC)
        for class_name, ways in classes.items()
        for way in ways
        if way.name_agrees(field)
    ]
    by_values = [each for each in open_ways if each[2].name_agrees(nameless)]
    return [each for each in open_ways if each not in by_values], by_values


def is_missing(text: str) -> bool:
    """Tell whether a text stands for a value that is not known, such as `n/a`."""
    return len(text) <= _LONGEST_MISSING and text.strip().casefold() in _MISSING


def _distinct_texts(values: Iterable[str | int | float]) -> list[str]:
    texts = dict.fromkeys(text for text in map(text_of, values) if not is_missing(text))
    return list(islice(texts, VALUES_LOOKED_AT))


def text_of(value: str | int | float | None) -> str:
    """Return a value as it would be written down; nothing for what is no text or number."""
    if isinstance(value, str):
        return value.strip()
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) >= 1e6:
        return str(int(value))
    return str(value)
