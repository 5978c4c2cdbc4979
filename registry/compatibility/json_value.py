"""JSON values as JSON Schema compares them: 1 is 1.0 but not true, and members have no order."""

from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

Key: TypeAlias = tuple[Any, ...]


def type_of(value: Any) -> str:
    """Return the name of a value's JSON type; an integer is a number."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float() | Decimal():
            return "number"
        case str():
            return "string"
        case list() | tuple():
            return "array"
        case dict():
            return "object"
        case _:
            raise TypeError(f"{type(value).__name__} is no JSON type")


def exact(number: float | Decimal) -> Fraction:
    """Return a JSON number as the decimal that it is written as: 0.1 is one tenth.

    Raises:
        ValueError: it is infinite or not a number.
    """
    if isinstance(number, int):
        return Fraction(number)
    try:
        return Fraction(Decimal(repr(number)) if isinstance(number, float) else number)
    except OverflowError:
        raise ValueError(f"{number} is no JSON number") from None


def written(number: Fraction) -> float | None:
    """Return the JSON number that is written as this, or None if a float cannot be."""
    if number.denominator == 1:
        return int(number)
    try:
        found = float(number)
    except OverflowError:
        return None
    return found if exact(found) == number else None


def key_of(value: Any) -> Key:
    """Return a hashable key that is the same for values that JSON Schema holds equal."""
    match value:
        case None | bool() | str():
            return (type_of(value), value)
        case int() | float() | Decimal():
            number = exact(value)
            return ("number", number.numerator, number.denominator)
        case list() | tuple():
            return ("array", *map(key_of, value))
        case dict():
            return ("object", *sorted((name, key_of(each)) for name, each in value.items()))
        case _:
            raise TypeError(f"{type(value).__name__} is no JSON type")
