"""The moment that a read is about: now, once some position is reached, or as of one in the past."""

import re
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query, Request

from api.problems import Problem, ProblemType
from api.read_database import Moment, reads
from projections.query import Query as Statement
from registry.store.log import HEAD, POSITION_AT

MinPosition = Annotated[
    int,
    Query(ge=0, lt=2**63, description="Wait until the answer reflects at least this position."),
]
AsOf = Annotated[
    str | None,
    Query(
        description="Answer as it stood then: at a position, or at a time (RFC 3339).",
        max_length=40,
        examples=["1", "2026-01-31T12:00:00Z"],
    ),
]

_POSITION = re.compile(r"\d{1,18}")


async def moment(request: Request, as_of: str | None, min_position: int) -> Moment:
    """Return the moment that a request's parameters name.

    Raises:
        Problem: the moment lies in the future (400), or is no position and no time (422).
    """
    if as_of is None:
        return Moment(None, min_position)
    if _POSITION.fullmatch(as_of):
        position = int(as_of)
        (head,) = await reads(request).values(Statement(HEAD, {}))
        if position > head:
            raise _future(f"Position {position} lies in the future; the last one is {head}.")
    else:
        (position,) = await reads(request).values(Statement(POSITION_AT, {"time": _time(as_of)}))
    return Moment(position, max(position, min_position))


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        detail = "as_of is a position, or a time with its zone as in 2026-01-31T12:00:00Z."
        raise _refusal(ProblemType.INVALID_REQUEST, detail)
    if time > datetime.now(UTC):
        raise _future(f"{text} lies in the future.")
    return time


def _future(detail: str) -> Problem:
    return _refusal(ProblemType.FUTURE_MOMENT, detail)


def _refusal(kind: ProblemType, detail: str) -> Problem:
    return Problem(kind, detail, errors=[{"parameter": "as_of", "detail": detail}])
