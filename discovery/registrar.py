"""Registering what a scan reads."""

import getpass
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Final, NamedTuple
from uuid import UUID, uuid4

from discovery.connector_registrar import ConnectorRegistrar
from discovery.dataset_reading import DatasetReading, Failure
from discovery.relations import digest_of_keys
from discovery.scan_memory import KnownTemplate, Remembered
from discovery.scan_report import Change, ScannedTemplate, ScanReport, appended
from discovery.sources.source import Find
from registry.application import RegistryApplication
from registry.commands import RegisterTemplate
from registry.compatibility import Mode
from registry.events import DatasetTemplateRegistered, Provenance
from registry.schema_gate import why
from registry.submission import Outcome, Submission
from registry.template import Template, TemplateDefinition


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What schemas have to keep.

    New templates keep the `compatibility_mode` from then on; `accept_breaking` is why revisions may
    break theirs, if they may.
    """

    compatibility_mode: Mode = Mode.BACKWARD
    accept_breaking: str | None = None


USUAL_GATE: Final = Gate()


@dataclass(frozen=True, kw_only=True)
class ScanContext:
    """What a scan is part of, and for whom.

    `client` is whose connectors are found; `found_in` tells where each template was found, in this
    source or in those that are scanned together with it (`of_several`); `gate` what schemas have
    to keep.
    """

    client: UUID | None = None
    scan_id: UUID = field(default_factory=uuid4)
    found_in: dict[UUID, str] = field(default_factory=dict)
    of_several: bool = False
    gate: Gate = USUAL_GATE


class _Found(NamedTuple):
    """A template that a dataset gives, and its name if it is a table of the source."""

    path: str
    command: RegisterTemplate
    table: str


class Registrar:
    """Registers what one scan reads, and writes its report; `place` is that of its source."""

    def __init__(
        self,
        application: RegistryApplication,
        dry_run: bool,
        report: ScanReport,
        context: ScanContext,
        place: str,
    ) -> None:
        self._carry_out = application.preview if dry_run else application.submit_all
        self._report = report
        self._actor = f"discovery:{getpass.getuser()}"
        self._context = context
        self._connectors = context.client and ConnectorRegistrar(
            context.client, place, self._carry_out
        )
        self._failed: set[str] = set()
        self._reserved: set[UUID] = set()

    def pass_over(self, find: Find, remembered: Remembered) -> None:
        """Report the templates of a dataset that did not change."""
        for known in remembered.templates:
            if self._is_first(known.template_id, known.identity, find.path):
                self._report.templates.append(
                    ScannedTemplate(path=find.path, change=Change.UNCHANGED, **asdict(known))
                )

    def register(
        self,
        batch: Iterable[tuple[Find, DatasetReading]],
        known: Mapping[str, Remembered],
    ) -> list[tuple[str, Remembered]]:
        """Register some datasets; return what is to be remembered of those without a failure."""
        batch = list(batch)
        commands: list[_Found] = []
        for find, reading in batch:
            path = find.path
            for failure in reading.failures:
                self._fail(failure)
            if reading.is_known:
                self.pass_over(find, known[path])
            commands += self._firsts(path, reading)
            if reading.connectors:
                self._register_connectors(reading)
        given = self._registered(commands)
        return [
            (
                path,
                Remembered(
                    mark=find.mark,
                    digest=reading.digest,
                    templates=(
                        known[path].templates
                        if reading.is_known
                        else [template.known for template in given.get(path, [])]
                    ),
                ),
            )
            for find, reading in batch
            if (path := find.path) not in self._failed
        ]

    def _register_connectors(self, reading: DatasetReading) -> None:
        if not self._connectors:
            self._report.unclaimed += len(reading.connectors)
            return
        done = self._connectors.register(reading.path, reading.connectors, self._provenance())
        for outcome in done:
            if isinstance(outcome, Failure):
                self._fail(outcome)
            else:
                self._report.connectors.append(outcome)

    def reserve(self, reading: DatasetReading) -> DatasetReading:
        """Return what is the first to give its templates, to be registered later."""
        firsts = [found.command for found in self._firsts(reading.path, reading)]
        self._reserved |= {command.definition.identity.template_id for command in firsts}
        return replace(reading, commands=firsts)

    def revise(
        self, revisions: Sequence[tuple[str, KnownTemplate, RegisterTemplate]]
    ) -> list[ScannedTemplate]:
        """Revise templates that are in the report already; return them as they are now."""
        places = {each.template_id: n for n, each in enumerate(self._report.templates)}
        outcomes = self._carry_out([self._submission(command) for _, _, command in revisions])
        revised = []
        for (path, known, command), outcome in zip(revisions, outcomes, strict=True):
            place = places.get(outcome.target)
            if outcome.error or place is None:
                continue
            template = _scanned(_Found(path, command, known.table), outcome)
            before = self._report.templates[place]
            change = template.change if before.change is Change.UNCHANGED else before.change
            events = (*before.events, *template.events)
            template = replace(template, change=change, events=events)
            self._report.templates[place] = template
            revised.append(template)
        return revised

    def _registered(self, commands: Sequence[_Found]) -> Mapping[str, list[ScannedTemplate]]:
        """Return the templates that commands gave, by the path of the dataset."""
        given: dict[str, list[ScannedTemplate]] = {}
        outcomes = self._carry_out([self._submission(found.command) for found in commands])
        for found, outcome in zip(commands, outcomes, strict=True):
            if outcome.error:
                self._fail(Failure(path=found.path, place="", reason=str(outcome.error)))
            else:
                template = _scanned(found, outcome)
                if template.change is Change.REJECTED:
                    self._fail(Failure(path=found.path, place="", reason=_rejection(outcome)))
                given.setdefault(found.path, []).append(template)
                self._report.templates.append(template)
        return given

    def _firsts(self, path: str, reading: DatasetReading) -> Iterator[_Found]:
        for command in reading.commands:
            identity = command.definition.identity
            if self._is_first(identity.template_id, str(identity), path):
                table = reading.tables.get(identity.template_id)
                yield _Found(path, command, table.name if table else "")

    def _is_first(self, template_id: UUID, identity: str, path: str) -> bool:
        """Tell whether no other dataset gave the template in this scan; report it if one did."""
        if template_id in self._reserved:
            self._reserved.remove(template_id)
            return True
        if first := self._context.found_in.get(template_id):
            reason = f"{identity} was found in {first} already"
            self._fail(Failure(path=path, place="", reason=reason))
            return False
        several = self._context.of_several
        self._context.found_in[template_id] = f"{self._report.source} {path}" if several else path
        return True

    def _fail(self, failure: Failure) -> None:
        self._report.failures.append(failure)
        self._failed.add(failure.path)

    def _submission(self, command: RegisterTemplate) -> Submission:
        template_id = command.definition.identity.template_id
        command = command.model_copy(
            update={**asdict(self._context.gate), "record_rejection": True}
        )
        return Submission(command=command, target=template_id, provenance=self._provenance())

    def _provenance(self) -> Provenance:
        scan_id = str(self._context.scan_id)
        return Provenance(actor=self._actor, command_id=uuid4(), correlation_id=scan_id)


def _scanned(found: _Found, outcome: Outcome) -> ScannedTemplate:
    template, definition = outcome.entity, found.command.definition
    assert isinstance(template, Template)  # noqa: S101 - what the command is about
    change = _change(outcome, template, definition)
    return ScannedTemplate(
        path=found.path,
        template_id=outcome.target,
        identity=str(definition.identity),
        version=outcome.version,
        change=change,
        has_sample=bool(definition.sample_data),
        warnings=definition.statistics.get("warnings", ()),
        warning_count=definition.statistics.get("warning_count", 0),
        table=found.table,
        relations=digest_of_keys(definition.statistics["keys"]) if found.table else "",
        events=appended(outcome.events),
        needs_review=bool(template.unsure),
        contradictions=(
            [str(each) for each in template.contradictions] if change is Change.CHANGED else []
        ),
    )


def _change(outcome: Outcome, template: Template, definition: TemplateDefinition) -> Change:
    if outcome.events and isinstance(outcome.events[0], DatasetTemplateRegistered):
        return Change.NEW
    if template.rejection and template.digest != definition.digest:
        return Change.REJECTED  # by now, or before and found again
    return Change.CHANGED if outcome.events else Change.UNCHANGED


def _rejection(outcome: Outcome) -> str:
    template = outcome.entity
    assert isinstance(template, Template)  # noqa: S101 - what the command is about
    assert template.rejection  # noqa: S101 - what is told
    return (
        f"the schema breaks {template.rejection.mode}: {why(template.rejection.verdict)};"
        f" version {template.schema_version} stays (--accept-breaking REASON takes it)"
    )
