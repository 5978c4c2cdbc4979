"""Changing the catalogue's templates."""

from uuid import UUID

import anyio.to_thread
from fastapi import APIRouter, Request, Response

from api.access import TemplateWriter
from api.caller import Caller
from api.command_side import IfMatch, Key, idempotency_key, reply_to_one, submission, version_in
from api.problems import responses
from api.refusals import COMMAND_PROBLEMS, problem_of
from api.responses import ChangedTemplate
from projections.links import TEMPLATES_PATH
from registry import commands
from registry.errors import InvalidValue
from registry.template_draft import TemplateDraft

router = APIRouter(
    prefix=TEMPLATES_PATH, tags=["templates"], responses=responses(*COMMAND_PROBLEMS)
)


@router.post(
    "",
    status_code=201,
    response_model=ChangedTemplate,
    responses={200: {"model": ChangedTemplate, "description": "It was known already."}},
    summary="Register or revise a template",
)
async def register_template(
    request: Request,
    caller: TemplateWriter,
    draft: TemplateDraft,
    if_match: IfMatch = None,
    key: Key = None,
) -> Response:
    """Register a template from its schema, or from records to infer the schema from.

    A template of that industry, use case and dataset type is revised where it differs; one that
    does not differ is left alone.
    """
    try:
        command = await anyio.to_thread.run_sync(draft.registration, f"api:{caller.subject}")
    except InvalidValue as error:
        raise problem_of(error) from error
    target = command.definition.identity.template_id
    change = submission(request, caller, command, target, None, version_in(if_match))
    once = await idempotency_key(request, caller, key)
    return await reply_to_one(request, change, once, created_at=TEMPLATES_PATH)


@router.post(
    "/{template_id}/retire", response_model=ChangedTemplate, summary="Take a template out of use"
)
async def retire_template(
    request: Request,
    caller: TemplateWriter,
    template_id: UUID,
    command: commands.RetireTemplate,
    if_match: IfMatch = None,
    key: Key = None,
) -> Response:
    """Take a template out of use; lists leave it out unless asked for retired ones."""
    return await _change(request, caller, template_id, command, if_match, key)


@router.post(
    "/{template_id}/restore", response_model=ChangedTemplate, summary="Take it back into use"
)
async def restore_template(
    request: Request,
    caller: TemplateWriter,
    template_id: UUID,
    command: commands.RestoreTemplate,
    if_match: IfMatch = None,
    key: Key = None,
) -> Response:
    """Take a retired template back into use."""
    return await _change(request, caller, template_id, command, if_match, key)


async def _change(
    request: Request,
    caller: Caller,
    template_id: UUID,
    command: commands.Command,
    if_match: str | None,
    key: str | None,
) -> Response:
    change = submission(request, caller, command, template_id, None, version_in(if_match))
    return await reply_to_one(request, change, await idempotency_key(request, caller, key))
