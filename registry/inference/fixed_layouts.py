"""A quick look that finds most strings of a fixed layout valid, a column at a time.

Dates, date-times and UUIDs are compared with their layout as tables of bytes, at a small part of
the cost of their grammar. What a look leaves open may be valid all the same (the 29th of
February, a leap second) and is for `all_show` to judge.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from registry.inference.plain_addresses import are_plain_addresses
from registry.inference.text_block import TextBlock

MOST_LENGTHS: Final = 8
"""Different lengths of strings in a column that are worth a look."""

_Bytes = NDArray[np.uint8]
_Flags = NDArray[np.bool_]


def left_open(format_name: str, texts: Sequence[str], block: TextBlock) -> Sequence[str]:
    """Return those of the texts, in a block, that are not certainly valid under the format."""
    if format_name == "email":
        return [texts[row] for row in np.flatnonzero(~are_plain_addresses(block)).tolist()]
    look = _LOOKS.get(format_name)
    if look is None:
        return texts
    if block.table is not None:
        return [texts[row] for row in np.flatnonzero(~look(block.table)).tolist()]
    lengths = sorted(set(block.sizes.tolist()))
    if len(lengths) > MOST_LENGTHS:
        return texts
    is_open = np.ones(len(texts), bool)
    for length in lengths:
        rows, table = block.rows_of_size(length)
        is_open[rows] = ~look(table)
    return [texts[row] for row in np.flatnonzero(is_open).tolist()]


def _is_date(table: _Bytes) -> _Flags:
    if table.shape[1] != 10:
        return np.zeros(len(table), bool)
    month, day = _two_digits(table, 5), _two_digits(table, 8)
    result: _Flags = _all_digits(table[:, :4]) & (table[:, 0] != ord("0"))
    result &= (table[:, 4] == ord("-")) & (table[:, 7] == ord("-"))
    result &= (month - 1 <= 11) & (day - 1 <= 27)
    return result


def _is_date_time(table: _Bytes) -> _Flags:
    length = table.shape[1]
    if length < 20:
        return np.zeros(len(table), bool)
    result: _Flags = (
        _is_date(table[:, :10]) & (table[:, 10] == ord("T")) & (table[:, 16] == ord(":"))
    )
    result &= _is_clock(table, 11) & (_two_digits(table, 17) <= 59)
    is_ended = (table[:, -1] == ord("Z")) & _is_fraction(table[:, 19:-1])
    if length >= 25:
        is_signed = (table[:, -6] == ord("+")) | (table[:, -6] == ord("-"))
        is_ended |= is_signed & _is_clock(table, length - 5) & _is_fraction(table[:, 19:-6])
    result &= is_ended
    return result


def _is_uuid(table: _Bytes) -> _Flags:
    if table.shape[1] != 36:
        return np.zeros(len(table), bool)
    is_expected: _Flags = (table - ord("0") <= 9) | ((table | 0x20) - ord("a") <= 5)
    for place in (8, 13, 18, 23):
        is_expected[:, place] = table[:, place] == ord("-")
    return np.asarray(is_expected.all(axis=1))


def _is_clock(table: _Bytes, place: int) -> _Flags:
    hours, minutes = _two_digits(table, place), _two_digits(table, place + 3)
    result: _Flags = (hours <= 23) & (minutes <= 59) & (table[:, place + 2] == ord(":"))
    return result


def _is_fraction(table: _Bytes) -> _Flags:
    if table.shape[1] == 0:
        return np.ones(len(table), bool)
    if table.shape[1] == 1:
        return np.zeros(len(table), bool)
    result: _Flags = _all_digits(table[:, 1:]) & (table[:, 0] == ord("."))
    return result


def _all_digits(table: _Bytes) -> _Flags:
    return np.asarray((table - ord("0") <= 9).all(axis=1))


def _two_digits(table: _Bytes, place: int) -> _Bytes:
    """Return the number that two columns are, 255 where they are none."""
    tens, ones = table[:, place] - ord("0"), table[:, place + 1] - ord("0")
    return np.where((tens <= 9) & (ones <= 9), 10 * tens + ones, np.uint8(255))


_LOOKS: Final = {"date": _is_date, "date-time": _is_date_time, "uuid": _is_uuid}
