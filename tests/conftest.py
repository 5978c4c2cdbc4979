"""One database server for the whole run, and for each test a database of its own."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
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
    with (
        tempfile.TemporaryDirectory(prefix="registry-tests-") as folder,
        EmbeddedPostgres(Path(folder)) as url,
    ):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE DATABASE template")
        migrate(_named(url, "template"))
        yield url


@pytest.fixture(scope="session")
def new_database(postgres: str) -> Callable[[], AbstractContextManager[str]]:
    """Makes fresh, migrated databases, each dropped on leaving; gives their URLs."""
    return lambda: _database(postgres, "template")


@pytest.fixture
def url(postgres: str) -> Iterator[str]:
    """The URL of a fresh, migrated database."""
    with _database(postgres, "template") as url:
        yield url


@pytest.fixture
def empty_url(postgres: str) -> Iterator[str]:
    """The URL of a fresh database without any tables."""
    with _database(postgres, "template1") as url:
        yield url


@pytest.fixture
def application(url: str) -> Iterator[RegistryApplication]:
    """The command side on a fresh database."""
    with RegistryApplication(url) as application:
        yield application


@contextmanager
def _database(postgres: str, template: str) -> Iterator[str]:
    """Clone a database and yield the URL of the clone."""
    name = f"test_{uuid4().hex}"
    database = sql.Identifier(name)
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(database, sql.Identifier(template))
        )
        yield _named(postgres, name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))


def _named(url: str, database: str) -> str:
    """Return the URL of another database of the same server."""
    host = conninfo_to_dict(url)["host"]
    return f"postgresql://postgres@/{database}?host={host}"
