"""Looking at data without registering any of it."""

from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import PurePosixPath

from discovery.dataset_reading import Failure
from discovery.datasets import parts_of
from discovery.files import UnreadableFile, data_files, printable
from discovery.files.source import absolute
from discovery.grouping import file_groups
from discovery.keys import Keys, TableEvidence, keys_from
from discovery.readers.findings import NO_KEYS, Findings, keys_of
from discovery.readers.likeness import are_alike
from discovery.readers.part import Part
from discovery.readers.readers import read_parts


@dataclass(kw_only=True)
class Inspection:
    """What there is at a source: datasets by name, the keys of its tables, and failures."""

    datasets: dict[str, Findings] = field(default_factory=dict)
    keys: Keys = NO_KEYS
    failures: list[Failure] = field(default_factory=list)


def inspect(source: str, executor: Executor) -> Inspection:
    """Read every dataset at a source.

    A folder whose files are all alike is one dataset (see `are_alike`).

    Raises:
        NoSuchSource: there is nothing at the source.
    """
    inspection = Inspection()
    evidence: dict[str, TableEvidence] = {}
    with ExitStack() as stack:
        for name, parts in _datasets(source, stack, inspection.failures).items():
            try:
                for found in read_parts(parts, executor):
                    title = f"{name}#{found.suffix}" if found.suffix else name
                    inspection.datasets[title] = found
                    if found.key_evidence:
                        evidence[title] = found.key_evidence
            except UnreadableFile as problem:
                inspection.failures.append(_failure(name, problem))
    inspection.keys = keys_from(evidence)
    for name in evidence:
        found = inspection.datasets[name]
        inspection.datasets[name] = replace(found, keys=keys_of(name, inspection.keys))
    return inspection


def _datasets(source: str, stack: ExitStack, failures: list[Failure]) -> dict[str, Sequence[Part]]:
    """Return the parts of each dataset by its name; files that are not alike are each their own."""
    datasets: dict[str, Sequence[Part]] = {}
    groups = list(file_groups(data_files(source)))
    for group in groups:
        parts: list[Part] = []
        for file in group.files:
            try:
                parts += parts_of(file, stack)
            except UnreadableFile as problem:
                failures.append(_failure(str(file), problem))
        if len(parts) > 1 and not are_alike(parts):
            datasets |= {printable(part.relative): [part] for part in parts}
        elif parts:
            name = printable(PurePosixPath(group.path.name)) if len(groups) == 1 else str(group)
            datasets[_name_of(source) if name == "." else name] = parts
    every = list(chain.from_iterable(datasets.values()))
    if len(datasets) > 1 and all(group.folder is None for group in groups) and are_alike(every):
        return {_name_of(source): every}
    return datasets


def _name_of(source: str) -> str:
    return printable(PurePosixPath(PurePosixPath(absolute(source)).name))


def _failure(path: str, problem: UnreadableFile) -> Failure:
    return Failure(path=path, place=problem.place, reason=problem.reason)
