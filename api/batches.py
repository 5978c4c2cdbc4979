"""Many commands in one request, each with its own outcome, or all or none."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Union
from uuid import UUID, uuid4

import anyio.to_thread
from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool, create_model

from api.access import Writer, require_scopes
from api.caller import Caller, Scope
from api.changes import owner_of
from api.command_side import CommandSide, encoded_answer, idempotency_key, submission
from api.pages import POSITION_HEADER
from api.problems import responses
from api.refusals import COMMAND_PROBLEMS, kind_of, problem_of
from api.responses import BatchResult
from api.template_commands import scopes_beyond
from projections.connectors import connector_by_id
from projections.datasets import dataset_by_id
from projections.documents import document_of
from projections.links import ROOT
from registry import commands
from registry.application import Answer
from registry.compatibility import Mode
from registry.errors import InvalidValue, RegistryError
from registry.submission import Outcome, Submission
from registry.template_draft import TemplateDraft

MAX_COMMANDS = 500

Named = Mapping[str, type[commands.Command]]
"""Commands by their names in a batch."""

REGISTRATIONS: Named = {
    "register_dataset": commands.RegisterDataset,
    "register_connector": commands.RegisterConnector,
    "register_template": TemplateDraft,
}
DATASET_CHANGES: Named = {
    "revise_dataset": commands.ReviseDataset,
    "change_dataset_status": commands.ChangeDatasetStatus,
    "record_quality_checks": commands.RecordQualityChecks,
    "retire_dataset": commands.RetireDataset,
}
CONNECTOR_CHANGES: Named = {
    "revise_connector": commands.ReviseConnector,
    "record_connector_health": commands.RecordConnectorHealth,
    "remove_connector": commands.RemoveConnector,
}
TEMPLATE_CHANGES: Named = {
    "retire_template": commands.RetireTemplate,
    "restore_template": commands.RestoreTemplate,
    "set_compatibility_mode": commands.SetCompatibilityMode,
    "refine_template": commands.RefineTemplate,
    "withdraw_refinement": commands.WithdrawRefinement,
    "review_template": commands.ReviewTemplate,
}


class Item(BaseModel):
    """One command of a batch."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    command: str
    id: UUID | None = None
    expected_version: Annotated[int, Field(strict=True, ge=0, le=2**53)] | None = None
    body: commands.Command

    def made(self, caller: Caller, mode: Mode) -> tuple[commands.Command, UUID]:
        """Return the command and the id of the thing it aims at, a new one if it names none.

        A template that is registered first is to keep the `mode`.
        """
        if isinstance(self.body, TemplateDraft):
            registration = self.body.registration(f"api:{caller.subject}", mode)
            return registration, registration.definition.identity.template_id
        return self.body, self.id or uuid4()


def _item(name: str, command: type[commands.Command], **fields: Any) -> type[Item]:
    shape: dict[str, Any] = {"command": Literal[name], "body": command, **fields}
    return create_model(f"{command.__name__}Item", __base__=Item, **shape)


_ITEMS = [
    *(_item(name, command, id=(None, None)) for name, command in REGISTRATIONS.items()),
    *(
        _item(name, command, id=UUID)
        for name, command in {**DATASET_CHANGES, **CONNECTOR_CHANGES, **TEMPLATE_CHANGES}.items()
    ),
]


class Batch(BaseModel):
    """Up to 500 commands; with `atomic` all are carried out or none is."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    atomic: StrictBool = False
    commands: Annotated[
        list[Annotated[Union[tuple(_ITEMS)], Field(discriminator="command")]],  # type: ignore[valid-type]  # noqa: UP007
        Field(min_length=1, max_length=MAX_COMMANDS),
    ]


router = APIRouter(prefix=f"{ROOT}/commands", tags=["commands"])

_PROBLEMS = responses(*COMMAND_PROBLEMS)


@router.post(
    "",
    response_model=BatchResult,
    responses={**_PROBLEMS, 409: {**_PROBLEMS[409], "model": BatchResult}},
    summary="Carry out many commands",
)
async def carry_out(
    request: Request,
    caller: Writer,
    batch: Batch,
    key: Annotated[str, Header(alias="Idempotency-Key", pattern=r"^[!-~]{1,200}$")],
) -> Response:
    """Carry out the commands in order and save their events in one transaction.

    Each has its own outcome, with the status that its own request would have had; with `atomic`
    the first one refused has all refused, and the answer is 409.
    """
    side: CommandSide = request.app.state.commands

    def answer(outcomes: Sequence[Outcome]) -> Answer:
        done = [outcome for outcome in outcomes if not outcome.error]
        position = max((outcome.position for outcome in done), default=0)
        headers = {POSITION_HEADER: str(position)} if done else {}
        body = {"position": position, "outcomes": [_outcome(outcome) for outcome in outcomes]}
        status = 409 if batch.atomic and len(done) < len(outcomes) else 200
        return encoded_answer(status, headers, body, kept=bool(done))

    try:
        submissions = [
            await _submission(request, caller, number, item)
            for number, item in enumerate(batch.commands, 1)
        ]
        once = await idempotency_key(request, caller, key)
        return await side.reply(submissions, answer, once, atomic=batch.atomic)
    except RegistryError as error:
        raise problem_of(error) from error


async def _submission(request: Request, caller: Caller, number: int, item: Item) -> Submission:
    client_id = await _client(request, caller, item)
    try:
        mode: Mode = request.app.state.compatibility_mode
        command, target = await anyio.to_thread.run_sync(item.made, caller, mode)
    except InvalidValue as error:
        place = f"command {number}, {error.facts['place']}"
        raise InvalidValue(place=place, reason=error.facts["reason"]) from None
    return submission(request, caller, command, target, client_id, item.expected_version)


async def _client(request: Request, caller: Caller, item: Item) -> UUID | None:
    if item.command in TEMPLATE_CHANGES or isinstance(item.body, TemplateDraft):
        require_scopes(request, caller, Scope.TEMPLATES_WRITE)
        require_scopes(request, caller, *scopes_beyond(item.body))
        return None
    if item.command in DATASET_CHANGES:
        return await owner_of(request, caller, dataset_by_id, item.id)
    if item.command in CONNECTOR_CHANGES:
        return await owner_of(request, caller, connector_by_id, item.id)
    return caller.own_client()


def _outcome(outcome: Outcome) -> dict[str, Any]:
    if outcome.error:
        kind = kind_of(outcome.error)
        problem = {"type": kind.uri, "title": kind.title, "status": kind.status}
        if verdict := outcome.error.facts.get("verdict"):
            problem["verdict"] = verdict
        return {"status": kind.status, "problem": {**problem, "detail": str(outcome.error)}}
    shown = document_of(outcome.entity) if outcome.entity else None
    return {"status": 201 if outcome.created else 200, "version": outcome.version, "result": shown}
