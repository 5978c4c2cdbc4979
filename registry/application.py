"""Carries out commands: loads the aggregates, lets them decide, saves what they recorded."""

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import IntegrityError, StoredEvent

from registry import commands
from registry.aggregate import Aggregate
from registry.dataset_registry import DatasetRegistry
from registry.dataset_template import DatasetTemplate
from registry.errors import NotCarriedOut, RegistryError, TooManyConflicts, VersionMismatch
from registry.events import Event, Provenance
from registry.snapshots import SNAPSHOT_INTERVAL, SNAPSHOT_TOPICS, restore, snapshot_of
from registry.store import EventMapper, EventRecorder, recorder_environment

DATASET_COMMANDS: Mapping[type[commands.Command], Callable[[DatasetRegistry, UUID, Any], None]] = {
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
}


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A command on its way: at which thing it aims, and who wants it.

    `target` is the id of the dataset, connector or template, a new one for a registration;
    `client_id` is whose registry it is in, None for templates, which all clients share. With
    `expected_version` the command is refused unless the thing last changed at that version.
    """

    command: commands.Command
    target: UUID
    provenance: Provenance
    client_id: UUID | None = None
    expected_version: int | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a submission.

    `version` is the thing's version afterwards; `position` that of the last event saved along
    with it, from which on a read model shows the result; `events` is empty when nothing changed.
    A refused submission carries the `error` instead.
    """

    target: UUID
    version: int = 0
    position: int = 0
    events: Sequence[Event] = ()
    error: RegistryError | None = None


class RegistryApplication(Application[UUID]):
    """The command side: the one door through which anything in the registry changes."""

    name = "registry"
    MAX_ATTEMPTS = 10
    recorder: EventRecorder
    mapper: EventMapper

    def __init__(self, url: str) -> None:
        super().__init__(recorder_environment(url))

    def construct_mapper(self) -> EventMapper:
        """Map events to plain JSON."""
        return EventMapper()

    def submit(self, submission: Submission) -> Outcome:
        """Carry out one command.

        Raises:
            RegistryError: the command was refused; nothing was recorded.
        """
        outcome = self.submit_all([submission])[0]
        if outcome.error:
            raise outcome.error
        return outcome

    def submit_all(
        self, submissions: Sequence[Submission], *, atomic: bool = False
    ) -> list[Outcome]:
        """Carry out commands in order and save what they recorded in one transaction.

        A refused command records nothing and does not hinder the others, unless `atomic`: then
        all or none are carried out. A race lost to another writer is run again on fresh state.

        Raises:
            TooManyConflicts: every attempt lost its race; nothing was recorded.
        """
        for attempt in range(self.MAX_ATTEMPTS):
            try:
                return self._attempt(submissions, atomic)
            except IntegrityError:
                time.sleep(random.uniform(0, 0.005 * 2**attempt))  # noqa: S311 - only jitter
        raise TooManyConflicts(attempts=self.MAX_ATTEMPTS)

    def load(self, blanks: Iterable[Aggregate]) -> Mapping[UUID, Aggregate]:
        """Bring blank aggregates to their recorded state, all of them in two queries."""
        aggregates = {aggregate.id: aggregate for aggregate in blanks}
        ids = list(aggregates)
        for stored in self.recorder.select_latest_snapshots(ids, SNAPSHOT_TOPICS):
            restore(aggregates[_id(stored)], self.mapper.to_domain_event(stored))
        versions = {aggregate.id: aggregate.version for aggregate in aggregates.values()}
        for stored in self.recorder.select_streams(versions):
            aggregates[_id(stored)].apply(self.mapper.to_domain_event(stored))
        return aggregates

    def preview(self, submissions: Sequence[Submission]) -> list[Outcome]:
        """Return what would become of the submissions, and record nothing."""
        return self._decide_all(submissions)[1]

    def _decide_all(
        self, submissions: Sequence[Submission]
    ) -> tuple[Mapping[UUID, Aggregate], list[Outcome]]:
        aggregates = self.load(_blank_aggregate(submission) for submission in submissions)
        outcomes = [
            _decide(aggregates[_blank_aggregate(submission).id], submission)
            for submission in submissions
        ]
        return aggregates, outcomes

    def _attempt(self, submissions: Sequence[Submission], atomic: bool) -> list[Outcome]:
        aggregates, outcomes = self._decide_all(submissions)
        if atomic and any(outcome.error for outcome in outcomes):
            return [
                outcome if outcome.error else Outcome(target=outcome.target, error=NotCarriedOut())
                for outcome in outcomes
            ]
        position = self._save(aggregates.values())
        return [
            outcome if outcome.error else replace(outcome, position=position)
            for outcome in outcomes
        ]

    def _save(self, aggregates: Iterable[Aggregate]) -> int:
        """Save what was recorded and return the position of the last event then in the log."""
        changed = [aggregate for aggregate in aggregates if aggregate.pending_events]
        if not changed:
            return self.recorder.max_notification_id() or 0
        due = [aggregate for aggregate in changed if _snapshot_is_due(aggregate)]
        recordings = self.save(*changed)
        if due and self.snapshots:
            self.snapshots.put([snapshot_of(aggregate) for aggregate in due])
        return recordings[-1].notification.id


def _decide(aggregate: Aggregate, submission: Submission) -> Outcome:
    target, command = submission.target, submission.command
    before = len(aggregate.pending_events)
    aggregate.provenance = submission.provenance
    try:
        current = aggregate.entity_version(target)
        if submission.expected_version not in (None, current):
            raise VersionMismatch(expected=submission.expected_version, current=current)
        if isinstance(aggregate, DatasetRegistry):
            DATASET_COMMANDS[type(command)](aggregate, target, command)
        elif isinstance(aggregate, DatasetTemplate):
            TEMPLATE_COMMANDS[type(command)](aggregate, target, command)
    except RegistryError as error:
        return Outcome(target=target, error=error)
    return Outcome(
        target=target,
        version=aggregate.entity_version(target),
        events=aggregate.pending_events[before:],
    )


def _blank_aggregate(submission: Submission) -> Aggregate:
    if type(submission.command) in TEMPLATE_COMMANDS:
        return DatasetTemplate(submission.target)
    if submission.client_id is None:
        raise TypeError(f"a {type(submission.command).__name__} needs the client it is for")
    return DatasetRegistry(submission.client_id)


def _snapshot_is_due(aggregate: Aggregate) -> bool:
    before = aggregate.version - len(aggregate.pending_events)
    return aggregate.version // SNAPSHOT_INTERVAL > before // SNAPSHOT_INTERVAL


def _id(stored: StoredEvent) -> UUID:
    assert isinstance(stored.originator_id, UUID)  # noqa: S101 - the column's type
    return stored.originator_id
