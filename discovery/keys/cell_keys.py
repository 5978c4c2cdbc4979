"""The key that a cell holds, and its hash, as DuckDB's SQL tells them."""

from typing import Final

from discovery.keys.field import KeyColumn
from discovery.table import ColumnClass
from discovery.table.missing import MISSING

_WHOLE: Final = 2.0**53
"""Floats below it tell whole numbers apart."""
_WORDS: Final = ", ".join(f"'{word}'" for word in sorted(MISSING))


def hash_of(column: KeyColumn) -> str:
    """Return the SQL of the hash of the key in a cell; 0 where there is no key."""
    key = key_of(column)
    return f"CASE WHEN ({key}) IS NOT NULL THEN (hash({key}) >> 32)::UINTEGER ELSE 0 END"


def key_of(column: KeyColumn) -> str:
    """Return the SQL of the key in a cell, a text; null for no value or a missing-value word.

    Numbers are compared by value, other keys by their trimmed texts: 01 is not 1, but 1.0 is.
    """
    reading = column.reading
    value = f"({reading.of(column.identifier)})"
    if reading.kind == ColumnClass.NUMBER:
        whole = f"{value} = trunc({value}) AND abs({value}) < {_WHOLE}"
        return f"CASE WHEN {whole} THEN CAST(CAST({value} AS BIGINT) AS VARCHAR) END"
    if reading.kind in (ColumnClass.INTEGER, ColumnClass.YEAR) and reading.exact:
        return f"CAST({value} AS VARCHAR)"
    text = f"trim(CAST({column.identifier} AS VARCHAR))"
    return f"CASE WHEN lower({text}) NOT IN ({_WORDS}) THEN {text} END"
