"""From the files of a dataset to the command that registers its template."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from discovery.data_definition import data_registration, require_identity
from discovery.definition import registration
from discovery.description import Description, read_description, slug
from discovery.files import DESCRIPTION, DataFile, UnreadableFile, plain_files, suffix_of
from discovery.grouping import FileGroup, partition_of
from discovery.readers.part import Part, UnequalParts
from discovery.template_file import (
    MAX_BYTES,
    NoTemplate,
    TemplateFile,
    UnreadableTemplate,
    read_template,
)
from registry.commands import RegisterTemplate
from registry.privacy import SamplePolicy

if TYPE_CHECKING:
    from discovery.readers.findings import Findings

_LISTED: Final = frozenset({".json", ".jsonl", ".ndjson"})
MOST_RECORDS: Final = 100_000
"""Records beyond which a list of them is data, and no template."""


@dataclass(frozen=True)
class ScanOptions:
    """How a source is read: parts of the identity that are given, and what samples may tell."""

    identity: dict[str, str] = field(default_factory=dict)
    samples: SamplePolicy = SamplePolicy.MASKED


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A file that gave no template, with the place in it and the reason."""

    path: str
    place: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.path, self.place, self.reason) if part)


@dataclass(frozen=True, kw_only=True)
class DatasetReading:
    """What reading the files of a dataset gave: commands, failures, and a digest of the content.

    `is_known` tells that the content is what it was, and was not looked into.
    """

    path: str
    size: int
    digest: str = ""
    is_known: bool = False
    commands: Sequence[RegisterTemplate] = ()
    failures: Sequence[Failure] = ()


@dataclass(frozen=True)
class DatasetTask:
    """Files to be read; they give nothing new if their content has the digest that is known."""

    group: FileGroup
    known_digest: str = ""


def read_datasets(tasks: Sequence[DatasetTask], options: ScanOptions) -> list[DatasetReading]:
    """Return what reading the files of each dataset gives; what cannot be read is a failure."""
    return [_read(task, options) for task in tasks]


def _read(task: DatasetTask, options: ScanOptions) -> DatasetReading:
    group, path = task.group, str(task.group)
    digest = ""
    try:
        with ExitStack() as stack:
            description, told = _description(group, stack)
            parts = list(_parts(group, stack))
            digest = _digest([*told, *parts])
            if digest == task.known_digest:
                return DatasetReading(path=path, size=group.size, digest=digest, is_known=True)
            identity = description.identity(group.path_identity, options.identity)
            commands = list(_commands(group, parts, description, identity, options))
        return DatasetReading(path=path, size=group.size, digest=digest, commands=commands)
    except (UnreadableFile, UnreadableTemplate) as problem:
        failure = Failure(path=path, place=problem.place, reason=problem.reason)
    except OSError as error:
        reason = f"cannot be read: {error.strerror or error}"
        failure = Failure(path=path, place="", reason=reason)
    except Exception as error:
        # One file must not keep all others from being registered, whatever a reader makes of it.
        told_by = f"{type(error).__name__}: {error}".strip().splitlines()[0]
        failure = Failure(path=path, place="", reason=f"cannot be read: {told_by:.300}")
    return DatasetReading(path=path, size=group.size, digest=digest, failures=[failure])


def _description(group: FileGroup, stack: ExitStack) -> tuple[Description, list[Part]]:
    """Return what the dataset's description says, and the file in which it does."""
    if group.description is None:
        return Description(), []
    try:
        parts = list(parts_of(group.description, stack))
        return read_description(parts[0].path), parts
    except UnreadableFile as problem:
        raise UnreadableFile(problem.reason, f"{DESCRIPTION} {problem.place}".strip()) from None


def _parts(group: FileGroup, stack: ExitStack) -> Iterator[Part]:
    for file in group.files:
        try:
            yield from parts_of(file, stack)
        except UnreadableFile as problem:
            place = f"{file} {problem.place}".strip() if group.folder else problem.place
            raise UnreadableFile(problem.reason, place) from None


def parts_of(file: DataFile, stack: ExitStack) -> Iterator[Part]:
    """Yield what a file holds, for as long as the stack is open.

    Raises:
        UnreadableFile: it cannot be fetched or unpacked.
    """
    for relative, path in stack.enter_context(plain_files(file)):
        yield Part(path=path, relative=relative, partition=partition_of(relative))


def _digest(parts: Iterable[Part]) -> str:
    told = hashlib.sha256()
    for part in parts:
        told.update(str(part.relative).encode(errors="surrogateescape"))
        with part.path.open("rb") as file:
            told.update(hashlib.file_digest(file, "sha256").digest())
    return told.hexdigest()


def _commands(
    group: FileGroup,
    parts: Sequence[Part],
    description: Description,
    identity: Mapping[str, str],
    options: ScanOptions,
) -> Iterator[RegisterTemplate]:
    if len(parts) == 1 and (found := _template(parts[0], description, options)):
        require_identity({**identity, **found.metadata})
        yield registration(found, identity, str(group), options.samples)
        return
    for findings in _findings(group, parts):
        dataset_type = "_".join(filter(None, [identity["dataset_type"], slug(findings.suffix)]))
        named = {**identity, "dataset_type": dataset_type}
        yield data_registration(
            findings, named, description, str(group), group.size, options.samples
        )


def _template(part: Part, description: Description, options: ScanOptions) -> TemplateFile | None:
    """Return a template file with what is said of it elsewhere; None for a file that is none."""
    if suffix_of(part.relative) not in _LISTED or part.path.stat().st_size > MAX_BYTES:
        return None
    try:
        found = read_template(part.path.read_bytes())
    except NoTemplate:
        return None
    if len(found.records) > MOST_RECORDS and not (found.metadata or found.schema):
        return None
    known = {name: value for name, value in found.metadata.items() if value is not None}
    said = description.model_dump(exclude_none=True, exclude_unset=True)
    return replace(found, metadata={**said, **known, **options.identity})


def _findings(group: FileGroup, parts: Sequence[Part]) -> "Iterator[Findings]":
    """Yield what a dataset is; what files of different shapes are, each for itself."""
    from discovery.readers.readers import read_parts  # and all the libraries that reading needs

    try:
        yield from read_parts(parts)
    except UnequalParts:
        for part in parts:
            below = part.relative.relative_to(group.path) if group.folder else part.relative
            stem = below.with_name(below.name.split(".")[0])
            for found in read_parts([part]):
                yield replace(found, suffix=f"{stem} {found.suffix}")
