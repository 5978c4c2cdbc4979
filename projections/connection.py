"""Connections on which read models are written."""

from typing import Any

import orjson
import psycopg
from psycopg import Connection
from psycopg.types.json import set_json_loads


def connect(url: str) -> Connection[Any]:
    """Return a connection that commits each statement outside of a transaction at once."""
    connection = psycopg.connect(url, autocommit=True, application_name="projector")
    set_json_loads(orjson.loads, connection)
    # A read model that a crash sets back by an instant is brought forward again from the log.
    connection.execute("SET synchronous_commit = off")
    return connection
