"""The databases in which tables are looked at."""

import duckdb

MEMORY = "400MB"
"""What a database may hold in memory; more goes to its folder."""


def new_connection(folder: str | None = None) -> duckdb.DuckDBPyConnection:
    """Return a database in memory that fetches no extension, and spills into a folder if given."""
    return duckdb.connect(
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "memory_limit": MEMORY,
            **({"temp_directory": folder} if folder else {}),
        }
    )


def quoted(name: str) -> str:
    """Return a name as an identifier of SQL."""
    return '"' + name.replace('"', '""') + '"'
