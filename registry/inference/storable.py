"""Values as every JSON writer and PostgreSQL's jsonb take them."""

import re
from sys import float_info
from typing import Final

_INTEGERS_OF_64_BITS: Final = range(-(1 << 63), 1 << 64)

_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
"""NUL, refused by PostgreSQL, and lone surrogates, which UTF-8 cannot encode."""


def is_storable(text: str) -> bool:
    """Tell whether a text has neither a NUL nor a lone surrogate."""
    return _UNSTORABLE.search(text) is None


def storable_text(text: str) -> str:
    """Return a text with U+FFFD for each NUL and each lone surrogate."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def storable_number(number: float) -> float:
    """Return a finite number in one way of writing: 1 for 1.0, and nothing beyond a float.

    A whole number of at most 64 bits, signed or unsigned, becomes an integer; a larger one the
    nearest float, or the largest float there is.
    """
    whole = int(number)
    if whole != number:
        return number
    if whole in _INTEGERS_OF_64_BITS:
        return whole
    return nearest_float(whole)


def nearest_float(number: int) -> float:
    """Return the float nearest to an integer of any size, at most the largest float there is."""
    try:
        return float(number)
    except OverflowError:
        return float_info.max if number > 0 else -float_info.max
