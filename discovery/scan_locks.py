"""Locks by which one worker scans a source, and which are free as soon as that worker is gone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import Connection

_NOTICE_LOSS = "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10"
"""A machine that loses its power or network is taken for gone after minutes, and not hours."""

_NAMES = "hashtext('scan'), hashtext(%s)"


class ScanLocks:
    """Advisory locks of Postgres, held by a connection of their own.

    Whoever is killed loses the connection, and with it the locks; nobody has to notice or clean up.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection[Any] | None = None

    @contextmanager
    def held(self, source: str) -> Iterator[bool]:
        """Yield whether the lock of a source is had; give it back on leaving."""
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                self._url, autocommit=True, application_name="discovery watch"
            )
            self._connection.execute(_NOTICE_LOSS)
        connection = self._connection
        row = connection.execute(f"SELECT pg_try_advisory_lock({_NAMES})", [source]).fetchone()
        is_ours = bool(row and row[0])
        try:
            yield is_ours
        finally:
            if is_ours and not connection.closed and not connection.broken:
                connection.execute(f"SELECT pg_advisory_unlock({_NAMES})", [source])

    def close(self) -> None:
        """Give all locks back."""
        if self._connection:
            self._connection.close()
