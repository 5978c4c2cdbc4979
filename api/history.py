"""What happened to a dataset, a connector or a template, from the log itself."""

from contextlib import suppress
from typing import Annotated, Literal, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.access import Reader
from api.caller import Caller
from api.log_database import log_database
from api.pages import POSITION_HEADER
from api.problems import Problem, ProblemType, responses
from api.read_database import TableMissing, reads
from api.responses import History
from api.story import Story, StoryPage, told
from projections.connectors import CONNECTORS, connector_by_id
from projections.datasets import DATASETS, dataset_by_id
from projections.links import CONNECTORS_PATH, DATASETS_PATH, TEMPLATES_PATH, link
from projections.query import EVERYONE, Lookup
from projections.read_model import ReadModel
from projections.templates import TEMPLATES, template_by_id
from registry.dataset_registry import DatasetRegistry
from registry.store.history import Thing, events_of, head, stream_of

router = APIRouter(
    responses=responses(
        ProblemType.UNAUTHORIZED,
        ProblemType.INSUFFICIENT_SCOPE,
        ProblemType.FORBIDDEN,
        ProblemType.NOT_FOUND,
        ProblemType.UNAVAILABLE,
    ),
)


class Kind(NamedTuple):
    """A kind of thing that has a history, and where its state is told."""

    name: str
    model: ReadModel
    lookup: Lookup

    def thing(self, thing_id: UUID) -> Thing:
        """Return the thing of this kind with that id, as the log knows it."""
        return Thing(f"{self.name}_id", thing_id, self.model.topics)


DATASET = Kind("dataset", DATASETS, dataset_by_id)
CONNECTOR = Kind("connector", CONNECTORS, connector_by_id)
TEMPLATE = Kind("template", TEMPLATES, template_by_id)


class Part(BaseModel):
    """Which part of a history is wanted."""

    model_config = ConfigDict(extra="forbid")

    order: Literal["asc", "desc"] = Field("desc", description="`desc` has the newest first.")
    cursor: int | None = Field(
        None, ge=1, lt=2**63, description="The position to go on from, as in the `next` link."
    )
    limit: int = Field(50, ge=1, le=200, description="How many events at most.")

    @property
    def newest_first(self) -> bool:
        """Whether the last events are wanted, rather than the first ones."""
        return self.order == "desc"

    def begins_after(self, position: int) -> bool:
        """Whether the part lies wholly after the position."""
        return not self.newest_first and self.cursor is not None and position <= self.cursor

    def ends_before(self, position: int) -> bool:
        """Whether the part lies wholly before the position."""
        return self.newest_first and self.cursor is not None and position >= self.cursor


@router.get(
    DATASETS_PATH + "/{dataset_id}/history",
    tags=["datasets"],
    response_model=History,
    summary="Show a dataset's history",
)
async def show_dataset_history(
    request: Request, dataset_id: UUID, caller: Reader, part: Annotated[Part, Query()]
) -> Response:
    """Show every event of a dataset: who caused it and when, and what it changed."""
    stream = await _stream_of_owned(request, caller, DATASET, dataset_id)
    return await _history(request, caller, DATASET, dataset_id, stream, part)


@router.get(
    CONNECTORS_PATH + "/{connector_id}/history",
    tags=["connectors"],
    response_model=History,
    summary="Show a connector's history",
)
async def show_connector_history(
    request: Request, connector_id: UUID, caller: Reader, part: Annotated[Part, Query()]
) -> Response:
    """Show every event of a connector, removed or not: who caused it, when, what it changed."""
    stream = await _stream_of_owned(request, caller, CONNECTOR, connector_id)
    return await _history(request, caller, CONNECTOR, connector_id, stream, part)


@router.get(
    TEMPLATES_PATH + "/{template_id}/history",
    tags=["templates"],
    response_model=History,
    summary="Show a template's history",
)
async def show_template_history(
    request: Request, template_id: UUID, caller: Reader, part: Annotated[Part, Query()]
) -> Response:
    """Show every event of a template: when it was, what it changed, who of your own caused it."""
    return await _history(request, caller, TEMPLATE, template_id, template_id, part)


async def _stream_of_owned(request: Request, caller: Caller, kind: Kind, thing_id: UUID) -> UUID:
    """Return the stream that tells of a thing: the caller's registry, for an administrator any.

    Raises:
        Problem: the caller acts for no client, or nobody ever had such a thing.
    """
    if not caller.is_admin:
        return DatasetRegistry(caller.own_client()).id
    with suppress(TableMissing):
        _, _, document = await reads(request).row(kind.lookup.of(EVERYONE, thing_id))
        if document:
            return DatasetRegistry(UUID(orjson.loads(document)["client_id"])).id
    # Not projected yet, or gone: only the log knows, and it takes a search.
    async with log_database(request).connection() as connection:
        stream = await stream_of(connection, kind.thing(thing_id))
    if stream is None:
        raise _unknown(kind)
    return stream


async def _history(
    request: Request, caller: Caller, kind: Kind, thing_id: UUID, stream: UUID, part: Part
) -> Response:
    """Answer with a part of what the stream tells of a thing.

    Raises:
        Problem: the stream tells nothing of it.
    """
    story, page = Story(kind.model), StoryPage(part.limit, newest_first=part.newest_first)
    is_known = False
    async with log_database(request).connection() as connection:
        position = await head(connection)
        async for event in events_of(connection, stream, kind.thing(thing_id)):
            is_known = True
            if event.position > position or part.ends_before(event.position) or page.is_complete:
                break
            changes = story.changes(event)
            if not part.begins_after(event.position):
                page.add(event.position, told(caller, event, changes))
    if not is_known:
        raise _unknown(kind)
    events, last = page.events()
    links = _links(request, last if page.has_next else None)
    body = b'{"events":%b,"_links":%b}' % (events, orjson.dumps(links))
    headers = {POSITION_HEADER: str(position)}
    return Response(body, headers=headers, media_type="application/json")


def _links(request: Request, cursor: int | None) -> dict[str, dict[str, str]]:
    path, asked = request.scope["path"], dict(request.query_params)
    pages = {"self": asked} | ({"next": {**asked, "cursor": cursor}} if cursor else {})
    return {
        relation: link(f"{path}?{urlencode(values)}" if values else path)
        for relation, values in pages.items()
    }


def _unknown(kind: Kind) -> Problem:
    return Problem(ProblemType.NOT_FOUND, f"There is no such {kind.name}.")
