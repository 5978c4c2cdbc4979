"""Rebuilds ordered over HTTP and carried out by the projector that leads the read model."""

import threading
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import structlog
from psycopg import Connection

from projections.catalogue import READ_MODELS
from projections.connection import connect
from projections.query import Query
from projections.rebuild import rebuild

log = structlog.get_logger(__name__)


def order(rebuild_id: UUID, name: str, *, verify: bool, ordered_by: str) -> Query:
    """Return the query that orders a rebuild; its row tells whether it was taken.

    It is not while another one of the read model is open.
    """
    return Query(
        """
        WITH taken AS (
            INSERT INTO projection_rebuilds (rebuild_id, name, verify, requested_by)
            VALUES (%(rebuild_id)s, %(name)s, %(verify)s, %(ordered_by)s)
            ON CONFLICT DO NOTHING RETURNING rebuild_id
        ) SELECT EXISTS (SELECT FROM taken)
        """,
        {"rebuild_id": rebuild_id, "name": name, "verify": verify, "ordered_by": ordered_by},
    )


def progress(rebuild_id: UUID, name: str) -> Query:
    """Return the query for how an order gets on: a row with a JSON object, null for no such one."""
    return Query(
        """
        SELECT (SELECT row_to_json(shown) FROM (
            SELECT rebuild_id, name, verify, requested_by, requested_at, started_at, finished_at,
                   error, coalesce(done.generation, building.generation) AS generation,
                   building.position,
                   (SELECT max(notification_id) FROM registry_events) AS head,
                   CASE WHEN finished_at IS NULL AND started_at IS NULL THEN 'waiting'
                        WHEN finished_at IS NULL THEN 'building'
                        WHEN error IS NULL THEN 'done' ELSE 'failed' END AS status
            FROM projection_rebuilds AS done
            LEFT JOIN LATERAL (
                SELECT generation, position FROM projection_generations
                WHERE name = done.name ORDER BY generation DESC LIMIT 1
            ) AS building ON true
            WHERE rebuild_id = %(rebuild_id)s AND name = %(name)s
        ) AS shown)
        """,
        {"rebuild_id": rebuild_id, "name": name},
    )


class RebuildOrders:
    """Carries out orders, each in a thread and on a connection of its own."""

    def __init__(self, url: str) -> None:
        self._url = url

    def start_open_ones(self, connection: Connection[Any], names: Iterable[str]) -> None:
        """Start the orders for these read models that nobody has started."""
        rows = connection.execute(
            "UPDATE projection_rebuilds SET started_at = now()"
            " WHERE started_at IS NULL AND finished_at IS NULL AND name = ANY(%s)"
            " RETURNING rebuild_id, name, verify",
            [list(names)],
        ).fetchall()
        for row in rows:
            threading.Thread(target=self._carry_out, args=row, name="rebuild", daemon=True).start()

    def _carry_out(self, rebuild_id: UUID, name: str, verify: bool) -> None:
        error, number = None, None
        with connect(self._url) as connection:
            try:
                number = rebuild(connection, READ_MODELS[name], verify=verify).number
            except Exception as failure:
                error = f"{type(failure).__name__}: {failure}"
                log.warning("rebuild failed", projection=name, reason=error)
            connection.execute(
                "UPDATE projection_rebuilds SET finished_at = now(), error = %s, generation = %s"
                " WHERE rebuild_id = %s",
                [error, number, rebuild_id],
            )
