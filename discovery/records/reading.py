"""What was read of some records: their shape, and what the reader should know."""

from dataclasses import dataclass, field
from typing import Final, Self

from discovery.dialect import Doubt
from registry.inference import Shape

MOST_DOUBTS: Final = 100
"""Doubts that are kept; the others are only counted."""


@dataclass(slots=True)
class Reading:
    """The result of reading one part after the other; parts merge in the order of the file.

    Attributes:
        shape: the shape of the records.
        records: how many there were.
        lines: how many lines were read, blank and broken ones too.
        broken: how many lines, elements or files were not JSON and were passed over.
        doubts: the first of these, with their lines counted from the beginning of the part.
    """

    shape: Shape = field(default_factory=Shape)
    records: int = 0
    lines: int = 0
    broken: int = 0
    doubts: list[Doubt] = field(default_factory=list)

    def doubt(self, line: int | None, message: str) -> None:
        """Count something broken, and keep what there is to say of it."""
        self.broken += 1
        if len(self.doubts) < MOST_DOUBTS:
            self.doubts.append(Doubt(line=line, message=message))

    def merge(self, following: Self) -> Self:
        """Take in the reading of the part that follows, and return this one."""
        self.shape.merge(following.shape)
        for doubt in following.doubts[: MOST_DOUBTS - len(self.doubts)]:
            line = None if doubt.line is None else self.lines + doubt.line
            self.doubts.append(Doubt(line=line, message=doubt.message))
        self.records += following.records
        self.lines += following.lines
        self.broken += following.broken
        return self
