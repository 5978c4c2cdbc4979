"""Looking at data without registering any of it."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain

from discovery.datasets import Failure, parts_of
from discovery.files import UnreadableFile, data_files
from discovery.grouping import file_groups
from discovery.keys import Keys, find_keys
from discovery.readers import Findings, Part, are_alike, is_table, read_parts
from discovery.readers.findings import NO_KEYS
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

    A folder whose files all have the same columns is one dataset.

    Raises:
        NoSuchSource: there is nothing at the source.
    """
    inspection = Inspection()
    groups = list(file_groups(data_files(source)))
    with ExitStack() as stack:
        datasets: dict[str, Sequence[Part]] = {}
        for group in groups:
            try:
                parts = [part for file in group.files for part in parts_of(file, stack)]
                name = group.files[0].relative.name if len(groups) == 1 else str(group)
                datasets |= _datasets(name, parts)
            except UnreadableFile as problem:
                inspection.failures.append(_failure(str(group), problem))
        if len(datasets) > 1 and are_alike(every := list(chain.from_iterable(datasets.values()))):
            datasets = {source: every}
        tables = {name: parts for name, parts in datasets.items() if is_table(parts)}
        for name in datasets.keys() - tables.keys():
            try:
                for found in read_parts(datasets[name], executor):
                    title = f"{name}#{found.suffix}" if found.suffix else name
                    inspection.datasets[title] = found
            except UnreadableFile as problem:
                inspection.failures.append(_failure(name, problem))
        _inspect_tables(inspection, tables)
    return inspection


def _datasets(name: str, parts: Sequence[Part]) -> dict[str, Sequence[Part]]:
    """Return the parts of a folder as one dataset if they are alike, else each as its own."""
    if len(parts) == 1 or are_alike(parts):
        return {name: parts}
    return {str(part.relative): [part] for part in parts}


def _inspect_tables(inspection: Inspection, tables: Mapping[str, Sequence[Part]]) -> None:
    """Read the tables into one database, in which their keys can be compared."""
    with new_connection() as connection, ExitStack() as stack:
        opened = {
            name: stack.enter_context(opened_table(parts, connection))
            for name, parts in tables.items()
        }
        inspection.keys = find_keys(opened)
        inspection.datasets |= {name: table_findings(table) for name, table in opened.items()}


def _failure(path: str, problem: UnreadableFile) -> Failure:
    return Failure(path=path, place=problem.place, reason=problem.reason)
