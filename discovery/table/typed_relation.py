"""Profiles of relations whose columns have types already, such as Parquet files."""

from dataclasses import dataclass
from typing import Final

import duckdb

from discovery.table.column_class import ColumnClass, Reading
from discovery.table.connection import quoted
from discovery.table.profile import Profile, Profiler

_CLASSES: Final = {
    "BOOLEAN": ColumnClass.BOOLEAN,
    "TINYINT": ColumnClass.INTEGER,
    "SMALLINT": ColumnClass.INTEGER,
    "INTEGER": ColumnClass.INTEGER,
    "BIGINT": ColumnClass.INTEGER,
    "UTINYINT": ColumnClass.INTEGER,
    "USMALLINT": ColumnClass.INTEGER,
    "UINTEGER": ColumnClass.INTEGER,
    "FLOAT": ColumnClass.NUMBER,
    "DOUBLE": ColumnClass.NUMBER,
    "DATE": ColumnClass.DATE,
    "TIME": ColumnClass.TIME,
    "TIMESTAMP": ColumnClass.DATETIME,
    "TIMESTAMP_S": ColumnClass.DATETIME,
    "TIMESTAMP_MS": ColumnClass.DATETIME,
    "TIMESTAMP_NS": ColumnClass.DATETIME,
    "TIMESTAMP WITH TIME ZONE": ColumnClass.DATETIME,
}
_WIDE_INTEGERS: Final = ("UBIGINT", "HUGEINT", "UHUGEINT")


@dataclass(frozen=True, kw_only=True)
class TypedColumn:
    """A column of a typed relation."""

    name: str
    type: str
    """The type in DuckDB's words."""
    reading: Reading
    profile: Profile


def profile_relation(connection: duckdb.DuckDBPyConnection, relation: str) -> list[TypedColumn]:
    """Return the columns of a table or view, with their classes and profiles.

    Nested values and others that have no class of their own are profiled as texts.
    """
    described = connection.execute(f'DESCRIBE "{relation}"').fetchall()
    ((rows,),) = connection.execute(f'SELECT count(*) FROM "{relation}"').fetchall()  # noqa: S608
    columns = []
    for name, type_, *_ in described:
        reading = _reading(type_)
        column = quoted(name)
        is_text = reading.kind == ColumnClass.STRING or not reading.exact
        if is_text and type_ != "VARCHAR":
            column = f"CAST({column} AS VARCHAR)"
        profiler = Profiler(connection=connection, relation=relation, rows=rows)
        profile = profiler.profile(column, reading)
        columns.append(TypedColumn(name=name, type=type_, reading=reading, profile=profile))
    return columns


def _reading(type_: str) -> Reading:
    if type_.startswith("DECIMAL"):
        return Reading(kind=ColumnClass.NUMBER, value="{v}::DOUBLE")
    if type_ in _WIDE_INTEGERS:
        return Reading(kind=ColumnClass.INTEGER, value="{v}::DOUBLE", exact=False)
    if type_ in ("FLOAT", "DOUBLE"):
        return Reading(
            kind=ColumnClass.NUMBER, value="CASE WHEN isfinite({v}) THEN {v}::DOUBLE END"
        )
    return Reading(kind=_CLASSES.get(type_, ColumnClass.STRING), value="{v}")
