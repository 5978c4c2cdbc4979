"""Receipts: the answers given under idempotency keys, saved in one transaction with the events."""

from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from registry.errors import KeyInFlight, KeyReused

_LOCK = """
    SELECT pg_try_advisory_xact_lock(hashtextextended(%(scope)s || chr(10) || %(key)s, 0)) AS ours
"""

_FIND = """
    SELECT request_digest, answer FROM command_receipts WHERE scope = %(scope)s AND key = %(key)s
"""

_KEEP = """
    INSERT INTO command_receipts (scope, key, request_digest, answer)
    VALUES (%(scope)s, %(key)s, %(digest)s, %(answer)s)
"""

_PRUNE = "DELETE FROM command_receipts WHERE created_at < now() - make_interval(hours => %s)"


@dataclass(frozen=True)
class IdempotencyKey:
    """A caller's own name for a request; `scope` tells whose, and `digest` is the request's."""

    scope: str
    key: str
    digest: bytes


def claim(connection: Connection[Any], key: IdempotencyKey) -> bytes | None:
    """Hold the key until the transaction ends; return the answer given under it before, if any.

    Raises:
        KeyInFlight: another request is under way under the key.
        KeyReused: the key belongs to another request.
    """
    locked = connection.execute(_LOCK, vars(key), prepare=True).fetchone()
    if not locked or not locked["ours"]:
        raise KeyInFlight(key=key.key)
    found = connection.execute(_FIND, vars(key), prepare=True).fetchone()
    if found is None:
        return None
    if found["request_digest"] != key.digest:
        raise KeyReused(key=key.key)
    return bytes(found["answer"])


def keep(connection: Connection[Any], key: IdempotencyKey, answer: bytes) -> None:
    """Keep the answer for whoever sends the request again."""
    connection.execute(_KEEP, {**vars(key), "answer": answer}, prepare=True)


def prune(connection: Connection[Any], hours: int) -> int:
    """Delete the receipts older than that; return how many."""
    return connection.execute(_PRUNE, [hours]).rowcount
