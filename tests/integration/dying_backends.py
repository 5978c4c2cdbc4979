"""Backends of Postgres that kill themselves at a chosen moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any

from psycopg import Connection


class Moment(Enum):
    """When a backend dies: the kind of trigger, and on what it fires."""

    WHILE_SAVING = "", "BEFORE INSERT ON registry_events"
    AT_COMMIT = "CONSTRAINT", "AFTER INSERT ON registry_events INITIALLY DEFERRED"
    AT_THE_SNAPSHOT = "", "BEFORE INSERT ON registry_snapshots"


@contextmanager
def backends_die(connection: Connection[Any], moment: Moment, deaths: int) -> Iterator[None]:
    """Have the next backends that come to the moment die there, so many of them."""
    kind, when = moment.value
    # Unlike a row, a sequence does not go back when the transaction does.
    connection.execute(f"""
        CREATE SEQUENCE deaths;
        CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF nextval('deaths') <= {deaths} THEN
                PERFORM pg_terminate_backend(pg_backend_pid());
            END IF;
            RETURN NEW;
        END $$;
        CREATE {kind} TRIGGER dies {when} FOR EACH ROW EXECUTE FUNCTION die();
    """)
    try:
        yield
    finally:
        connection.execute("DROP FUNCTION die CASCADE; DROP SEQUENCE deaths")
