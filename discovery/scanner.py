"""Scanning a repository: every template read is registered, every problem reported."""

import getpass
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

from discovery.definition import registration
from discovery.template_file import UnreadableTemplate, read_template
from discovery.template_repository import FoundFile, found_files
from registry.application import RegistryApplication
from registry.commands import RegisterTemplate
from registry.events import DatasetTemplateRegistered, Event, Provenance
from registry.submission import Outcome, Submission

BATCH = 200
"""Templates that are registered in one transaction."""


class Change(StrEnum):
    """What a scan changed about a template."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A file that gave no template, with the place in it and the reason."""

    path: str
    place: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.path, self.place, self.reason) if part)


@dataclass(frozen=True, kw_only=True)
class ScannedTemplate:
    """A template that was read, and the events that its registration appended, or would have."""

    path: str
    template_id: UUID
    identity: str
    change: Change
    has_sample: bool
    events: Sequence[Event]


@dataclass(kw_only=True)
class ScanReport:
    """What a scan found; `position` is the registry's after it."""

    source: str
    templates: list[ScannedTemplate] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    position: int = 0

    def count(self, change: Change) -> int:
        """Return the number of templates that changed in that way."""
        return sum(template.change is change for template in self.templates)


class _Reading(NamedTuple):
    path: str
    command: RegisterTemplate


class Scanner:
    """Scans a repository of templates; with `dry_run` nothing is registered.

    `on_file` is called after each file with its size in bytes, to show progress.
    """

    def __init__(
        self,
        application: RegistryApplication,
        *,
        dry_run: bool = False,
        on_file: Callable[[int], None] = lambda size: None,
    ) -> None:
        self._application = application
        self._carry_out = application.preview if dry_run else application.submit_all
        self._on_file = on_file
        self._scan_id = uuid4()

    def scan(self, source: Path) -> ScanReport:
        """Read every template at or below the source and register it.

        Raises:
            FileNotFoundError: there is nothing at the source.
        """
        report = ScanReport(source=str(source))
        seen: dict[UUID, str] = {}
        batch: list[_Reading] = []
        for file in found_files(source):
            try:
                batch.append(self._read(file, seen))
            except UnreadableTemplate as problem:
                report.failures.append(
                    Failure(path=str(file), place=problem.place, reason=problem.reason)
                )
            if len(batch) == BATCH:
                self._register(batch, report)
                batch = []
        self._register(batch, report)
        return report

    def _read(self, file: FoundFile, seen: dict[UUID, str]) -> _Reading:
        content = file.content()
        self._on_file(len(content))
        command = registration(read_template(content), file.path_identity, str(file))
        template_id = command.definition.identity.template_id
        if template_id in seen:
            reason = f"{command.definition.identity} was found in {seen[template_id]} already"
            raise UnreadableTemplate(reason)
        seen[template_id] = str(file)
        return _Reading(str(file), command)

    def _register(self, batch: list[_Reading], report: ScanReport) -> None:
        if not batch:
            return
        outcomes = self._carry_out([self._submission(command) for _, command in batch])
        for (path, command), outcome in zip(batch, outcomes, strict=True):
            if outcome.error:
                report.failures.append(Failure(path=path, place="", reason=str(outcome.error)))
            else:
                report.templates.append(_scanned(path, command, outcome))
                report.position = outcome.position

    def _submission(self, command: RegisterTemplate) -> Submission:
        provenance = Provenance(
            actor=f"discovery:{getpass.getuser()}",
            command_id=uuid4(),
            correlation_id=str(self._scan_id),
        )
        template_id = command.definition.identity.template_id
        return Submission(command=command, target=template_id, provenance=provenance)


def _scanned(path: str, command: RegisterTemplate, outcome: Outcome) -> ScannedTemplate:
    if not outcome.events:
        change = Change.UNCHANGED
    elif isinstance(outcome.events[0], DatasetTemplateRegistered):
        change = Change.NEW
    else:
        change = Change.CHANGED
    return ScannedTemplate(
        path=path,
        template_id=outcome.target,
        identity=str(command.definition.identity),
        change=change,
        has_sample=bool(command.definition.sample_data),
        events=outcome.events,
    )
