"""How much the values of two columns say that one refers to the other."""

import math
from typing import Final

from discovery.keys.field import Field
from discovery.keys.inclusion import Inclusion
from discovery.keys.weighing import Weighing
from discovery.table import ColumnClass

_MOST: Final = 3.0
_SCALE: Final = 10.0
_BITS_OF_LETTER: Final = 2.5
_BITS_OF_DIGIT: Final = 1.5
_COMMON_LENGTH: Final = 1.5


def can_include(source: Field, target: Field, tolerance: float) -> bool:
    """Return whether the profiles leave it possible that the values of one are in the other.

    So that a few wrong cells do not hide a reference, quantiles are compared instead of extremes.
    """
    if (source.kind == ColumnClass.DATE) != (target.kind == ColumnClass.DATE):
        return False
    if source.column.distinct > target.column.distinct + tolerance * source.values + 1:
        return False
    if source.is_integer and target.is_integer:
        low, high = _range(target)
        quantiles = source.column.quantiles
        first, last = quantiles.get("p05", low), quantiles.get("p95", high)
        return low <= _number(first) and _number(last) <= high
    lengths = target.column.lengths
    if source.is_integer or target.is_integer or not lengths:
        return True
    return lengths.minimum <= source.mean_length + 1 and source.mean_length <= lengths.maximum + 1


def weigh_values(
    weighing: Weighing, source: Field, target: Field, found: Inclusion, *, is_list: bool
) -> None:
    """Add what the values say, given that those of one column are included in the other.

    The more improbable an inclusion is by accident, the more it says: long texts say much, short
    ones little, numbers that lie densely from 1 on next to nothing, unless they range as far as
    the keys do, as references usually spread over their targets.

    Args:
        weighing: where the points are added.
        source: the column that may refer.
        target: the key.
        found: how much of the one is in the other.
        is_list: whether the cells of the source are lists.
    """
    if target.is_integer and (source.is_integer or is_list):
        last = _range(target)[1] if is_list else _range(source)[1]
        short = 1 - (found.reached if is_list else _reach(target, last))
        chance = short + 1 / (found.covered + 1)
        bits = _bits_of_gaps(target, last, found) + max(math.log2(1 / chance) - 1, 0.0)
    else:
        bits = _bits_of_texts(source, target, found, is_list=is_list)
        if source.is_integer:
            weighing.add(-1.0, "numbers, where the keys are texts")
    share = 1 - math.exp(-bits / _SCALE)
    weighing.add(_MOST * share, f"{found.covered} different values are keys of the table")
    if found.coverage < 1:
        missed = found.cells - found.covered_cells
        weighing.add(-50 * (1 - found.coverage), f"{missed} of {found.cells} cells are no keys")


def _bits_of_texts(source: Field, target: Field, found: Inclusion, *, is_list: bool) -> float:
    """Return the information in texts that are all keys, by their lengths."""
    letter = _BITS_OF_DIGIT if source.is_integer else _BITS_OF_LETTER
    length = target.mean_length if is_list else source.mean_length
    return found.covered * max(letter * (length - _COMMON_LENGTH), 0.3)


def _bits_of_gaps(target: Field, last: float, found: Inclusion) -> float:
    """Return the information in numbers that are all keys, where there are gaps between keys."""
    low, high = _range(target)
    gaps = (min(last, high) - low + 1) / max(_most_keys_until(target, last), 1)
    return found.covered * math.log2(max(gaps, 1.0))


def _reach(target: Field, last: float) -> float:
    """Return how far into the range of the keys a number lies, 0 to 1."""
    low, high = _range(target)
    return (min(last, high) - low + 1) / (high - low + 1)


def _most_keys_until(target: Field, last: float) -> float:
    """Return how many keys there can be up to a number, by the quantiles."""
    column = target.column
    shares = [
        int(name[1:]) / 100 for name, value in column.quantiles.items() if _number(value) >= last
    ]
    return min(shares, default=1.0) * column.distinct


def _range(field: Field) -> tuple[float, float]:
    return _number(field.column.minimum), _number(field.column.maximum)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
