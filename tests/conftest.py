"""One database server for the whole run, and for each test a database of its own."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from registry.application import RegistryApplication
from registry.database import migrate
from registry.embedded_postgres import EmbeddedPostgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a server with a migrated database named `template`, to be cloned."""
    with tempfile.TemporaryDirectory(prefix="registry-tests-") as folder:
        with EmbeddedPostgres(Path(folder)) as url:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET fsync = off")
                connection.execute("SELECT pg_reload_conf()")
                connection.execute("CREATE DATABASE template")
            migrate(_named(url, "template"))
            yield url


@pytest.fixture
def url(postgres: str) -> Iterator[str]:
    """The URL of a fresh, migrated database."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        database = sql.Identifier(name)
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template").format(database))
        yield _named(postgres, name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))


@pytest.fixture
def application(url: str) -> Iterator[RegistryApplication]:
    """The command side on a fresh database."""
    with RegistryApplication(url) as application:
        yield application


def _named(url: str, database: str) -> str:
    """Return the URL of another database of the same server."""
    host = conninfo_to_dict(url)["host"]
    return f"postgresql://postgres@/{database}?host={host}"
