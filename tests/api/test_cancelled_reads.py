"""What becomes of a connection whose user went away in the middle of a statement."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import psycopg

from api.log_database import LogDatabase
from api.read_database import ReadDatabase
from projections.query import Query

SLEEP = "SELECT pg_sleep(60)"
SLEEPING = f"SELECT pid FROM pg_stat_activity WHERE query = '{SLEEP}' AND state = 'active'"
STILL_THERE = "SELECT 1 FROM pg_stat_activity WHERE pid = %s"


def test_a_connection_to_the_log_that_a_cancellation_may_still_reach_is_closed(url: str) -> None:
    async def read() -> None:
        async with LogDatabase(url) as database:

            async def sleep() -> None:
                async with database.connection() as connection:
                    await connection.execute(SLEEP)

            await _broken_off(sleep(), url)

    asyncio.run(read())


def test_a_connection_of_queries_that_a_cancellation_may_still_reach_is_closed(url: str) -> None:
    async def read() -> None:
        async with ReadDatabase(url) as database:
            await _broken_off(database.values(Query(SLEEP, {})), url)

    asyncio.run(read())


async def _broken_off(reading: Coroutine[Any, Any, Any], url: str) -> None:
    """Cancel what sleeps in the database, and wait until its connection is gone."""
    task = asyncio.create_task(reading)
    async with (
        asyncio.timeout(30),
        await psycopg.AsyncConnection.connect(url, autocommit=True) as other,
    ):
        while not (row := await (await other.execute(SLEEPING)).fetchone()):
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        while await (await other.execute(STILL_THERE, row)).fetchone():
            await asyncio.sleep(0.01)
