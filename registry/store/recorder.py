"""The event-sourcing library's recorder, set up for this product's tables."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresFactory
from eventsourcing.utils import Environment, EnvType
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row

EVENTS_TABLE = "registry_events"
SNAPSHOTS_TABLE = "registry_snapshots"
CHANNEL = EVENTS_TABLE
"""The NOTIFY channel on which a commit of events is announced."""

_SELECT_STREAMS = f"""
    SELECT event.originator_id, event.originator_version, event.topic, event.state
    FROM unnest(%s::uuid[], %s::bigint[]) AS known (id, version)
    JOIN {EVENTS_TABLE} AS event
      ON event.originator_id = known.id AND event.originator_version > known.version
    ORDER BY event.originator_id, event.originator_version
"""  # noqa: S608 - made of constants

_SELECT_SNAPSHOTS = f"""
    SELECT DISTINCT ON (originator_id) originator_id, originator_version, topic, state
    FROM {SNAPSHOTS_TABLE}
    WHERE originator_id = ANY(%s) AND topic = ANY(%s)
    ORDER BY originator_id, originator_version DESC
"""  # noqa: S608 - made of constants


_APPEND = "SELECT append_events(%b, %b::bigint[], %b, %b) AS position"


class EventRecorder(PostgresApplicationRecorder):
    """Writes and reads the events of many aggregates in one round trip each.

    The library takes a round trip per aggregate to read, and writes in pipeline mode, which waits
    for ever once the parameters outgrow the socket's buffers (seen with psycopg 3.3.9 from about
    0.6 MB on).
    """

    @contextmanager
    def connection(self) -> Iterator[Connection[DictRow]]:
        """Yield a connection on which each statement is a transaction of its own."""
        with self.datastore.get_connection() as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Connection[DictRow]]:
        """Yield a connection in a transaction, which is committed unless an error leaves it."""
        with self.datastore.get_connection() as connection, connection.transaction():
            yield connection

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Write events over the `connection` given, all or none; return their positions.

        Raises:
            psycopg.errors.UniqueViolation: one of the versions is taken already.
        """
        connection: Connection[DictRow] = kwargs["connection"]
        columns = zip(*(vars(event).values() for event in stored_events), strict=True)
        rows = connection.execute(_APPEND, [list(column) for column in columns], prepare=True)
        return [row["position"] for row in rows]

    def select_streams(
        self, connection: Connection[DictRow], known: Mapping[UUID, int]
    ) -> Sequence[StoredEvent]:
        """Return, in order, each aggregate's events after the version known of it."""
        params = [list(known.keys()), list(known.values())]
        rows = connection.execute(_SELECT_STREAMS, params, prepare=True, binary=True)
        return [StoredEvent(**row) for row in rows]

    def select_snapshots(
        self, connection: Connection[DictRow], ids: Sequence[UUID], topics: Sequence[str]
    ) -> Sequence[StoredEvent]:
        """Return the latest snapshot of each aggregate that has one under one of the topics."""
        params = [list(ids), list(topics)]
        rows = connection.execute(_SELECT_SNAPSHOTS, params, prepare=True, binary=True)
        return [StoredEvent(**row) for row in rows]

    def head(self, connection: Connection[DictRow]) -> int:
        """Return the position of the last event, 0 for an empty log."""
        row = connection.execute(self.max_notification_id_statement, prepare=True).fetchone()
        return (row and row["max"]) or 0


class EventStoreFactory(PostgresFactory):
    """Makes recorders whose connections honour every parameter of the database URL."""

    application_recorder_class = EventRecorder

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(Environment("registry", _SETTINGS))
        parameters = conninfo_to_dict((env or {})["REGISTRY_CONNINFO"])
        self.datastore.pool.kwargs = {**parameters, "row_factory": dict_row}


# All that the library is told, since it would let stray environment variables change any of it;
# above all POSTGRES_ENABLE_DB_FUNCTIONS, whose insert skips the table lock that keeps positions in
# the order of commits. Alembic makes the tables.
_SETTINGS = {
    "POSTGRES_DBNAME": "",
    "POSTGRES_HOST": "",
    "POSTGRES_USER": "",
    "POSTGRES_PASSWORD": "",
    "POSTGRES_CONNECT_TIMEOUT": "10",
    "POSTGRES_POOL_SIZE": "1",
    "POSTGRES_MAX_OVERFLOW": "9",
    "CREATE_TABLE": "no",
    "IS_SNAPSHOTTING_ENABLED": "yes",
}


def recorder_environment(conninfo: str) -> dict[str, str]:
    """Return what leads the library to the store behind `conninfo`."""
    return {
        "REGISTRY_PERSISTENCE_MODULE": "registry.store.recorder:EventStoreFactory",
        "REGISTRY_CONNINFO": conninfo,
    }
