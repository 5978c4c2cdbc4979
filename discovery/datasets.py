"""From the files of a dataset to the command that registers its template."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Final

from pydantic import TypeAdapter, ValidationError

from discovery.definition import registration
from discovery.description import Description, read_description, slug
from discovery.files import DESCRIPTION, DataFile, UnreadableFile, plain_files, suffix_of
from discovery.grouping import FileGroup, partition_of
from discovery.readers import Findings, Part, UnequalParts, read_parts
from discovery.template_file import MAX_BYTES, NoTemplate, UnreadableTemplate, read_template
from registry.commands import RegisterTemplate
from registry.privacy import SamplePolicy
from registry.sample import sample_of
from registry.template import TemplateDefinition, title_of

_DEFINITION: Final = TypeAdapter(TemplateDefinition)
_LISTED: Final = frozenset({".json", ".jsonl", ".ndjson"})


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
    with ExitStack() as stack:
        try:
            description = _description(group, stack)
            parts = [part for file in group.files for part in parts_of(file, stack)]
            digest = _digest(parts, group.description)
            if digest == task.known_digest:
                return DatasetReading(path=path, size=group.size, digest=digest, is_known=True)
            identity = description.identity(group.path_identity, options.identity)
            commands = list(_commands(group, parts, description, identity, options))
        except (UnreadableFile, UnreadableTemplate) as problem:
            failure = Failure(path=path, place=problem.place, reason=problem.reason)
            return DatasetReading(path=path, size=group.size, failures=[failure])
    return DatasetReading(path=path, size=group.size, digest=digest, commands=commands)


def _description(group: FileGroup, stack: ExitStack) -> Description:
    if group.description is None:
        return Description()
    ((_, path),) = stack.enter_context(plain_files(group.description))
    try:
        return read_description(path)
    except UnreadableFile as problem:
        raise UnreadableFile(problem.reason, f"{DESCRIPTION} {problem.place}".strip()) from None


def parts_of(file: DataFile, stack: ExitStack) -> Iterator[Part]:
    """Yield what a file holds, for as long as the stack is open.

    Raises:
        UnreadableFile: it cannot be fetched or unpacked.
    """
    for relative, path in stack.enter_context(plain_files(file)):
        yield Part(path=path, relative=relative, partition=partition_of(relative))


def _digest(parts: Sequence[Part], description: DataFile | None) -> str:
    told = hashlib.sha256(description.mark.encode() if description else b"")
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
    if len(parts) == 1 and (command := _template(parts[0], identity, str(group), options)):
        yield command
        return
    for found in _findings(group, parts):
        dataset_type = "_".join(filter(None, [identity["dataset_type"], slug(found.suffix)]))
        named = {**identity, "dataset_type": dataset_type}
        yield _registration(found, named, description, group, options)


def _template(
    part: Part, identity: Mapping[str, str], source: str, options: ScanOptions
) -> RegisterTemplate | None:
    """Return the command for a template file; None for a file that is none of these."""
    if suffix_of(part.relative) not in _LISTED or part.path.stat().st_size > MAX_BYTES:
        return None
    try:
        found = read_template(part.path.read_bytes())
    except NoTemplate:
        return None
    return registration(found, identity, source, options.samples)


def _findings(group: FileGroup, parts: Sequence[Part]) -> Iterator[Findings]:
    """Yield what a dataset is; what files of different shapes are, each for itself."""
    try:
        yield from read_parts(parts)
    except UnequalParts:
        for part in parts:
            for found in read_parts([part]):
                stem = part.relative.name.split(".")[0]
                yield replace(found, suffix=f"{stem} {found.suffix}")


def _registration(
    found: Findings,
    identity: Mapping[str, str],
    description: Description,
    group: FileGroup,
    options: ScanOptions,
) -> RegisterTemplate:
    told = found.told(options.samples)
    missing = [name for name in ("industry", "use_case", "dataset_type") if not identity.get(name)]
    if missing:
        option = missing[0].replace("_", "-")
        reason = (
            "is not told by a path of the form {industry}/{use_case}/{dataset_type}:"
            f" give --{option}, or write a {DESCRIPTION} beside the data"
        )
        raise UnreadableFile(reason, missing[0])
    try:
        definition = _DEFINITION.validate_python(
            {
                "identity": dict(identity),
                "name": description.name or title_of(identity),
                "description": description.description,
                "tags": description.tags,
                "custom_fields": description.custom_fields,
                "schema": told["schema"],
                "statistics": {
                    "fields": told["profile"]["fields"],
                    "format": found.kind,
                    "dialect": told["dialect"],
                    "keys": told["keys"],
                },
                "sample_data": sample_of(told["sample"]),
                "default_record_count": found.records,
                "default_size_mb": round(group.size / 1_000_000, 6),
            }
        )
        return RegisterTemplate(definition=definition, source=str(group))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = "/".join(str(part) for part in first["loc"])
        raise UnreadableFile(first["msg"].removeprefix("Value error, "), place) from None
