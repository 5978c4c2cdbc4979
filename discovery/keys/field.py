"""The columns of all tables of a scan, as far as keys depend on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import duckdb

from discovery.keys.names import ColumnName, Words, column_names, table_words
from discovery.keys.table_evidence import ColumnEvidence
from discovery.table import ColumnClass, Profile, Reading


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


TOLERANCE: Final = 0.02
"""Share of the cells that may hold no key without hiding a reference."""


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
    column: ColumnEvidence

    @property
    def kind(self) -> ColumnClass:
        """The class of the values."""
        return self.column.kind

    @property
    def values(self) -> int:
        """The number of cells with a value."""
        return self.column.rows - self.column.nulls

    @property
    def is_unique(self) -> bool:
        """Whether no value occurs twice, and there is one."""
        return 0 < self.values == self.column.distinct

    @property
    def is_complete(self) -> bool:
        """Whether every row has a value."""
        return self.column.nulls == 0 < self.column.rows

    @property
    def mean_length(self) -> float:
        """Characters of a text, on average."""
        return self.column.lengths.mean if self.column.lengths else 0.0

    @property
    def can_hold_keys(self) -> bool:
        """Whether values of this class and length identify things."""
        return self.column.holds_keys

    @property
    def is_target(self) -> bool:
        """Whether the column can be referred to: it is unique and complete, but for a few rows."""
        if not self.can_hold_keys or self.column.null_share > TOLERANCE:
            return False
        return self.values > 0 and self.column.distinct >= (1 - TOLERANCE) * self.values

    @property
    def is_measure(self) -> bool:
        """Whether the name is that of a count or a measure, and the values are no texts."""
        return self.name.is_measure and self.kind != ColumnClass.STRING

    @property
    def is_numbering(self) -> bool:
        """Whether the values are the numbers of the rows, from 0 or 1 on."""
        low, high = self.column.minimum, self.column.maximum
        if self.kind != ColumnClass.INTEGER or not isinstance(low, int):
            return False
        if not isinstance(high, int) or not self.is_unique or not self.is_complete:
            return False
        return low in (0, 1) and high - low + 1 == self.column.rows > 1

    @property
    def is_integer(self) -> bool:
        """Whether the keys are whole numbers."""
        return self.kind in (ColumnClass.INTEGER, ColumnClass.NUMBER, ColumnClass.YEAR)


def fields_of(tables: Mapping[str, Sequence[ColumnEvidence]]) -> list[Field]:
    """Return the columns of the tables, ordered by the names of the tables and their places."""
    entities = table_words(sorted(tables))
    fields: list[Field] = []
    for table in sorted(tables):
        columns = tables[table]
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
