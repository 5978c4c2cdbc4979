"""Commands on their way, how aggregates are found for them, and what became of them."""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from registry import commands
from registry.aggregate import Aggregate, Entity
from registry.dataset_registry import DatasetRegistry
from registry.dataset_template import DatasetTemplate
from registry.errors import RegistryError, VersionMismatch
from registry.events import Event, Provenance
from registry.recommendation import Recommendation, RecommendationModel
from registry.scanned_source import ScannedSource

REGISTRY_COMMANDS: Mapping[type[commands.Command], Callable[[DatasetRegistry, UUID, Any], None]] = {
    commands.RegisterDataset: DatasetRegistry.register_dataset,
    commands.ReviseDataset: DatasetRegistry.revise_dataset,
    commands.ChangeDatasetStatus: DatasetRegistry.change_status,
    commands.RetireDataset: DatasetRegistry.retire_dataset,
    commands.RecordQualityChecks: DatasetRegistry.record_quality,
    commands.RegisterConnector: DatasetRegistry.register_connector,
    commands.ReviseConnector: DatasetRegistry.revise_connector,
    commands.RecordConnectorHealth: DatasetRegistry.record_health,
    commands.RemoveConnector: DatasetRegistry.remove_connector,
}

TEMPLATE_COMMANDS: Mapping[type[commands.Command], Callable[[DatasetTemplate, UUID, Any], None]] = {
    commands.RegisterTemplate: DatasetTemplate.register,
    commands.RetireTemplate: DatasetTemplate.retire,
    commands.RestoreTemplate: DatasetTemplate.restore,
    commands.SetCompatibilityMode: DatasetTemplate.set_compatibility_mode,
    commands.RefineTemplate: DatasetTemplate.refine,
    commands.WithdrawRefinement: DatasetTemplate.withdraw_refinement,
    commands.ReviewTemplate: DatasetTemplate.review,
}

SCAN_COMMANDS: Mapping[type[commands.Command], Callable[[ScannedSource, UUID, Any], None]] = {
    commands.ListSource: ScannedSource.list_source,
    commands.RequestScan: ScannedSource.request,
    commands.StartScan: ScannedSource.start,
    commands.RecordScanProgress: ScannedSource.progress,
    commands.ReleaseScan: ScannedSource.release,
    commands.FinishScan: ScannedSource.finish,
    commands.FailScan: ScannedSource.fail,
}

RECOMMENDATION_COMMANDS: Mapping[
    type[commands.Command], Callable[[Recommendation, UUID, Any], None]
] = {commands.JudgeRecommendation: Recommendation.judge}

MODEL_COMMANDS: Mapping[
    type[commands.Command], Callable[[RecommendationModel, UUID, Any], None]
] = {commands.AdoptRecommendationModel: RecommendationModel.adopt}


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A command on its way: at which thing it aims, and who wants it.

    `target` is the id of the thing, a new one for a registration; `client_id` is whose registry a
    dataset or connector is in, and None for templates and scans, which all share. With
    `expected_version` the command is refused unless the thing last changed at that version.
    """

    command: commands.Command
    target: UUID
    provenance: Provenance
    client_id: UUID | None = None
    expected_version: int | None = None

    def blank_aggregate(self) -> Aggregate:
        """Return the aggregate that decides, before any of its events is applied."""
        if type(self.command) in TEMPLATE_COMMANDS:
            return DatasetTemplate(self.target)
        if isinstance(self.command, commands.ScanCommand):
            return ScannedSource(self.command.source)
        if type(self.command) in RECOMMENDATION_COMMANDS:
            return Recommendation(self.target)
        if type(self.command) in MODEL_COMMANDS:
            return RecommendationModel()
        if self.client_id is None:
            raise TypeError(f"a {type(self.command).__name__} needs the client it is for")
        return DatasetRegistry(self.client_id)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a submission.

    `entity` is the thing as the command left it, and `version` that at which it last changed;
    `position` is that of the last event saved along with it, from which on a read model shows the
    result; `events` is empty when nothing changed. `created` tells that there was no such thing
    before. A refused submission has its `error` instead.
    """

    target: UUID
    entity: Entity | None = None
    version: int = 0
    position: int = 0
    events: Sequence[Event] = ()
    created: bool = False
    error: RegistryError | None = None


def decide(aggregate: Aggregate, submission: Submission) -> Outcome:
    """Have the aggregate carry out the command; nothing is saved yet."""
    target, command = submission.target, submission.command
    entity = aggregate.entity(target)
    recorded = len(aggregate.pending_events)
    aggregate.provenance = submission.provenance
    try:
        current = entity.version if entity else 0
        if submission.expected_version not in (None, current):
            raise VersionMismatch(expected=submission.expected_version, current=current)
        if isinstance(aggregate, DatasetRegistry):
            REGISTRY_COMMANDS[type(command)](aggregate, target, command)
        elif isinstance(aggregate, DatasetTemplate):
            TEMPLATE_COMMANDS[type(command)](aggregate, target, command)
        elif isinstance(aggregate, ScannedSource):
            SCAN_COMMANDS[type(command)](aggregate, target, command)
        elif isinstance(aggregate, Recommendation):
            RECOMMENDATION_COMMANDS[type(command)](aggregate, target, command)
        elif isinstance(aggregate, RecommendationModel):
            MODEL_COMMANDS[type(command)](aggregate, target, command)
    except RegistryError as error:
        return Outcome(target=target, error=error)
    created = entity is None
    # What was retired or removed has left the aggregate, but is known from before.
    entity = copy.copy(aggregate.entity(target) or entity)
    return Outcome(
        target=target,
        entity=entity,
        version=entity.version if entity else 0,
        events=aggregate.pending_events[recorded:],
        created=created,
    )
