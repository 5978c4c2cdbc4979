"""Small tables, written as texts, for the tests of keys."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from discovery.dialect import Dialect
from discovery.keys import Keys, find_keys
from discovery.table import Table, read_table

Rows = Sequence[Sequence[object]]

COMMAS = Dialect(
    encoding="utf-8", delimiter=",", quote='"', escape='"', skip=0, header=1, newline="\n"
)


def read(
    path: Path, columns: str, rows: Rows, connection: duckdb.DuckDBPyConnection | None = None
) -> Table:
    """Write a table and read it."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns.split())
        writer.writerows(rows)
    return read_table(path, COMMAS, connection=connection)


@contextmanager
def tables(made: Mapping[str, tuple[str, Rows]]) -> Iterator[dict[str, Table]]:
    """Read tables, given by their columns and rows, into one connection."""
    connection = duckdb.connect(config={"autoinstall_known_extensions": False})
    with TemporaryDirectory() as folder:
        yield {
            name: read(Path(folder, f"{name}.csv"), columns, rows, connection)
            for name, (columns, rows) in made.items()
        }
    connection.close()


def keys_of(**made: tuple[str, Rows]) -> Keys:
    """Return the keys of tables given by their columns and rows."""
    with tables(made) as found:
        return find_keys(found)


def references(keys: Keys) -> set[str]:
    """Return the foreign keys as texts such as `orders.customer_id -> customers.id`."""
    return {
        f"{key.table}.{'+'.join(key.columns)} -> {key.to_table}.{'+'.join(key.to_columns)}"
        for key in keys.foreign
    }
