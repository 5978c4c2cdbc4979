"""What becomes of a connection whose user went away in the middle of a statement."""

import asyncio

from api.log_database import LogDatabase
from api.read_database import ReadDatabase
from projections.query import Query

PID = "SELECT pg_backend_pid()"


def test_the_log_is_not_read_on_a_connection_that_a_cancellation_may_still_reach(url: str) -> None:
    async def read() -> list[int]:
        used: list[int] = []
        async with LogDatabase(url) as database:

            async def ask(sql: str) -> None:
                async with database.connection() as connection:
                    used.append(connection.info.backend_pid)
                    await connection.execute(sql)

            await _broken_off(ask("SELECT pg_sleep(60)"), used)
            await ask(PID)
            await ask(PID)
        return used

    first, *later = asyncio.run(read())
    assert first not in later


def test_no_query_runs_on_a_connection_that_a_cancellation_may_still_reach(url: str) -> None:
    async def read() -> list[int]:
        used: list[int] = []
        async with ReadDatabase(url) as database:
            used += await database.values(Query(PID, {}))
            await _broken_off(database.values(Query("SELECT pg_sleep(60)", {})), used)
            used += await database.values(Query(PID, {}))
            used += await database.values(Query(PID, {}))
        return used

    first, *later = asyncio.run(read())
    assert first not in later


async def _broken_off(reading: object, used: list[int]) -> None:
    """Cancel what reads once it has a connection."""
    task = asyncio.ensure_future(reading)  # type: ignore[call-overload]
    while not used:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
