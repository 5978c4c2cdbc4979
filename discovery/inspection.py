"""Looking at data without registering any of it."""

from collections.abc import Mapping, Sequence
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
from discovery.keys import Keys, find_keys
from discovery.readers.findings import NO_KEYS, Findings, keys_of
from discovery.readers.likeness import are_alike
from discovery.readers.part import Part
from discovery.readers.readers import is_table, read_parts
from discovery.readers.tables import opened_table, table_findings
from discovery.table import new_connection


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
    with ExitStack() as stack:
        datasets = _datasets(source, stack, inspection.failures)
        tables = {name: parts for name, parts in datasets.items() if is_table(parts)}
        inspection.keys, found = _inspected_tables(tables)
        for name, parts in datasets.items():
            if name in found:
                inspection.datasets[name] = found[name]
                continue
            try:
                for each in read_parts(parts, executor):
                    title = f"{name}#{each.suffix}" if each.suffix else name
                    inspection.datasets[title] = each
            except UnreadableFile as problem:
                inspection.failures.append(_failure(name, problem))
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


def _inspected_tables(
    tables: Mapping[str, Sequence[Part]],
) -> tuple[Keys, dict[str, Findings]]:
    """Read the tables into one database, in which their keys can be compared."""
    with new_connection() as connection, ExitStack() as stack:
        opened = {
            name: stack.enter_context(opened_table(parts, connection))
            for name, parts in tables.items()
        }
        keys = find_keys(opened)
        return keys, {
            name: replace(table_findings(table), keys=keys_of(name, keys))
            for name, table in opened.items()
        }


def _failure(path: str, problem: UnreadableFile) -> Failure:
    return Failure(path=path, place=problem.place, reason=problem.reason)
