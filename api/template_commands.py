"""Changing the catalogue's templates."""

from uuid import UUID

import anyio.to_thread
from fastapi import APIRouter, Request, Response

from api.access import Admin, TemplateWriter, require_scopes
from api.caller import Caller, Scope
from api.changes import IfMatch, change
from api.command_side import Key
from api.problems import responses
from api.refusals import COMMAND_PROBLEMS, problem_of
from api.responses import ChangedTemplate
from projections.links import TEMPLATES_PATH
from registry import commands
from registry.compatibility import Mode
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
    does not differ is left alone. A schema that breaks the compatibility mode is refused, unless
    an administrator says in `accept_breaking` why it is to be taken.
    """
    require_scopes(request, caller, *scopes_beyond(draft))
    mode: Mode = request.app.state.compatibility_mode
    try:
        command = await anyio.to_thread.run_sync(draft.registration, f"api:{caller.subject}", mode)
    except InvalidValue as error:
        raise problem_of(error) from error
    target = command.definition.identity.template_id
    return await change(
        request, caller, command, target, None, if_match, key, created_at=TEMPLATES_PATH
    )


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


@router.put(
    "/{template_id}/compatibility-mode",
    response_model=ChangedTemplate,
    summary="Set what a new version of the schema has to keep",
)
async def set_compatibility_mode(
    request: Request,
    caller: Admin,
    template_id: UUID,
    command: commands.SetCompatibilityMode,
    if_match: IfMatch = None,
    key: Key = None,
) -> Response:
    """Set the compatibility mode; it holds for what comes, and earlier versions stay."""
    return await _change(request, caller, template_id, command, if_match, key)


@router.post(
    "/{template_id}/refinements",
    response_model=ChangedTemplate,
    summary="Pin or correct fields",
)
async def refine_template(
    request: Request,
    caller: TemplateWriter,
    template_id: UUID,
    command: commands.RefineTemplate,
    if_match: IfMatch = None,
    key: Key = None,
) -> Response:
    """Say what fields are, over what was inferred or declared; later scans keep it.

    Fields are named by path, as in the statistics. The schema that follows has to keep the
    compatibility mode, or an administrator says in `accept_breaking` why not.
    """
    return await _change(request, caller, template_id, command, if_match, key)


@router.post(
    "/{template_id}/refinements/withdraw",
    response_model=ChangedTemplate,
    summary="Leave a field to inference again",
)
async def withdraw_refinement(
    request: Request,
    caller: TemplateWriter,
    template_id: UUID,
    command: commands.WithdrawRefinement,
    if_match: IfMatch = None,
    key: Key = None,
) -> Response:
    """Take back all that was said of a field."""
    return await _change(request, caller, template_id, command, if_match, key)


@router.post(
    "/{template_id}/review", response_model=ChangedTemplate, summary="Approve of a template"
)
async def review_template(
    request: Request,
    caller: TemplateWriter,
    template_id: UUID,
    command: commands.ReviewTemplate,
    if_match: IfMatch = None,
    key: Key = None,
) -> Response:
    """Approve of what inference is unsure of; it is not asked again until that is another."""
    return await _change(request, caller, template_id, command, if_match, key)


def scopes_beyond(command: commands.Command) -> list[Scope]:
    """Return the scopes that a command needs beyond those of its route: others rely on promises."""
    opens_gate = isinstance(command, commands.SetCompatibilityMode)
    return [Scope.ADMIN] if opens_gate or getattr(command, "accept_breaking", None) else []


async def _change(
    request: Request,
    caller: Caller,
    template_id: UUID,
    command: commands.Command,
    if_match: str | None,
    key: str | None,
) -> Response:
    require_scopes(request, caller, *scopes_beyond(command))
    return await change(request, caller, command, template_id, None, if_match, key)
