"""Registering what a scan reads."""

import getpass
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from uuid import UUID, uuid4

from discovery.datasets import DatasetReading, Failure
from discovery.grouping import FileGroup
from discovery.scan_memory import KnownTemplate, Remembered
from discovery.scan_report import Change, ScannedTemplate, ScanReport
from registry.application import RegistryApplication
from registry.commands import RegisterTemplate
from registry.events import DatasetTemplateRegistered, Provenance
from registry.submission import Outcome, Submission


class Registrar:
    """Registers what one scan reads, and writes its report."""

    def __init__(self, application: RegistryApplication, dry_run: bool, report: ScanReport) -> None:
        self._carry_out = application.preview if dry_run else application.submit_all
        self._report = report
        self._scan_id = uuid4()
        self._seen: dict[UUID, str] = {}

    def pass_over(self, group: FileGroup, remembered: Remembered) -> None:
        """Report the templates of a dataset that did not change."""
        for known in remembered.templates:
            self._seen[known.template_id] = str(group)
            self._report.templates.append(
                ScannedTemplate(path=str(group), change=Change.UNCHANGED, **asdict(known))
            )

    def register(
        self,
        batch: Iterable[tuple[FileGroup, DatasetReading]],
        known: Mapping[str, Remembered],
    ) -> list[tuple[str, Remembered]]:
        """Register some datasets; return what is to be remembered of those without a failure."""
        found: list[tuple[str, RegisterTemplate]] = []
        read: dict[str, tuple[FileGroup, DatasetReading]] = {}
        for group, reading in batch:
            if reading.is_known:
                self.pass_over(group, known[str(group)])
            self._report.failures += reading.failures
            read[str(group)] = group, reading
            found += [(str(group), each) for each in self._unseen(group, reading)]
        templates: dict[str, list[KnownTemplate]] = {path: [] for path in read}
        outcomes = self._carry_out([self._submission(command) for _, command in found])
        for (path, command), outcome in zip(found, outcomes, strict=True):
            if outcome.error:
                self._report.failures.append(
                    Failure(path=path, place="", reason=str(outcome.error))
                )
            else:
                scanned = _scanned(path, command, outcome)
                templates[path].append(scanned.known)
                self._report.templates.append(scanned)
                self._report.position = outcome.position
        failed = {failure.path for failure in self._report.failures}
        return [
            (
                path,
                Remembered(
                    mark=group.mark,
                    digest=reading.digest,
                    templates=known[path].templates if reading.is_known else templates[path],
                ),
            )
            for path, (group, reading) in read.items()
            if path not in failed
        ]

    def _unseen(self, group: FileGroup, reading: DatasetReading) -> Iterator[RegisterTemplate]:
        for command in reading.commands:
            identity = command.definition.identity
            first = self._seen.setdefault(identity.template_id, str(group))
            if first == str(group):
                yield command
            else:
                reason = f"{identity} was found in {first} already"
                self._report.failures.append(Failure(path=str(group), place="", reason=reason))

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
