"""Parquet files: typed tables, or records where columns are nested."""

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import orjson

from discovery.files import Kind, UnreadableFile
from discovery.readers.findings import Findings
from discovery.readers.part import Part
from discovery.readers.typed_tables import typed_findings
from discovery.records import shape_of_lines
from discovery.records.reading import Reading
from discovery.table import new_connection
from registry.inference import field_statistics, infer_schema
from registry.sample import SAMPLE_RECORDS

_ROWS = 10_000
_RELATION = "parts"


def read_parquet(parts: Sequence[Part]) -> Iterator[Findings]:
    """Yield what there is to know of a dataset in Parquet files with the same columns.

    Raises:
        UnreadableFile: the files are damaged, or their columns have different types.
    """
    with new_connection() as connection:
        try:
            relation = _united(connection, parts)
            relation.create_view(_RELATION)
            nested = any(_is_nested(str(kind)) for kind in relation.types)
            if nested:
                yield _nested_findings(connection)
            else:
                yield typed_findings(connection, _RELATION, Kind.PARQUET)
        except duckdb.Error as error:
            raise UnreadableFile(str(error).splitlines()[0]) from None


def _united(
    connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]
) -> duckdb.DuckDBPyRelation:
    united: duckdb.DuckDBPyRelation | None = None
    for part in parts:
        more = ", ".join(
            f"'{value.replace(chr(39), chr(39) * 2)}' AS \"{name.replace(chr(34), chr(34) * 2)}\""
            for name, value in part.partition.items()
        )
        relation = connection.read_parquet(str(part.path))
        if more:
            relation = relation.project(f"*, {more}")
        united = relation if united is None else united.union(relation)
    assert united is not None  # noqa: S101 - a dataset has at least one file
    return united


def _is_nested(kind: str) -> bool:
    return kind.startswith(("STRUCT", "MAP", "UNION", "VARIANT")) or kind.endswith("]")


def _nested_findings(connection: duckdb.DuckDBPyConnection) -> Findings:
    rows = connection.execute(f'SELECT to_json("{_RELATION}")::varchar FROM "{_RELATION}"')  # noqa: S608
    reading = Reading()
    sample: list[Any] = []
    while lines := [line.encode() for (line,) in rows.fetchmany(_ROWS)]:
        if not sample:
            sample = [orjson.loads(line) for line in lines[:SAMPLE_RECORDS]]
        reading.merge(shape_of_lines(b"\n".join(lines)))
    return Findings(
        kind=Kind.PARQUET,
        records=reading.records,
        schema=infer_schema(reading.shape),
        statistics=field_statistics(reading.shape),
        sample=sample,
    )
