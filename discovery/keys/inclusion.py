"""How much of the keys in one column is among those of another."""

from dataclasses import dataclass
from typing import Final

from discovery.keys.field import Field

SEPARATORS: Final = (";", ",", "|", " ")


@dataclass(frozen=True, kw_only=True, eq=False)
class Source:
    """A column that may refer to keys; with a separator, its cells are lists of keys."""

    field: Field
    separator: str | None = None

    @property
    def number(self) -> int:
        """A number that no other column or list has."""
        kind = SEPARATORS.index(self.separator) + 1 if self.separator else 0
        return self.field.number * (len(SEPARATORS) + 1) + kind


@dataclass(frozen=True, kw_only=True)
class Inclusion:
    """How much of the keys in one column is among those of another."""

    cells: int = 0
    """Keys, each as often as it occurs."""
    covered_cells: int = 0
    distinct: int = 0
    covered: int = 0
    """Different keys of the source that are keys of the target."""
    target_distinct: int = 0

    @property
    def coverage(self) -> float:
        """Share of the cells whose keys are in the target."""
        return self.covered_cells / self.cells if self.cells else 0.0

    @property
    def reached(self) -> float:
        """Share of the target's keys that occur in the source."""
        return self.covered / self.target_distinct if self.target_distinct else 0.0


NOTHING: Final = Inclusion()
Pair = tuple[Source, Source]
