"""What the profile of a column says to its keys."""

from typing import Final

from discovery.keys.field import KeyColumn
from discovery.keys.table_evidence import ColumnEvidence
from discovery.table import ColumnClass, Profile

_LONGEST_KEY: Final = 64
"""Characters up to which a text is taken for a key, on average (a SHA-256 in hexadecimal)."""


def facts_of(column: KeyColumn) -> ColumnEvidence:
    """Return what the profile of a column says to its keys."""
    profile = column.profile
    return ColumnEvidence(
        name=column.name,
        kind=column.reading.kind,
        rows=profile.rows,
        nulls=profile.nulls,
        distinct=profile.distinct,
        minimum=_number(profile.minimum),
        maximum=_number(profile.maximum),
        quantiles={
            name: number
            for name, value in profile.quantiles.items()
            if (number := _number(value)) is not None
        },
        lengths=profile.lengths,
        holds_keys=_can_hold_keys(column),
    )


def _number(value: object) -> int | float | None:
    if isinstance(value, int) and abs(value) >= 2**63:
        return float(value)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _can_hold_keys(column: KeyColumn) -> bool:
    """Return whether values of this class identify things: whole numbers and texts that are short.

    Whole numbers beside gaps are often written as 3.0.
    """
    profile = column.profile
    match column.reading.kind:
        case ColumnClass.STRING | ColumnClass.INTEGER:
            return profile.lengths is None or profile.lengths.mean <= _LONGEST_KEY
        case ColumnClass.NUMBER:
            return _all_whole(profile)
        case kind:
            return kind in (ColumnClass.DATE, ColumnClass.YEAR)


def _all_whole(profile: Profile) -> bool:
    """Return whether the values that the profile shows are whole numbers."""
    shown = [profile.minimum, profile.maximum, *profile.quantiles.values()]
    shown += [top.value for top in profile.top_values]
    numbers = [value for value in shown if isinstance(value, int | float)]
    return bool(numbers) and all(value == int(value) for value in numbers)
