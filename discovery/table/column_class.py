"""What the values of a column are, and how their texts are read."""

from dataclasses import dataclass
from enum import StrEnum


class ColumnClass(StrEnum):
    """The class of a column's values."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    YEAR = "year"
    YEARMONTH = "yearmonth"


class Plain(StrEnum):
    """A spelling that programs write; the value of `Reading.value` for it is the same."""

    INTEGER = "-?[1-9][0-9]*|0"
    NUMBER = "-?([1-9][0-9]*|0)?.[0-9]*([eE][+-]?[0-9]+)?"
    DATE = "%Y-%m-%d"
    DATETIME = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A way to read the texts of a column as values of one class."""

    kind: ColumnClass
    value: str
    """SQL that gives the value of the text `{v}`, and null for a text that is not read so."""
    format: str | None = None
    """How dates and times are written, with the directives of `strptime`."""
    standard: bool = True
    """Whether dates and times are written as RFC 3339 writes them."""
    plain: Plain | None = None
    """The spelling of every text, if it is a plain one."""
    exact: bool = True
    """Whether different texts of a number give different values (not so beyond 64 bits)."""

    def of(self, column: str) -> str:
        """Return the SQL of the value of a column."""
        return self.value.replace("{v}", column)


TEXT = Reading(kind=ColumnClass.STRING, value="{v}")
