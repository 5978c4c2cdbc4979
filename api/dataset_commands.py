"""Changing datasets."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.access import Writer
from api.changes import IfMatch, change, owner_of, register
from api.command_side import Key
from api.problems import responses
from api.refusals import COMMAND_PROBLEMS
from api.responses import ChangedDataset
from projections.datasets import dataset_by_id
from projections.links import DATASETS_PATH
from registry import commands
from registry.text import Text

router = APIRouter(prefix=DATASETS_PATH, tags=["datasets"], responses=responses(*COMMAND_PROBLEMS))


@router.post("", status_code=201, response_model=ChangedDataset, summary="Register a dataset")
async def register_dataset(
    request: Request, caller: Writer, command: commands.RegisterDataset, key: Key = None
) -> Response:
    """Register a dataset as provisioning; it takes the slot of its stage and type."""
    return await register(request, caller, command, key, DATASETS_PATH)


@router.patch("/{dataset_id}", response_model=ChangedDataset, summary="Revise a dataset")
async def revise_dataset(
    request: Request,
    caller: Writer,
    dataset_id: UUID,
    command: commands.ReviseDataset,
    if_match: IfMatch = None,
    key: Key = None,
) -> Response:
    """Change a dataset's name, tags or other metadata; what is left out stays."""
    return await _change(request, caller, dataset_id, command, if_match, key)


@router.post("/{dataset_id}/status", response_model=ChangedDataset, summary="Change the status")
async def change_status(
    request: Request,
    caller: Writer,
    dataset_id: UUID,
    command: commands.ChangeDatasetStatus,
    if_match: IfMatch = None,
    key: Key = None,
) -> Response:
    """Move a dataset along its life; READY needs four quality checks and a score of 95."""
    return await _change(request, caller, dataset_id, command, if_match, key)


@router.post(
    "/{dataset_id}/quality-checks", response_model=ChangedDataset, summary="Record quality checks"
)
async def record_quality_checks(
    request: Request,
    caller: Writer,
    dataset_id: UUID,
    command: commands.RecordQualityChecks,
    if_match: IfMatch = None,
    key: Key = None,
) -> Response:
    """Record results; READY is lost below 95, and gained from 95 on where `promote` asks for it."""
    return await _change(request, caller, dataset_id, command, if_match, key)


@router.delete("/{dataset_id}", response_model=ChangedDataset, summary="Retire a dataset")
async def retire_dataset(
    request: Request,
    caller: Writer,
    dataset_id: UUID,
    reason: Annotated[Text, Query()] = "",
    if_match: IfMatch = None,
    key: Key = None,
) -> Response:
    """Retire a dataset for good; its slot is free again."""
    command = commands.RetireDataset(reason=reason)
    return await _change(request, caller, dataset_id, command, if_match, key)


async def _change(
    request: Request,
    caller: Writer,
    dataset_id: UUID,
    command: commands.Command,
    if_match: str | None,
    key: str | None,
) -> Response:
    owner = await owner_of(request, caller, dataset_by_id, dataset_id)
    return await change(request, caller, command, dataset_id, owner, if_match, key)
