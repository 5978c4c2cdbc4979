"""The columns of all tables of a scan, as far as keys depend on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

import duckdb

from discovery.keys.names import ColumnName, Words, column_names, table_words
from discovery.table import ColumnClass, Profile, Reading
from discovery.table.missing import MISSING


class KeyColumn(Protocol):
    """What has to be known of a column."""

    @property
    def name(self) -> str:
        """The name that people know."""

    @property
    def identifier(self) -> str:
        """The name in the relation, as SQL writes it."""

    @property
    def reading(self) -> Reading:
        """The class of its values."""

    @property
    def profile(self) -> Profile:
        """Its counts, extremes, quantiles and lengths."""


class KeyTable(Protocol):
    """What has to be known of a table: the tables of a scan share one connection."""

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The database that holds the relation."""

    @property
    def relation(self) -> str:
        """The name of a relation with the columns."""

    @property
    def columns(self) -> Sequence[KeyColumn]:
        """The columns in their order."""


_WHOLE: Final = 2.0**53
_LONGEST: Final = 64
"""Characters up to which a text is taken for a key, on average (a SHA-256 in hexadecimal)."""
_WORDS: Final = ", ".join(f"'{word}'" for word in sorted(MISSING))


@dataclass(frozen=True, kw_only=True, eq=False)
class Field:
    """A column of a table of the scan."""

    number: int
    """Its place among the columns of all tables."""
    table: str
    entity: Words
    place: int
    width: int
    """The number of columns in the table."""
    name: ColumnName
    column: KeyColumn

    @property
    def kind(self) -> ColumnClass:
        """The class of the values."""
        return self.column.reading.kind

    @property
    def profile(self) -> Profile:
        """The profile of the column."""
        return self.column.profile

    @property
    def values(self) -> int:
        """The number of cells with a value."""
        return self.profile.rows - self.profile.nulls

    @property
    def is_unique(self) -> bool:
        """Whether no value occurs twice, and there is one."""
        return 0 < self.values == self.profile.distinct

    @property
    def is_complete(self) -> bool:
        """Whether every row has a value."""
        return self.profile.nulls == 0 < self.profile.rows

    @property
    def mean_length(self) -> float:
        """Characters of a text, on average."""
        return self.profile.lengths.mean if self.profile.lengths else 0.0

    @cached_property
    def can_hold_keys(self) -> bool:
        """Whether values of this class identify things: whole numbers and texts that are short."""
        if self.kind in (ColumnClass.STRING, ColumnClass.INTEGER):
            return self.mean_length <= _LONGEST
        if self.kind == ColumnClass.NUMBER:  # whole numbers beside gaps are often written as 3.0
            return _all_whole(self.profile)
        return self.kind in (ColumnClass.DATE, ColumnClass.YEAR)

    @property
    def is_measure(self) -> bool:
        """Whether the name is that of a count or a measure, and the values are no texts."""
        return self.name.is_measure and self.kind != ColumnClass.STRING

    @property
    def is_numbering(self) -> bool:
        """Whether the values are the numbers of the rows, from 0 or 1 on."""
        low, high = self.profile.minimum, self.profile.maximum
        if self.kind != ColumnClass.INTEGER or not isinstance(low, int):
            return False
        if not isinstance(high, int) or not self.is_unique or not self.is_complete:
            return False
        return low in (0, 1) and high - low + 1 == self.profile.rows > 1

    @property
    def is_integer(self) -> bool:
        """Whether the keys are whole numbers."""
        return self.kind in (ColumnClass.INTEGER, ColumnClass.NUMBER, ColumnClass.YEAR)

    @property
    def key(self) -> str:
        """SQL of the key in a cell, a text; null for an empty cell or a missing-value word.

        Numbers are compared by value, other keys by their trimmed texts: 01 is not 1, but 1.0 is.
        """
        identifier, reading = self.column.identifier, self.column.reading
        value = f"({reading.of(identifier)})"
        if self.kind == ColumnClass.NUMBER:
            whole = f"{value} = trunc({value}) AND abs({value}) < {_WHOLE}"
            return f"CASE WHEN {whole} THEN CAST(CAST({value} AS BIGINT) AS VARCHAR) END"
        if self.is_integer and reading.exact:
            return f"CAST({value} AS VARCHAR)"
        text = f"trim(CAST({identifier} AS VARCHAR))"
        return f"CASE WHEN lower({text}) NOT IN ({_WORDS}) THEN {text} END"


def fields_of(tables: Mapping[str, KeyTable]) -> list[Field]:
    """Return the columns of the tables, ordered by the names of the tables and their places."""
    entities = table_words(sorted(tables))
    fields: list[Field] = []
    for table in sorted(tables):
        columns = tables[table].columns
        names = column_names([column.name for column in columns])
        for place, (column, name) in enumerate(zip(columns, names, strict=True)):
            fields.append(
                Field(
                    number=len(fields),
                    table=table,
                    entity=entities[table],
                    place=place,
                    width=len(columns),
                    name=name,
                    column=column,
                )
            )
    return fields


def _all_whole(profile: Profile) -> bool:
    """Return whether the values that the profile shows are whole numbers."""
    shown = [profile.minimum, profile.maximum, *profile.quantiles.values()]
    shown += [top.value for top in profile.top_values]
    numbers = [value for value in shown if isinstance(value, int | float)]
    return bool(numbers) and all(value == int(value) for value in numbers)
