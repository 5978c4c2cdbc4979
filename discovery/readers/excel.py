"""Workbooks: each sheet with cells is a table."""

import csv
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import python_calamine

from discovery.dialect import Dialect, sniff
from discovery.files import Kind, UnreadableFile
from discovery.readers.findings import Findings
from discovery.readers.part import Part
from discovery.readers.tables import table_findings
from discovery.table import read_table

_SHEET = Dialect(encoding="utf-8", delimiter=",", quote='"', escape='"', skip=0, header=1)


def read_workbooks(parts: Sequence[Part]) -> Iterator[Findings]:
    """Yield what there is to know of each sheet that has cells.

    Raises:
        UnreadableFile: a workbook is damaged, protected, or has no cells.
    """
    for part in parts:
        try:
            filled = [(name, rows) for name, rows in _sheets(part.path) if any(map(any, rows))]
        except (python_calamine.CalamineError, OSError) as error:
            raise UnreadableFile(f"is no readable workbook: {error}") from None
        if not filled:
            raise UnreadableFile("the workbook has no cells")
        for name, rows in filled:
            found = _sheet_findings(rows)
            yield replace(found, suffix=name if len(filled) > 1 else "")


def _sheets(path: Path) -> Iterator[tuple[str, list[list[Any]]]]:
    workbook = python_calamine.load_workbook(str(path))
    for name in workbook.sheet_names:
        yield name, workbook.get_sheet_by_name(name).to_python()


def _sheet_findings(rows: Sequence[Sequence[Any]]) -> Findings:
    """Write a sheet as a text table, so that its header and types are told by the same rules."""
    with tempfile.TemporaryDirectory(prefix="discovery-") as folder:
        path = Path(folder, "sheet.csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([_text(value) for value in row] for row in rows)
        sniffed, doubts = sniff(path)
        dialect = replace(_SHEET, skip=sniffed.skip, header=sniffed.header, footer=sniffed.footer)
        with read_table(path, dialect) as table:
            found = table_findings(table)
    return replace(found, kind=Kind.EXCEL, dialect=None, doubts=[*doubts, *found.doubts])


def _text(value: Any) -> str:
    """Return a cell as text: dates as in ISO 8601, whole numbers without a decimal point."""
    match value:
        case bool():
            return str(value).lower()
        case float() if value.is_integer() and abs(value) < 2**53:
            return str(int(value))
        case datetime() | date() | time():
            return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
        case timedelta():
            return str(value)
        case _:
            return str(value)
