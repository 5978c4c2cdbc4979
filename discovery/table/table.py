"""A text table with typed and profiled columns."""

import tempfile
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import duckdb

from discovery.dialect import Dialect, Doubt, sniff
from discovery.table.cells import CellStore
from discovery.table.column import Column, JSONSchema, record_schema
from discovery.table.column_class import ColumnClass
from discovery.table.connection import new_connection
from discovery.table.evidence import Evidence
from discovery.table.inference import all_findings
from discovery.table.layout import layout_of
from discovery.table.reading import IN_MEMORY, CellReader

_NUMBERED: Final = count(1)


@dataclass(frozen=True, kw_only=True)
class Table:
    """A text table that was read; a context manager that frees what it holds."""

    path: Path
    dialect: Dialect
    rows: int
    columns: list[Column]
    doubts: list[Doubt]
    connection: duckdb.DuckDBPyConnection
    relation: str
    """Name of the relation in the connection that has the texts of the cells, null where empty.

    Its columns have the identifiers of `columns`.
    """
    _folder: tempfile.TemporaryDirectory[str] | None = field(default=None, repr=False)

    def schema(self) -> JSONSchema:
        """Return the JSON Schema (2020-12) of one record; it accepts every record of the table."""
        return record_schema(self.columns, with_required=self.rows > 0)

    def sample(self, most: int) -> list[dict[str, Any]]:
        """Return the first records as JSON values; dates and times are texts as they stand."""
        if not self.columns:
            return []
        values = ", ".join(_json_value(column) for column in self.columns)
        rows = self.connection.execute(
            f'SELECT {values} FROM "{self.relation}" LIMIT {most:d}'  # noqa: S608
        ).fetchall()
        inexact = {column.name for column in self.columns if not column.reading.exact}
        names = [column.name for column in self.columns]
        return [
            {
                name: int(value) if name in inexact and value is not None else value
                for name, value in zip(names, row, strict=True)
            }
            for row in rows
        ]

    def close(self) -> None:
        """Drop the relation and the files behind it."""
        self.connection.execute(f'DROP VIEW IF EXISTS "{self.relation}"')
        if self._folder:
            self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def read_table(
    path: Path | str,
    dialect: Dialect | None = None,
    *,
    connection: duckdb.DuckDBPyConnection | None = None,
) -> Table:
    """Read a text table, decide the class of each column over all rows, and profile it.

    Every file gives a table: what is not well-formed is read tolerantly and told as doubts.

    Args:
        path: the file.
        dialect: how it is written; sniffed by default.
        connection: where the texts are to be kept; one of its own by default.

    Raises:
        OSError: the file is missing or cannot be read.
    """
    path = Path(path)
    doubts: list[Doubt] = []
    if dialect is None:
        dialect, doubts = sniff(path)
    layout = layout_of(path, dialect)
    large = path.stat().st_size > IN_MEMORY
    folder = tempfile.TemporaryDirectory(prefix="table-") if large or not connection else None
    connection = connection or new_connection(folder.name if folder else None)
    name = f"cells_{next(_NUMBERED)}"

    def new_store() -> CellStore:
        file = Path(folder.name, f"{name}.parquet") if large and folder else None
        return CellStore(connection, name, file)

    reader = CellReader(path=path, dialect=dialect, layout=layout, new_store=new_store)
    cells, more = reader.read()
    findings = all_findings(cells, layout.names, dialect.delimiter)
    evidence = Evidence(path=path, dialect=dialect, cells=cells, names=layout.names)
    columns, told = evidence.columns(findings)
    return Table(
        path=path,
        dialect=dialect,
        rows=cells.rows,
        columns=columns,
        doubts=[*doubts, *more, *told],
        connection=connection,
        relation=name,
        _folder=folder,
    )


def _json_value(column: Column) -> str:
    """Return the SQL of the JSON value of a cell."""
    value = column.reading.of(column.identifier)
    if column.kind in (ColumnClass.INTEGER, ColumnClass.YEAR) and not column.reading.exact:
        return f"CASE WHEN {value} IS NOT NULL THEN trim({column.identifier}) END"
    if column.kind in _PLAIN:
        return value
    return f"CASE WHEN ({value}) IS NOT NULL THEN {column.identifier} END"


_PLAIN: Final = (
    ColumnClass.STRING,
    ColumnClass.INTEGER,
    ColumnClass.NUMBER,
    ColumnClass.BOOLEAN,
    ColumnClass.YEAR,
)
