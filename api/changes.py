"""One command on one thing: whose registry it is in, and which version it must still have."""

from typing import Annotated
from uuid import UUID, uuid4

import msgspec
from fastapi import Header, Request, Response

from api.caller import Caller
from api.command_side import idempotency_key, reply_to_one, submission
from api.read_database import reads
from projections.query import Lookup
from registry.commands import Command

IfMatch = Annotated[
    str | None,
    Header(
        description="The ETag that the thing must still have.",
        pattern=r'^"\d{1,18}"$',
        examples=['"3"'],
    ),
]


async def register(
    request: Request, caller: Caller, command: Command, key: str | None, path: str
) -> Response:
    """Register a thing of the caller's client; it is found below the path by its new id.

    Raises:
        Problem: the caller acts for no client, or the command was refused.
    """
    return await change(
        request, caller, command, uuid4(), caller.own_client(), None, key, created_at=path
    )


async def change(
    request: Request,
    caller: Caller,
    command: Command,
    target: UUID,
    owner: UUID | None,
    if_match: str | None,
    key: str | None,
    *,
    created_at: str | None = None,
    empty: bool = False,
) -> Response:
    """Carry out one command on a thing of its owner's, None for what all share; answer with it.

    Raises:
        Problem: the command was refused.
    """
    wish = submission(request, caller, command, target, owner, _version_in(if_match))
    once = await idempotency_key(request, caller, key)
    return await reply_to_one(request, wish, once, created_at=created_at, empty=empty)


async def owner_of(request: Request, caller: Caller, lookup: Lookup, key: UUID | None) -> UUID:
    """Return the client in whose registry a thing is: the caller's, or for an administrator any.

    Raises:
        Problem: the caller acts for no client.
    """
    if caller.is_admin:
        _, _, document = await reads(request).row(lookup.of(caller.tenant(), key))
        if document:
            return UUID(msgspec.json.decode(document)["client_id"])
    return caller.own_client()


def _version_in(if_match: str | None) -> int | None:
    """Return the version that an If-Match expects."""
    return int(if_match.strip('"')) if if_match else None
