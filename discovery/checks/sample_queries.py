"""The check whether queries of a dataset's records succeed."""

import tempfile
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb
import orjson

from discovery.checks.places import score_of
from discovery.readers.dataset_records import DatasetRecords
from discovery.table import new_connection, quoted
from registry.quality import CheckType, DataQualityCheck

RELATION: Final = "dataset"
"""What queries call the records."""

MOST_QUERIES: Final = 20
QUERY_SECONDS: Final = 10.0
"""How long a query may take."""

_LONGEST_REASON: Final = 200


def sample_query_success(records: DatasetRecords, queries: Sequence[str]) -> DataQualityCheck:
    """Score the share of SQL queries that give at least one row, on the records as `dataset`.

    Queries come from clients, so they can do nothing but select from the records: no file and no
    other address is within their reach, and time and memory are limited.
    """
    results = list(_results(records, queries[:MOST_QUERIES]))
    succeeded = sum("reason" not in result for result in results)
    return DataQualityCheck(
        check_type=CheckType.SAMPLE_QUERY_SUCCESS,
        score=score_of(succeeded, len(results)),
        details={
            "records": records.total,
            "queried": len(records.first),
            "succeeded": succeeded,
            "queries": results,
        },
    )


def usual_queries(fields: Iterable[str]) -> list[str]:
    """Return the queries of a dataset for which none are declared."""
    there = [f"FROM {RELATION} WHERE {quoted(name)} IS NOT NULL" for name in fields]
    return [f"FROM {RELATION} LIMIT 5", *there][:MOST_QUERIES]


def _results(records: DatasetRecords, queries: Sequence[str]) -> Iterable[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="discovery-") as folder, new_connection() as connection:
        lines = Path(folder, "records.json")
        with lines.open("wb") as file:
            file.writelines(_line(record) for record in records.first)
        connection.execute("SET threads = 1")
        if records.first:
            connection.read_json(str(lines), format="newline_delimited", sample_size=-1).create(
                RELATION
            )
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        for query in queries:
            reason = _reason_of_failure(connection, query)
            yield {"query": query[:1_000], **({"reason": reason} if reason else {})}


def _line(record: Any) -> bytes:
    held = record if isinstance(record, dict) else {"value": record}
    try:
        return orjson.dumps(held) + b"\n"
    except orjson.JSONEncodeError:  # an integer beyond 64 bits, say; it is told by other checks
        return b""


def _reason_of_failure(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """Return why a query fails, and nothing if it succeeds."""
    timer = threading.Timer(QUERY_SECONDS, connection.interrupt)
    try:
        statements = connection.extract_statements(query)
        if [each.type for each in statements] != [duckdb.StatementType.SELECT]:
            return "is not one SELECT"
        timer.start()
        return "" if connection.execute(query).fetchmany(1) else "gave no row"
    except duckdb.InterruptException:
        return f"took longer than {QUERY_SECONDS:g} seconds"
    except duckdb.Error as error:
        return _kind_of(error)
    finally:
        timer.cancel()


def _kind_of(error: duckdb.Error) -> str:
    """Return what went wrong, without the rest of the message, which may quote values."""
    if isinstance(error, duckdb.BinderException | duckdb.CatalogException | duckdb.ParserException):
        return str(error).splitlines()[0][:_LONGEST_REASON]
    return type(error).__name__
