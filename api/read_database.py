"""The pool of connections on which queries run, and the one row that each query answers with."""

import asyncio
import time
from collections.abc import Generator
from typing import Any, NamedTuple, Self, TypeVar

from fastapi import Request
from psycopg import AsyncConnection, errors
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from api.problems import Problem, ProblemType
from projections.query import Query

T = TypeVar("T")

Row = tuple[Any, ...]

POOL_SIZE = 8
STATEMENT_TIMEOUT_MS = 10_000

MAX_WAIT_SECONDS = 3.0
"""How long a read waits for the position that its reader asks for."""


class TableMissing(Problem):
    """A query needs a table or a column that is not there."""

    def __init__(self) -> None:
        detail = "The read model is not built, or not for this version. Is a projector running?"
        super().__init__(ProblemType.UNAVAILABLE, detail, headers={"Retry-After": "1"})


class _JsonAsItIs(Loader):
    """Leaves JSON as the bytes that Postgres sent, for they are sent on unread."""

    def load(self, data: Buffer) -> bytes:
        return bytes(data)


class Moment(NamedTuple):
    """What a read reflects: everything up to `as_of`, or for None all there is by then.

    The read model is waited for until it has come to `min_position`.
    """

    as_of: int | None
    min_position: int


class ReadDatabase:
    """Runs queries against the read models."""

    def __init__(self, url: str) -> None:
        self._pool: AsyncConnectionPool[AsyncConnection[Row]] = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=POOL_SIZE,
            open=False,
            timeout=5,
            configure=_configure,
            kwargs={
                "autocommit": True,
                "application_name": "api",
                "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS}",
            },
        )

    async def __aenter__(self) -> Self:
        """Open the pool; a database that is not there yet is waited for by each query."""
        await self._pool.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the pool."""
        await self._pool.close()

    async def at(self, query: Query, moment: Moment) -> Row:
        """Return the one row of a query made for the moment, with the position it reflects."""
        row = await self.row(query, moment.min_position)
        return row if moment.as_of is None else (moment.as_of, *row[1:])

    async def row(self, query: Query, min_position: int = 0) -> Row:
        """Return the one row that the query answers with, its first value being the position.

        With a `min_position` the read model is given some time to reach it.

        Raises:
            TableMissing: the read model was never built.
            Problem: the database cannot be reached, or the read model did not reach the position
                in time.
        """
        deadline = time.monotonic() + MAX_WAIT_SECONDS
        while (row := await self.values(query))[0] < min_position:
            if time.monotonic() > deadline:
                detail = f"Position {min_position} is not reached yet, only {row[0]}."
                raise Problem(ProblemType.UNAVAILABLE, detail, headers={"Retry-After": "1"})
            await asyncio.sleep(0.02)
        return row

    async def follow(self, steps: Generator[Query, Row, T], moment: Moment) -> T:
        """Return what queries lead to of which each is made of the rows before it.

        The first of them waits for the moment; all ask the same read model.
        """
        try:
            row = await self.row(next(steps), moment.min_position)
            while True:
                row = await self.values(steps.send(row))
        except StopIteration as end:
            result: T = end.value
            return result

    async def values(self, query: Query) -> Row:
        """Return the one row that the query answers with, whatever its values are.

        Raises:
            Problem: the database cannot be reached, or the read model was never built.
        """
        try:
            # Taken by hand: the pool's context manager would also end a transaction, of which
            # there is none, and that costs a fifth of a look-up.
            connection = await self._pool.getconn()
            try:
                cursor = await connection.execute(query.sql, query.parameters, prepare=True)
                row = await cursor.fetchone()
            except asyncio.CancelledError:
                # Whoever asked has gone, and psycopg has sent a cancellation after the query. That
                # may arrive late, and would then hit the connection's next one.
                await connection.close()
                raise
            finally:
                await self._pool.putconn(connection)
        except (errors.UndefinedTable, errors.UndefinedColumn):
            raise TableMissing from None
        except (PoolTimeout, errors.OperationalError):
            detail = "The database cannot be reached or took too long."
            raise Problem(ProblemType.UNAVAILABLE, detail, headers={"Retry-After": "5"}) from None
        assert row is not None  # noqa: S101 - the queries of read models always give one
        return row


async def _configure(connection: AsyncConnection[Any]) -> None:
    connection.adapters.register_loader("json", _JsonAsItIs)


def reads(request: Request) -> ReadDatabase:
    """Return the application's read database."""
    database: ReadDatabase = request.app.state.reads
    return database
