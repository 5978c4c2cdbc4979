"""Commits that wait for the test, so that it can look at, and interfere with, what happens then."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import Connection

HOLD_COMMITS = """
    CREATE FUNCTION wait_for_the_test() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock_shared(4711);
        RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON registry_events DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.topic = 'DatasetRegistered') EXECUTE FUNCTION wait_for_the_test()
"""
"""Has every commit of a registered dataset wait while a test holds it."""


@contextmanager
def held(connection: Connection[Any]) -> Iterator[None]:
    """Hold commits until left."""
    connection.execute("SELECT pg_advisory_lock(4711)")
    try:
        yield
    finally:
        connection.execute("SELECT pg_advisory_unlock(4711)")
