"""One database server for the whole run, and for each test a database of its own."""

import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from projections.projector import Projector
from registry.application import RegistryApplication
from registry.database import migrate
from registry.embedded_postgres import EmbeddedPostgres
from tests.rounds import rounds

# How long an example takes tells how busy the machine is, and nothing of the law.
settings.register_profile(
    "laws", max_examples=rounds(40), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("laws")


@pytest.fixture(scope="session", autouse=True)
def _commands_that_can_be_interrupted() -> None:
    """Shells start what runs in the background without Ctrl-C, and its children inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


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
def projected(postgres: str) -> str:
    """The name of a database, to be cloned, whose read models are built from an empty log.

    Building them takes longer than most tests do; a clone's have only to be brought up to date.
    """
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE DATABASE projected TEMPLATE template")
    Projector(_named(postgres, "projected")).catch_up()
    return "projected"


@pytest.fixture(scope="session")
def new_database(postgres: str) -> Callable[[], AbstractContextManager[str]]:
    """Makes fresh, migrated databases, each dropped on leaving; gives their URLs."""
    return lambda: _database(postgres, "template")


@pytest.fixture
def database_template() -> str:
    """The name of the database that a test's own is a clone of."""
    return "template"


@pytest.fixture
def url(postgres: str, database_template: str) -> Iterator[str]:
    """The URL of a fresh, migrated database."""
    with _database(postgres, database_template) as url:
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
