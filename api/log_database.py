"""Connections on which the log itself is read, apart from those that serve the catalogue."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from fastapi import Request
from psycopg import AsyncConnection, errors
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from api.problems import Problem, ProblemType
from api.read_database import STATEMENT_TIMEOUT_MS

POOL_SIZE = 4


class LogDatabase:
    """Lends connections; they are few, so however long a history, the catalogue stays quick."""

    def __init__(self, url: str) -> None:
        self._pool: AsyncConnectionPool[AsyncConnection[Any]] = AsyncConnectionPool(
            url,
            min_size=0,
            max_size=POOL_SIZE,
            open=False,
            timeout=5,
            kwargs={
                "autocommit": True,
                "application_name": "api",
                "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c timezone=UTC",
            },
        )

    async def __aenter__(self) -> Self:
        """Open the pool; its first connection is made when one is needed."""
        await self._pool.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the pool."""
        await self._pool.close()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection[Any]]:
        """Lend a connection on which each statement is a transaction of its own.

        Raises:
            Problem: the database cannot be reached, or a statement took too long.
        """
        try:
            async with self._pool.connection() as connection:
                try:
                    yield connection
                except asyncio.CancelledError:
                    # The cancellation that psycopg sent may arrive late, at another's statement.
                    await connection.close()
                    raise
        except (PoolTimeout, errors.OperationalError):
            detail = "The database cannot be reached or took too long."
            raise Problem(ProblemType.UNAVAILABLE, detail, headers={"Retry-After": "5"}) from None


def log_database(request: Request) -> LogDatabase:
    """Return the application's connections to the log."""
    database: LogDatabase = request.app.state.log
    return database
