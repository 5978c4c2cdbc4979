"""The keys of the tables of one source, those that are read now and those that were before."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any, Final
from uuid import UUID

import msgspec

from discovery.dataset_reading import DatasetReading
from discovery.scan_memory import KnownTemplate, Remembered
from discovery.scan_report import ScannedTemplate
from discovery.sources.source import Find
from registry.commands import RegisterTemplate
from registry.template import Template

MOST_HELD: Final = 500
"""Tables that wait for the others to be read; then they are registered, and may be revised."""

MOST_TABLES: Final = 200
"""Tables of a source up to which all are compared; of more, up to so many of each folder."""

Found = tuple[Find, DatasetReading]


@dataclass
class _Table:
    """A table of the source: what its keys depend on, if it was read now, and its template."""

    name: str
    identity: str
    digest: str
    evidence: str = ""
    path: str = ""
    known: KnownTemplate | None = None


class Relations:
    """Finds the keys of the tables of one scan; what is new waits until all tables are known.

    Args:
        recall: returns the evidence of tables that were read before, by their templates.
    """

    def __init__(self, recall: Callable[[Sequence[UUID]], Mapping[UUID, str]]) -> None:
        self._recall = recall
        self._tables: dict[UUID, _Table] = {}
        self._datasets: dict[str, Remembered] = {}
        self._held: list[Found] = []
        self._keys: dict[UUID, dict[str, Any]] = {}

    def without_tables(
        self, readings: Iterable[Found], reserve: Callable[[DatasetReading], DatasetReading]
    ) -> Iterator[Found]:
        """Yield what need not wait; `reserve` keeps the place in line of what has to."""
        for find, reading in readings:
            if reading.tables:
                self._hold(find, reserve(reading))
            else:
                yield find, reading
            if len(self._held) > MOST_HELD:
                yield from self.released()

    def _hold(self, find: Find, reading: DatasetReading) -> None:
        self._held.append((find, reading))
        for command in reading.commands:
            identity = command.definition.identity
            if table := reading.tables.get(identity.template_id):
                self._tables[identity.template_id] = _Table(
                    table.name, str(identity), reading.digest, table.evidence
                )

    def released(self) -> Iterator[Found]:
        """Yield all that waits, with the keys that were found."""
        held, self._held = self._held, []
        for find, reading in held:
            commands = [self._with_keys(command) for command in reading.commands]
            yield find, replace(reading, commands=commands)

    def _with_keys(self, command: RegisterTemplate) -> RegisterTemplate:
        definition = command.definition
        keys = self._keys.get(definition.identity.template_id)
        if keys is None:
            return command
        definition = replace(definition, statistics={**definition.statistics, "keys": keys})
        return command.model_copy(update={"definition": definition})

    def settle(self, datasets: Iterable[tuple[str, Remembered]]) -> dict[UUID, str]:
        """Take note of what is registered; return the evidence of the tables that are new."""
        fresh = {}
        for path, remembered in datasets:
            for known in remembered.templates:
                if not known.table:
                    continue
                table = self._tables.get(known.template_id)
                if table and table.evidence:
                    fresh[known.template_id] = table.evidence
                else:
                    table = _Table(known.table, known.identity, remembered.digest)
                    self._tables[known.template_id] = table
                table.path, table.known = path, known
                self._datasets[path] = remembered
        return fresh

    @property
    def are_waiting(self) -> bool:
        """Whether tables wait."""
        return bool(self._held)

    def digest(self) -> str:
        """Return what changes whenever a table comes, goes or changes; empty for no tables."""
        told = sorted((str(id_), table.digest) for id_, table in self._tables.items())
        return hashlib.sha256(msgspec.json.encode(told)).hexdigest() if told else ""

    def find(self) -> None:
        """Find the keys of all tables."""
        from discovery.keys import keys_from
        from discovery.keys.stored_evidence import from_text
        from discovery.readers.findings import keys_as_json, keys_of, with_names

        evidence = {id_: table.evidence for id_, table in self._tables.items() if table.evidence}
        evidence |= self._recall([id_ for id_ in self._tables if id_ not in evidence])
        for group in self._compared_together():
            names = {self._tables[id_].name: id_ for id_ in group if id_ in evidence}
            keys = keys_from({name: from_text(evidence[id_]) for name, id_ in names.items()})
            told = with_names(
                keys, {name: self._tables[id_].identity for name, id_ in names.items()}
            )
            for id_ in names.values():
                self._keys[id_] = keys_as_json(keys_of(self._tables[id_].identity, told))

    def _compared_together(self) -> Iterator[list[UUID]]:
        if len(self._tables) <= MOST_TABLES:
            yield list(self._tables)
            return
        folders: dict[PurePosixPath, list[UUID]] = defaultdict(list)
        for id_, table in sorted(self._tables.items(), key=lambda pair: pair[1].name):
            folders[PurePosixPath(table.name).parent].append(id_)
        for ids in folders.values():
            yield ids[:MOST_TABLES]

    @property
    def outdated(self) -> list[UUID]:
        """The registered templates whose tables have other keys than they say."""
        return [
            id_
            for id_, keys in self._keys.items()
            if (known := self._tables[id_].known) and known.relations != digest_of_keys(keys)
        ]

    def revisions(
        self, templates: Iterable[Template]
    ) -> Iterator[tuple[str, KnownTemplate, RegisterTemplate]]:
        """Yield where templates were found, what is known of them, and how they are revised."""
        for template in templates:
            table = self._tables[template.id]
            if table.known and not template.retired:
                as_it_is = RegisterTemplate(definition=template.definition, source=template.source)
                yield table.path, table.known, self._with_keys(as_it_is)

    def renewed(self, revised: Iterable[ScannedTemplate]) -> list[tuple[str, Remembered]]:
        """Return what is to be remembered of datasets whose templates were revised."""
        now = {template.template_id: template.known for template in revised}
        paths = dict.fromkeys(self._tables[id_].path for id_ in now)
        for path in paths:
            before = self._datasets[path]
            templates = [now.get(each.template_id, each) for each in before.templates]
            self._datasets[path] = replace(before, templates=templates)
        return [(path, self._datasets[path]) for path in paths]


def digest_of_keys(keys: Mapping[str, Any]) -> str:
    """Return what changes when a table has other keys, and not with how sure they are."""
    foreign = [
        [each[name] for name in ("from", "to_table", "to", "separator")]
        for each in keys["foreign_keys"]
    ]
    told = msgspec.json.encode([keys["primary_keys"], foreign], order="sorted")
    return hashlib.sha256(told).hexdigest()[:32]
