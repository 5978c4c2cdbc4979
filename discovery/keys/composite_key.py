"""Primary keys of several columns."""

import math
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Final

from discovery.keys.field import Field
from discovery.keys.weighing import Weighing
from discovery.table import ColumnClass

LONG: Final = 40
"""Characters on average from which on a text is too long for a key."""
_MEMBERS: Final = 10
_MOST_COLUMNS: Final = 4
_SCANNED: Final = 100_000_000
"""Rows that the search for a composite key of one table may read in all."""
_PREFIX: Final = 5_000


Unique = Callable[[Sequence[Field], int | None], bool]
"""Tells whether columns are unique together, in so many of the first rows, or in all."""


def smallest_unique(fields: Sequence[Field], are_unique: Unique) -> Sequence[Field] | None:
    """Return the best smallest set of columns that together are unique, in their order.

    Columns are tried in the order of how much they look like a part of a key; the search ends
    when it has read so many rows as it may.
    """
    members = [field for field in fields if field.column.distinct > 1]
    members.sort(key=lambda field: (-_member(field).points, field.place))
    left = _SCANNED
    for chosen in _choices(members[:_MEMBERS]):
        if not are_unique(chosen, _PREFIX):
            continue
        left -= chosen[0].column.rows
        if left < 0:
            return None
        if are_unique(chosen, None):
            smallest = next((few for few in _parts(chosen) if are_unique(few, None)), chosen)
            return sorted(smallest, key=lambda field: field.place)
    return None


def _choices(members: Sequence[Field]) -> list[Sequence[Field]]:
    """Return the sets of columns that may be a key, the best first."""
    weighed = [
        (weigh_together(few).points, few)
        for size in range(2, _MOST_COLUMNS + 1)
        for few in combinations(members, size)
        if math.prod(field.column.distinct for field in few) >= few[0].column.rows
    ]
    weighed.sort(key=lambda pair: -pair[0])
    return [few for points, few in weighed if points >= 0]


def _parts(fields: Sequence[Field]) -> list[Sequence[Field]]:
    """Return the smaller sets of some columns that may be a key, the smallest first."""
    sets = sorted(_choices(fields), key=len)
    return [few for few in sets if len(few) < len(fields)]


def weigh_together(fields: Sequence[Field]) -> Weighing:
    """Weigh whether columns are the key together, given that they are unique."""
    weighing = Weighing(points=-1.0 - 0.5 * (len(fields) - 2))
    for field in fields:
        one = _member(field)
        weighing.points += one.points / len(fields)
        weighing.evidence += [f"{field.column.name}: {reason}" for reason in one.evidence]
        weighing.against += [f"{field.column.name}: {reason}" for reason in one.against]
    weighing.points += points_from_rows(fields[0].column.rows)
    return weighing


def _member(field: Field) -> Weighing:
    """Weigh whether a column is a part of the key."""
    name = field.name
    weighing = Weighing(points=0.0)
    if name.is_key:
        weighing.add(2.0, "named as a key")
    elif name.is_temporal or field.kind not in (ColumnClass.STRING, ColumnClass.INTEGER):
        weighing.add(1.0, "a time")
    elif name.is_numbering:
        weighing.add(1.0, "named as a number of rows")
    elif field.is_measure:
        weighing.add(-2.0, "named as a measure")
    elif name.is_title:
        weighing.add(-0.5, "named as a text for people")
    elif field.kind == ColumnClass.STRING:
        weighing.add(0.5, "a text")
    if field.mean_length > LONG:
        weighing.add(-1.5, f"{field.mean_length:.0f} characters long on average")
    if field.place == 0:
        weighing.add(1.0, "first column")
    else:
        weighing.add(-0.25 * min(field.place, 10), f"column {field.place + 1}")
    return weighing


def points_from_rows(rows: int) -> float:
    """Return points for being unique: few rows are so by accident."""
    return min(1.5, math.log10(rows) / 2 + 0.25)
