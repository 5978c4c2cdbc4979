"""Tables whose columns have types of their own, in a relation of DuckDB."""

import json
from dataclasses import replace
from typing import Any

import duckdb
import orjson

from discovery.files import Kind
from discovery.readers.findings import Findings
from discovery.readers.tables import EXAMPLES, column_statistics, examples_in
from discovery.table import Column, TypedColumn, profile_relation
from discovery.table.column import record_schema
from registry.sample import SAMPLE_RECORDS


def typed_findings(connection: duckdb.DuckDBPyConnection, relation: str, kind: Kind) -> Findings:
    """Return what a table or view tells: its types are as declared, and so sure."""
    columns = [_column(found) for found in profile_relation(connection, relation)]
    records = _records(connection, relation)
    return Findings(
        kind=kind,
        records=columns[0].profile.rows if columns else 0,
        schema=record_schema(columns),
        statistics=[column_statistics(column) for column in columns],
        sample=records[:SAMPLE_RECORDS],
        examples=examples_in(records),
    )


def _column(found: TypedColumn) -> Column:
    # DuckDB shows moments with a space and a short offset, which RFC 3339 does not.
    reading = replace(found.reading, standard=not found.type.startswith("TIMESTAMP"))
    return Column(name=found.name, identifier="", reading=reading, profile=found.profile)


def _records(connection: duckdb.DuckDBPyConnection, relation: str) -> list[Any]:
    rows = connection.execute(
        f'SELECT to_json("{relation}")::varchar FROM "{relation}" LIMIT {EXAMPLES:d}'  # noqa: S608
    ).fetchall()
    return [orjson.loads(valid_json(row)) for (row,) in rows]


def valid_json(text: str) -> bytes:
    """Return JSON of DuckDB without NaN and infinities, which JSON does not know: null instead."""
    if "NaN" in text or "Infinity" in text:
        return orjson.dumps(json.loads(text, parse_constant=lambda _: None))
    return text.encode()
