"""What speaks for and against the classes of columns, with the lines it stands on."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from discovery.dialect import Dialect, Doubt
from discovery.table.cells import Cells
from discovery.table.column import Column, Contradictions
from discovery.table.column_class import ColumnClass
from discovery.table.inference import ColumnFindings
from discovery.table.places import Place, first_rows, lines_of

_MOST_PLACES: Final = 5
_MOMENTS: Final = (ColumnClass.DATE, ColumnClass.DATETIME, ColumnClass.TIME, ColumnClass.YEARMONTH)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Finds the places in a file that findings speak of."""

    path: Path
    dialect: Dialect
    cells: Cells
    names: Sequence[str]

    def columns(self, findings: Sequence[ColumnFindings]) -> tuple[list[Column], list[Doubt]]:
        """Return the columns, with the first places that contradict them, and all doubts."""
        rows = [
            self._rows(place, found.contradicting or found.codes)
            for place, found in enumerate(findings)
        ]
        numbers = {number for found in rows for number, _ in found}
        lines = lines_of(self.path, self.dialect, len(self.names), numbers, self.cells.rows)
        columns: list[Column] = []
        doubts: list[Doubt] = []
        for place, found in enumerate(findings):
            places = tuple(
                Place(row=row + 1, line=lines[row], text=text)
                for row, text in rows[place]
                if row in lines
            )
            contradicting = found.contradicting.total()
            columns.append(
                Column(
                    name=self.names[place],
                    identifier=f"c{place}",
                    reading=found.verdict.reading,
                    profile=found.profile,
                    rivals=found.verdict.rivals,
                    contradictions=Contradictions(
                        count=contradicting, places=places if contradicting else ()
                    ),
                    missing=dict(found.missing),
                )
            )
            doubts += _doubts(self.names[place], found, places)
        return columns, doubts

    def _rows(self, place: int, texts: Collection[str]) -> list[tuple[int, str]]:
        return first_rows(self.cells, place, texts, _MOST_PLACES) if texts else []


def _doubts(name: str, found: ColumnFindings, places: Sequence[Place]) -> Iterator[Doubt]:
    reading, line = found.verdict.reading, places[0].line if places else None
    for text, cells in found.contradicting.items():
        yield Doubt(
            line=next((place.line for place in places if place.text == text), None),
            message=f"{name}: {text!r} ({cells} cells) is no {reading.kind}; taken for missing",
        )
    if found.codes:
        message = f"{name}: digits after a leading zero ({places[0].text!r}) make it a string"
        yield Doubt(line=line, message=message)
    if reading.kind in _MOMENTS and reading.format is None:
        yield Doubt(line=None, message=f"{name}: {reading.kind}s are written in several formats")
    if not found.verdict.rivals:
        return
    if reading.kind in _MOMENTS:
        message = f"{name}: day and month may be in each other's place; read as {reading.format}"
        yield Doubt(line=None, message=message)
    elif found.verdict.rivals[0].kind != ColumnClass.BOOLEAN:
        meaning = "group digits" if reading.kind == ColumnClass.INTEGER else "begin decimals"
        yield Doubt(line=None, message=f"{name}: commas may be of two kinds; they {meaning} here")
