"""A column of a table: its class, how sure that is, and its profile."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from discovery.table.column_class import ColumnClass, Reading
from discovery.table.places import Place
from discovery.table.profile import Profile
from registry.inference.schema import DIALECT

JSONSchema = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Contradictions:
    """Cells that are not of their column's class."""

    count: int = 0
    places: tuple[Place, ...] = ()
    """The first of them."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A typed column."""

    name: str
    identifier: str
    """The name of the column in the relation that holds the texts of the table."""
    reading: Reading
    profile: Profile
    rivals: tuple[Reading, ...] = ()
    """Other readings that fit every cell as well."""
    contradictions: Contradictions = Contradictions()
    missing: dict[str, int] = field(default_factory=dict)
    """Words that stand for missing values, each with its cells."""

    @property
    def kind(self) -> ColumnClass:
        """The class of the values."""
        return self.reading.kind

    @property
    def nullable(self) -> bool:
        """Whether a row has no value here."""
        return self.profile.nulls > 0

    @property
    def schema_type(self) -> str:
        """The JSON type of the values."""
        return _SCHEMAS[self.kind][0]

    @property
    def certainty(self) -> float:
        """How sure the class is, above 0 and below 1.

        By Laplace's rule of succession: of v cells that fit the class and c that contradict it,
        (v + 1) / (v + c + 2) is the chance that the next one fits. It is divided among the
        readings that fit all cells equally. Empty cells and missing-value words tell nothing.
        """
        values = self.profile.rows - self.profile.nulls
        chance = (values + 1) / (values + self.contradictions.count + 2)
        return chance / (1 + len(self.rivals))

    def schema(self) -> JSONSchema:
        """Return the JSON Schema of a value of the column in a record."""
        types, keywords = _SCHEMAS[self.kind]
        schema: JSONSchema = {"type": [types, "null"] if self.nullable else types}
        if self.kind in _FORMATS and self.reading.standard:
            schema["format"] = _FORMATS[self.kind]
        elif self.kind in _MOMENTS and self.reading.format:
            schema["x-format"] = self.reading.format
        return schema | keywords


def record_schema(columns: Sequence[Column], *, with_required: bool = True) -> JSONSchema:
    """Return the JSON Schema (2020-12) of one record with some columns; full ones are required."""
    required = [column.name for column in columns if with_required and not column.nullable]
    return {
        "$schema": DIALECT,
        "type": "object",
        "properties": {column.name: column.schema() for column in columns},
        **({"required": required} if required else {}),
    }


_SCHEMAS: Final[dict[ColumnClass, tuple[str, JSONSchema]]] = {
    ColumnClass.STRING: ("string", {}),
    ColumnClass.INTEGER: ("integer", {}),
    ColumnClass.NUMBER: ("number", {}),
    ColumnClass.BOOLEAN: ("boolean", {}),
    ColumnClass.DATE: ("string", {"x-type": "date"}),
    ColumnClass.DATETIME: ("string", {"x-type": "datetime"}),
    ColumnClass.TIME: ("string", {"x-type": "time"}),
    ColumnClass.YEAR: ("integer", {"x-type": "year"}),
    ColumnClass.YEARMONTH: ("string", {"x-type": "yearmonth"}),
}
_FORMATS: Final = {ColumnClass.DATE: "date", ColumnClass.DATETIME: "date-time"}
_MOMENTS: Final = (
    ColumnClass.DATE,
    ColumnClass.DATETIME,
    ColumnClass.TIME,
    ColumnClass.YEARMONTH,
)
