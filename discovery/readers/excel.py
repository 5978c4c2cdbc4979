"""Workbooks: each sheet with cells is a table."""

import csv
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import python_calamine
from python_calamine import SheetTypeEnum

from discovery.dialect import Dialect, Doubt, sniff
from discovery.files import Kind, UnreadableFile, printable
from discovery.readers.findings import Findings
from discovery.readers.part import Part
from discovery.readers.tables import opened_table, table_findings
from discovery.readers.united_table import UNITED

Rows = list[list[Any]]

_FIRST_ROWS = 100


def read_workbooks(parts: Sequence[Part]) -> Iterator[Findings]:
    """Yield what there is to know of each sheet that has cells.

    Sheets of one name in several workbooks are one table; so are the only sheets of all workbooks,
    whatever they are called.

    Raises:
        UnreadableFile: a workbook is damaged, protected, or has no cells.
        UnequalParts: sheets of one name have different columns.
    """
    with sheets_of(parts) as sheets:
        found = [(name, _findings(some)) for name, some in sheets.items()]
    for name, findings in found:
        yield replace(findings, suffix=name if len(found) > 1 else "")


@contextmanager
def sheets_of(parts: Sequence[Part]) -> Iterator[dict[str, list[Part]]]:
    """Yield the sheets of workbooks as text tables, by their names; they are gone afterwards.

    Raises:
        UnreadableFile: a workbook is damaged, protected, or has no cells.
    """
    with tempfile.TemporaryDirectory(prefix="discovery-") as folder:
        tables: list[tuple[str, Part]] = []
        for part in parts:
            for name, rows in _sheets(part):
                path = Path(folder, f"{len(tables)}.csv")
                _write(rows, path)
                tables.append((name, replace(part, path=path)))
        are_alone = len(tables) == len(parts)
        sheets: dict[str, list[Part]] = {}
        for name, table in tables:
            sheets.setdefault("" if are_alone else name, []).append(table)
        yield sheets


def workbook_headers(part: Part) -> tuple[list[str], ...]:
    """Return the first rows of the sheets of a workbook that have cells; none if it is damaged."""
    try:
        return tuple([_text(cell) for cell in rows[0]] for _, rows in _sheets(part, _FIRST_ROWS))
    except UnreadableFile:
        return ()


def _sheets(part: Part, most: int | None = None) -> list[tuple[str, Rows]]:
    """Return the sheets that have cells, by their names, up to so many rows of each."""
    try:
        workbook = python_calamine.load_workbook(str(part.path))
        sheets = [
            (each.name, workbook.get_sheet_by_name(each.name).to_python(nrows=most))
            for each in workbook.sheets_metadata
            if each.typ is SheetTypeEnum.WorkSheet
        ]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        reason = f"{printable(part.relative)} is no readable workbook: {error}"
        raise UnreadableFile(reason.replace(str(part.path), "it")) from None
    filled = [(name, rows) for name, rows in sheets if _has_cells(rows)]
    if not filled:
        raise UnreadableFile(f"{printable(part.relative)} has no cells")
    return filled


def _has_cells(rows: Rows) -> bool:
    return any(cell != "" for row in rows for cell in row)


def _write(rows: Rows, path: Path) -> None:
    """Write a sheet as a text table, so that its header and types are told by the same rules."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([_text(cell) for cell in row] for row in rows)


def _findings(sheets: Sequence[Part]) -> Findings:
    with opened_table(sheets, sniffer=sniff_sheet) as table:
        return replace(table_findings(table), kind=Kind.EXCEL, dialect=None)


def sniff_sheet(path: Path) -> tuple[Dialect, list[Doubt]]:
    """Return how a sheet was written as a text table, and what is doubtful about its rows."""
    sniffed, doubts = sniff(path)
    dialect = replace(UNITED, skip=sniffed.skip, header=sniffed.header, footer=sniffed.footer)
    # What is doubtful of the text is our own doing; what is doubtful of a row is the sheet's.
    return dialect, [doubt for doubt in doubts if doubt.line is not None]


def _text(value: Any) -> str:
    """Return a cell as text: dates as in ISO 8601, whole numbers without a decimal point."""
    match value:
        case bool():
            return str(value).lower()
        case float() if value.is_integer() and abs(value) < 2**53:
            return str(int(value))
        case datetime():
            return value.isoformat(" ")
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)
