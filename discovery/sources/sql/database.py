"""A database that is read: how it is reached, and how its password is kept out of sight."""

import os
import sqlite3
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine.url import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SAWarning, SQLAlchemyError
from sqlalchemy.pool import NullPool

from discovery.unreadable import Unreadable

_STEPS: Final = 10_000
"""Steps of SQLite's machine between two looks at the clock."""

_DRIVERS: Final = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
}
"""The dialect and driver for names that SQLAlchemy reads otherwise, or not at all."""


@dataclass(frozen=True, kw_only=True)
class Database:
    """A database, which is only ever read.

    Attributes:
        url: its SQLAlchemy URL, which may hold a password.
        password: the environment variable that holds the password; empty for none.
        seconds: how long a statement may take, on PostgreSQL and SQLite.
    """

    url: str = field(repr=False)
    password: str = ""
    seconds: float = 60

    def __str__(self) -> str:
        """Return the URL without a password, and without options, which may hold one."""
        url = self._url
        shown = url.set(query={}, drivername=url.get_backend_name())
        if self.file:
            shown = shown.set(database=str(self.file))
        return shown.render_as_string(hide_password=True)

    @property
    def file(self) -> Path | None:
        """The file of a database of SQLite."""
        url = self._url
        if url.get_backend_name() != "sqlite":
            return None
        return Path(url.database or "").expanduser().absolute()

    @property
    def name(self) -> str:
        """The name of the database; of a file, that without its suffix."""
        return self.file.stem if self.file else self._url.database or ""

    @property
    def mark(self) -> str:
        """What changes with the content of a file; empty for a server, which tells nothing."""
        if not self.file:
            return ""
        files = [self.file, self.file.with_name(self.file.name + "-wal")]
        found = [file.stat() for file in files if file.exists()]
        return " ".join(f"{status.st_size} {status.st_mtime_ns}" for status in found)

    @contextmanager
    def connection(self) -> Iterator[sa.Connection]:
        """Yield a connection that cannot write, and gives up statements that take too long.

        Raises:
            Unreadable: the database cannot be reached, or refuses a statement.
        """
        try:
            engine = self._engine()
            with warnings.catch_warnings():
                # That a type or an index is not known is no failure.
                warnings.simplefilter("ignore", SAWarning)
                with engine.connect() as connection:
                    yield connection
        except NoSuchModuleError:
            raise Unreadable(f"there is no dialect {self._url.drivername}") from None
        except ImportError as error:
            raise Unreadable(f"needs a driver that is not installed: {error.name}") from None
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise Unreadable(self.told(error)) from None

    def told(self, error: Exception) -> str:
        """Return what an error says, in one line and without the password."""
        cause = getattr(error, "orig", None) or error
        line = " ".join(str(cause).split()) or type(cause).__name__
        secrets = [self._url.password, self._given_password()]
        for secret in filter(None, secrets):
            line = line.replace(secret, "…")
        return line[:300]

    @property
    def _url(self) -> URL:
        url = make_url(self.url)
        return url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))

    def _given_password(self) -> str | None:
        if not self.password:
            return None
        if self.password not in os.environ:
            raise Unreadable("is not set, but was told to hold the password", self.password)
        return os.environ[self.password]

    def _engine(self) -> sa.Engine:
        if self.file:
            return _sqlite(self.file, self.seconds)
        url = self._url
        if password := self._given_password():
            url = url.set(password=password)
        engine = sa.create_engine(url, poolclass=NullPool)
        if url.get_backend_name() == "postgresql":
            sa.event.listen(engine, "connect", _limit_of(self.seconds))
        return engine


def _limit_of(seconds: float) -> Any:
    """Return what makes a session of PostgreSQL read only, with a limit to each statement.

    Without synchronised scans, rows without an order come in the same one from scan to scan.
    """

    def limit(session: Any, _: Any) -> None:
        with session.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = {round(seconds * 1000)}")
            cursor.execute("SET default_transaction_read_only = on")
            cursor.execute("SET synchronize_seqscans = off")
        session.commit()

    return limit


def _sqlite(file: Path, seconds: float) -> sa.Engine:
    if not file.is_file():
        raise Unreadable(f"there is no file {file}")

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True, timeout=seconds)
        connection.text_factory = lambda content: content.decode(errors="replace")
        return connection

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=NullPool)

    def start(connection: sa.Connection, cursor: Any, statement: str, *_: Any) -> None:
        end = time.monotonic() + seconds
        driver: Any = connection.connection.driver_connection
        driver.set_progress_handler(lambda: time.monotonic() > end, _STEPS)

    sa.event.listen(engine, "before_cursor_execute", start)
    return engine


def is_url(text: str) -> bool:
    """Tell whether a text is a URL that SQLAlchemy can read."""
    try:
        make_url(text)
    except (ArgumentError, ValueError):
        return False
    return True
