"""All events in the order of the log, for whoever follows them: in batches, or as a stream."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

import orjson
from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)

from api.access import Reader
from api.caller import Caller
from api.cloud_events import BATCH, cloud_event
from api.event_stream import EventStream, EventStreamResponse
from api.event_tail import EventTail
from api.log_database import log_database
from api.pages import POSITION_HEADER
from api.problems import Problem, ProblemType, responses
from api.responses import CloudEvent
from projections.links import ROOT
from registry.dataset_registry import DatasetRegistry
from registry.store.history import (
    REGISTRY_TOPICS,
    SCAN_TOPICS,
    TEMPLATE_TOPICS,
    Page,
    View,
    head,
    read_page,
)

MAX_FOLLOWERS = 200

HEAD_HEADER = "X-Registry-Head"

_TOPICS = sorted((*REGISTRY_TOPICS, *TEMPLATE_TOPICS, *SCAN_TOPICS))

_STREAM = "text/event-stream"

_STREAMED = 'data: {"specversion":"1.0","id":"1207","type":"QualityScored",…}\nid: 1207\n\n'


def _split(types: object) -> object:
    """Return the types one by one, whether given in one parameter or in several."""
    if not isinstance(types, list):
        return types
    return [each for part in types for each in str(part).split(",")]


def _known(topic: str) -> str:
    if topic not in _TOPICS:
        raise ValueError(f"there is no type {topic!r}; there are {', '.join(_TOPICS)}")
    return topic


EventType = Annotated[
    str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": _TOPICS})
]


class Wanted(BaseModel):
    """Which events are wanted; a parameter that is misspelt would give all, and so is refused."""

    model_config = ConfigDict(extra="forbid")

    after: int = Field(
        0, ge=0, lt=2**63, description="The position to go on from; past the end is the end."
    )
    types: Annotated[list[EventType], BeforeValidator(_split)] | None = Field(
        None, description="Only events of these types, separated by commas or given one by one."
    )
    client_id: UUID | None = Field(
        None, description="Only events that this client sees: its own, and those of templates."
    )
    limit: int = Field(100, ge=1, le=1_000, description="How many events at most in a batch.")

    def view(self, caller: Caller) -> View:
        """Return what the caller gets to see of what is wanted.

        Raises:
            Problem: another client's events are wanted, or the caller acts for none.
        """
        tenant = caller.tenant(self.client_id)
        return View(
            registry_id=DatasetRegistry(tenant).id if isinstance(tenant, UUID) else None,
            topics=frozenset(self.types) if self.types else None,
        )


class CloudEventBatch(JSONResponse):
    """An answer in the batched JSON format of CloudEvents."""

    media_type = BATCH

    def render(self, content: Sequence[Mapping[str, Any]]) -> bytes:
        """Return the events as JSON."""
        return orjson.dumps(content)


router = APIRouter(
    prefix=f"{ROOT}/events",
    tags=["events"],
    responses=responses(
        ProblemType.UNAUTHORIZED,
        ProblemType.INSUFFICIENT_SCOPE,
        ProblemType.FORBIDDEN,
        ProblemType.TOO_MANY_REQUESTS,
        ProblemType.UNAVAILABLE,
    ),
)


@router.get(
    "",
    response_class=CloudEventBatch,
    response_model=list[CloudEvent],
    responses={
        200: {
            "description": "The next events: a batch, or for `Accept: text/event-stream` a stream",
            "content": {_STREAM: {"schema": {"type": "string"}, "example": _STREAMED}},
            "headers": {
                POSITION_HEADER: {
                    "description": "The position up to which the batch has all events in view.",
                    "schema": {"type": "integer"},
                },
                HEAD_HEADER: {
                    "description": "The position of the last event there is.",
                    "schema": {"type": "integer"},
                },
                "Link": {
                    "description": "Where to go on (`next`), now or once there is more.",
                    "schema": {"type": "string"},
                },
            },
        }
    },
    summary="Follow the events",
)
async def list_events(
    request: Request,
    caller: Reader,
    wanted: Annotated[Wanted, Query()],
    last_event_id: Annotated[
        int | None,
        Header(
            alias="Last-Event-ID",
            ge=0,
            lt=2**63,
            description="The position to go on from in a stream; it counts before `after`.",
        ),
    ] = None,
) -> Response:
    """Give the events after a position, as CloudEvents in the order in which they were recorded.

    Follow the `next` link to miss none: it moves on even where nothing in view was found, which
    may happen before the head is reached. With `Accept: text/event-stream` events are sent as
    they are recorded; the id of each is its position, and `Last-Event-ID` resumes after it.
    """
    view = wanted.view(caller)
    if _STREAM in request.headers.get("accept", ""):
        after = wanted.after if last_event_id is None else last_event_id
        return await _stream(request, caller, view, after)
    async with log_database(request).connection() as connection:
        page = await read_page(connection, view, wanted.after, wanted.limit)
    return _batch(request, caller, page)


def _batch(request: Request, caller: Caller, page: Page) -> Response:
    asked = [each for each in request.query_params.multi_items() if each[0] != "after"]
    following = f"{request.scope['path']}?{urlencode([*asked, ('after', page.position)])}"
    headers = {
        POSITION_HEADER: str(page.position),
        HEAD_HEADER: str(page.head),
        "Link": f'<{following}>; rel="next"',
        "Vary": "Accept",
    }
    events = [cloud_event(caller, event) for event in page.events]
    return CloudEventBatch(events, headers=headers)


async def _stream(request: Request, caller: Caller, view: View, after: int) -> Response:
    """Answer with a stream, unless there are as many as there may be.

    Raises:
        Problem: there are.
    """
    tail: EventTail = request.app.state.tail
    if tail.followers >= MAX_FOLLOWERS:
        detail = f"{MAX_FOLLOWERS} streams are being sent; ask for batches, or try again later."
        raise Problem(ProblemType.TOO_MANY_REQUESTS, detail, headers={"Retry-After": "10"})
    database = log_database(request)
    async with database.connection() as connection:
        position = min(after, await head(connection))
    return EventStreamResponse(EventStream(caller, view, position, tail, database), tail)
