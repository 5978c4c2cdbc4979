"""Parquet files: typed tables, or records where columns are nested."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

import duckdb
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from discovery.files import Kind, UnreadableFile, printable
from discovery.readers.findings import Findings
from discovery.readers.part import Part, UnequalParts
from discovery.readers.typed_tables import typed_findings, valid_json
from discovery.records import shape_of_lines
from discovery.records.reading import Reading
from discovery.table import new_connection, quoted
from registry.inference import field_statistics, infer_schema
from registry.sample import SAMPLE_RECORDS

_ROWS: Final = 10_000
_RELATION: Final = "parts of the dataset"
"""No column is likely to be called like this."""


def read_parquet(parts: Sequence[Part]) -> Iterator[Findings]:
    """Yield what there is to know of a dataset in Parquet files with the same columns.

    Raises:
        UnequalParts: they have different columns, or columns of types that do not unite.
        UnreadableFile: a file is damaged.
    """
    with new_connection() as connection:
        relations = [_relation(connection, part) for part in parts]
        try:
            _united(relations, parts).create_view(_RELATION)
        except duckdb.Error as error:
            raise UnequalParts(_first_line(error)) from None
        try:
            if any(_is_of_records(str(kind)) for kind in relations[0].types):
                yield _findings_of_records(connection)
            else:
                yield typed_findings(connection, _RELATION, Kind.PARQUET)
        except duckdb.ConversionException as error:
            raise UnequalParts(_first_line(error)) from None
        except duckdb.Error as error:
            raise UnreadableFile(_first_line(error)) from None


def parquet_records(part: Part) -> Iterator[Any]:
    """Yield the records of a Parquet file.

    Raises:
        UnreadableFile: it is damaged.
    """
    with new_connection() as connection:
        _relation(connection, part).create_view(_RELATION)
        try:
            for line in _lines(connection):
                yield orjson.loads(line)
        except duckdb.Error as error:
            raise UnreadableFile(_first_line(error)) from None


def parquet_columns(part: Part) -> frozenset[str]:
    """Return the names of the columns of a Parquet file; none if it is damaged."""
    try:
        return frozenset(pq.read_schema(part.path).names)
    except (pa.ArrowException, OSError):
        return frozenset()


def _relation(connection: duckdb.DuckDBPyConnection, part: Part) -> duckdb.DuckDBPyRelation:
    """Return the rows of a file with the fields that its folders tell."""
    try:
        rows = connection.read_parquet(str(part.path), hive_partitioning=False)
    except duckdb.Error as error:
        reason = f"{printable(part.relative)} is no readable Parquet file: {_first_line(error)}"
        raise UnreadableFile(reason.replace(str(part.path), "it")) from None
    own = {name.casefold() for name in rows.columns}
    told = [
        f"{_literal(value)} AS {quoted(name)}"
        for name, value in part.partition.items()
        if name.casefold() not in own
    ]
    return rows.project(", ".join(["*", *told]))


def _united(
    relations: Sequence[duckdb.DuckDBPyRelation], parts: Sequence[Part]
) -> duckdb.DuckDBPyRelation:
    first = united = relations[0]
    columns = ", ".join(map(quoted, first.columns))
    for part, relation in zip(parts[1:], relations[1:], strict=True):
        if set(relation.columns) != set(first.columns):
            raise UnequalParts(
                f"{printable(part.relative)} has columns {', '.join(relation.columns)[:200]}"
                f" where {printable(parts[0].relative)} has {', '.join(first.columns)[:200]}"
            )
        united = united.union(relation.project(columns))
    return united


def _literal(value: str | int | None) -> str:
    match value:
        case None:
            return "NULL::VARCHAR"
        case int():
            return f"{value}::BIGINT"
        case str():
            return "'" + value.replace("'", "''") + "'"


def _first_line(error: duckdb.Error) -> str:
    return str(error).splitlines()[0]


def _is_of_records(kind: str) -> bool:
    """Tell whether a type is nested."""
    return kind.startswith(("STRUCT", "MAP", "UNION", "VARIANT")) or kind.endswith("]")


def _findings_of_records(connection: duckdb.DuckDBPyConnection) -> Findings:
    all_lines = _lines(connection)
    reading = Reading()
    sample: list[Any] = []
    while lines := list(islice(all_lines, _ROWS)):
        if not sample:
            sample = [orjson.loads(line) for line in lines[:SAMPLE_RECORDS]]
        reading.merge(shape_of_lines(b"\n".join(lines)))
    return Findings(
        kind=Kind.PARQUET,
        records=reading.records,
        schema=infer_schema(reading.shape),
        statistics=field_statistics(reading.shape),
        sample=sample,
        doubts=reading.doubts,
    )


def _lines(connection: duckdb.DuckDBPyConnection) -> Iterator[bytes]:
    """Yield each row as JSON."""
    rows = connection.execute(f'SELECT to_json("{_RELATION}")::varchar FROM "{_RELATION}"')  # noqa: S608
    while some := rows.fetchmany(_ROWS):
        yield from (valid_json(line) for (line,) in some)
