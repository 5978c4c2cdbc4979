"""From a request to commands and from their outcomes to an answer; no rule lives here."""

import asyncio
import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any
from uuid import UUID, uuid4

import anyio.to_thread
import msgspec
import structlog
from anyio import CapacityLimiter
from eventsourcing.persistence import PersistenceError
from fastapi import Header, Request, Response

from api.caller import Caller
from api.pages import POSITION_HEADER
from api.problem_reports import request_id_of
from api.refusals import problem_of
from projections.documents import document_of
from registry.application import Answer, RegistryApplication
from registry.commands import Command
from registry.compatibility import Mode
from registry.errors import RegistryError
from registry.events import Provenance
from registry.store.receipts import IdempotencyKey
from registry.submission import Outcome, Submission
from registry.template_draft import check_records

THREADS = 8
"""How many requests are carried out at once; the others wait their turn."""

PRUNING_SECONDS = 3600

log = structlog.get_logger(__name__)

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Your own name for this request; sent again, it is not carried out again.",
        pattern=r"^[!-~]{1,200}$",
        examples=["register-jira-1"],
    ),
]

_TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_CORRELATION_ID = re.compile(r"[!-~]{1,128}")


class _Reply(msgspec.Struct):
    """An answer as its receipt keeps it."""

    status: int
    headers: dict[str, str]
    body: msgspec.Raw


class CommandSide:
    """The registry's application, called on a bounded number of threads."""

    def __init__(self, application: RegistryApplication) -> None:
        self._application = application
        self._limiter = CapacityLimiter(THREADS)

    async def prune_receipts(self, hours: int) -> None:
        """Delete receipts older than that, at once and then every hour, until cancelled."""
        while True:
            try:
                await anyio.to_thread.run_sync(self._application.prune_receipts, hours)
            except PersistenceError as error:
                log.warning("receipts not pruned", reason=str(error))
            await asyncio.sleep(PRUNING_SECONDS)

    async def judge(
        self, template_id: UUID, schema: dict[str, Any], mode: Mode | None
    ) -> dict[str, Any]:
        """Return what would become of a template's schema that were found now.

        Raises:
            RegistryError: there is no such template, or what is given is no JSON Schema.
        """

        def judged() -> dict[str, Any]:
            check_records(schema, [])
            return self._application.judge(template_id, schema, mode)

        return await anyio.to_thread.run_sync(judged, limiter=self._limiter)

    async def reply(
        self,
        submissions: Sequence[Submission],
        answer: Callable[[Sequence[Outcome]], Answer],
        key: IdempotencyKey | None,
        *,
        atomic: bool = False,
    ) -> Response:
        """Carry out the submissions, once if there is a key, and return the answer to them."""

        def carry_out() -> tuple[bytes, bool]:
            if key:
                return self._application.submit_once(submissions, key, answer, atomic=atomic)
            outcomes = self._application.submit_all(submissions, atomic=atomic)
            return answer(outcomes).content, False

        content, replayed = await anyio.to_thread.run_sync(carry_out, limiter=self._limiter)
        reply = msgspec.json.decode(content, type=_Reply)
        headers = {**reply.headers, "Idempotent-Replayed": "true"} if replayed else reply.headers
        body = bytes(reply.body) if reply.status != 204 else b""
        return Response(body, reply.status, headers, "application/json")


async def reply_to_one(
    request: Request,
    submission: Submission,
    key: IdempotencyKey | None,
    *,
    created_at: str | None = None,
    created: int = 201,
    empty: bool = False,
) -> Response:
    """Carry out one command; answer with the thing as its GET shows it, and the position.

    `created_at` is the path below which a thing that the command creates is found by its id, and
    `created` the status that tells so; the reply to the removal of a thing is `empty`.

    Raises:
        Problem: the command was refused.
    """

    def answer(outcomes: Sequence[Outcome]) -> Answer:
        (outcome,) = outcomes
        if outcome.error:
            raise outcome.error
        headers = {POSITION_HEADER: str(outcome.position)}
        if empty or outcome.entity is None:
            return encoded_answer(204, headers, None)
        headers["ETag"] = f'"{outcome.version}"'
        body = {**document_of(outcome.entity), "position": outcome.position}
        if created_at and outcome.created:
            headers["Location"] = f"{created_at}/{outcome.target}"
            return encoded_answer(created, headers, body)
        return encoded_answer(200, headers, body)

    side: CommandSide = request.app.state.commands
    try:
        return await side.reply([submission], answer, key)
    except RegistryError as error:
        raise problem_of(error) from error


def encoded_answer(status: int, headers: dict[str, str], body: Any, *, kept: bool = True) -> Answer:
    """Return an answer as `CommandSide.reply` takes it; one not `kept` leaves the key unused."""
    reply = _Reply(status, headers, msgspec.Raw(msgspec.json.encode(body)))
    return Answer(msgspec.json.encode(reply), kept)


def submission(
    request: Request,
    caller: Caller,
    command: Command,
    target: UUID,
    client_id: UUID | None,
    expected_version: int | None = None,
) -> Submission:
    """Return the command with who wants it, taken from token and headers."""
    request_id = request_id_of(request)
    correlation_id = request.headers.get("x-correlation-id", "")
    traceparent = request.headers.get("traceparent", "")
    return Submission(
        command=command,
        target=target,
        client_id=client_id,
        expected_version=expected_version,
        provenance=Provenance(
            actor=caller.subject,
            client_id=caller.client_id,
            command_id=uuid4(),
            correlation_id=(
                correlation_id if _CORRELATION_ID.fullmatch(correlation_id) else request_id
            ),
            causation_id=request_id,
            traceparent=traceparent if _TRACEPARENT.fullmatch(traceparent) else None,
        ),
    )


async def idempotency_key(
    request: Request, caller: Caller, key: str | None
) -> IdempotencyKey | None:
    """Return the key in the scope of client and route, with the digest of the request."""
    if key is None:
        return None
    route = request.scope["route"].path_format
    whose = caller.client_id or caller.subject
    said = [request.url.path, request.url.query, request.headers.get("if-match", "")]
    digest = hashlib.sha256("\n".join(said).encode() + b"\n" + await request.body())
    return IdempotencyKey(f"{whose} {request.method} {route}", key, digest.digest())
