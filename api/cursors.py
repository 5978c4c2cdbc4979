"""Cursors: where the next page of a search begins, as opaque text in a link."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, NamedTuple

import msgspec
from fastapi import Query

from api.problems import Problem, ProblemType
from projections.search.pages import Place
from registry.errors import InvalidValue
from registry.text import storable

Cursor = Annotated[
    str | None,
    Query(max_length=400, description="From the link to the next page; leave it as it is."),
]


class Onward(NamedTuple):
    """Behind which place to go on, in what was found as of a position."""

    as_of: Annotated[int, msgspec.Meta(ge=0, lt=10**18)]
    rank: Annotated[int, msgspec.Meta(ge=-(10**18), lt=10**18)]
    key: str

    @property
    def place(self) -> Place:
        """The last thing shown."""
        return Place(self.rank, self.key)


def written(onward: Onward) -> str:
    """Return a cursor."""
    return urlsafe_b64encode(msgspec.json.encode(onward)).decode().rstrip("=")


def read(cursor: str) -> Onward:
    """Return what a cursor says.

    Raises:
        Problem: it is not one that this service has made.
    """
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        onward = msgspec.json.decode(urlsafe_b64decode(padded), type=Onward)
        storable(onward.key)
    except (ValueError, msgspec.MsgspecError, InvalidValue):
        detail = "This is no cursor of this service; take the one from the link to the next page."
        errors = [{"parameter": "cursor", "detail": detail}]
        raise Problem(ProblemType.INVALID_REQUEST, detail, errors=errors) from None
    return onward
