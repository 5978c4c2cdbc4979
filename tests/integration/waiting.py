"""Waiting for what other processes and threads bring about."""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from psycopg import Connection

Answer = TypeVar("Answer")


def until(question: Callable[[], Answer], seconds: float = 60) -> Answer:
    """Return the first true answer; how long it takes plays no part, short of never."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not (answer := question()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"still not so after {seconds} s: {question}")
        pause.wait(0.005)
    return answer


def waiting_for(connection: Connection[Any], lock_type: str) -> int:
    """Return how many backends of this database wait for a lock of that type."""
    row = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND wait_event_type = 'Lock' AND wait_event = %s",
        [lock_type],
    ).fetchone()
    assert row
    return int(row[0])
