"""From the files of a dataset to the command that registers its template."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from discovery.data_definition import data_registration, require_identity
from discovery.dataset_reading import DatasetReading, FoundTable, ScanOptions
from discovery.definition import registration
from discovery.description import Description, read_description, slug
from discovery.files import (
    DESCRIPTION,
    DataFile,
    UnreadableFile,
    is_definition,
    plain_files,
    suffix_of,
)
from discovery.grouping import FileGroup, partition_of
from discovery.readers.part import Part, UnequalParts
from discovery.template_file import (
    MAX_BYTES,
    NoTemplate,
    TemplateFile,
    read_template,
)
from registry.commands import RegisterTemplate
from registry.privacy import SamplePolicy
from registry.privacy.paths import path_of_member

if TYPE_CHECKING:
    from discovery.readers.findings import Findings

_LISTED: Final = frozenset({".json", ".jsonl", ".ndjson"})
LONGEST_TEMPLATE: Final = 100_000
"""Records up to which a bare list of them is a template's sample; a longer one is data."""


def read_files(group: FileGroup, known_digest: str, options: ScanOptions) -> DatasetReading:
    """Return what the files of a dataset give: nothing new, if they have the digest that is known.

    Raises:
        UnreadableFile: there is no dataset in them.
        UnreadableTemplate: one of them is a template, but a wrong one.
    """
    path = str(group)
    with ExitStack() as stack:
        description, told = _description(group, stack)
        parts = list(_parts(group, stack))
        digest = digest_of([*told, *parts])
        if digest == known_digest:
            return DatasetReading(path=path, size=group.size, digest=digest, is_known=True)
        identity = description.identity(group.path_identity, options.identity)
        found = list(_found(group, parts, description, identity, options))
    return DatasetReading(
        path=path,
        size=group.size,
        digest=digest,
        commands=[command for command, _ in found],
        tables={
            command.definition.identity.template_id: table for command, table in found if table
        },
    )


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


def digest_of(parts: Iterable[Part]) -> str:
    """Return the SHA-256 of the paths and the content of some files."""
    told = hashlib.sha256()
    for part in parts:
        told.update(str(part.relative).encode(errors="surrogateescape"))
        with part.path.open("rb") as file:
            told.update(hashlib.file_digest(file, "sha256").digest())
    return told.hexdigest()


def _found(
    group: FileGroup,
    parts: Sequence[Part],
    description: Description,
    identity: Mapping[str, str],
    options: ScanOptions,
) -> Iterator[tuple[RegisterTemplate, FoundTable | None]]:
    if defined := _defined(group, parts, identity, options):
        yield defined, None
        return
    if len(parts) == 1 and (found := _template(parts[0], description, options)):
        if not found.definition:
            require_identity({**identity, **found.metadata})
        yield registration(found, identity, str(group), options.samples), None
        return
    for findings in _findings(group, parts):
        dataset_type = "_".join(filter(None, [identity["dataset_type"], slug(findings.suffix)]))
        named = {**identity, "dataset_type": dataset_type}
        identified = "/".join(
            named.get(part, "") for part in ("industry", "use_case", "dataset_type")
        )
        command = data_registration(
            findings.of_table(identified),
            named,
            description,
            str(group),
            group.size,
            options.samples,
        )
        name = f"{group}#{findings.suffix}" if findings.suffix else str(group)
        yield command, _table(name, findings, command, options)


def _table(
    name: str, findings: "Findings", command: RegisterTemplate, options: ScanOptions
) -> FoundTable | None:
    """Return a text table with the evidence of its keys, but for fields that tell of a person."""
    if findings.key_evidence is None:
        return None
    from discovery.keys.stored_evidence import as_text  # and all that reading tables has loaded

    fields = command.definition.statistics["fields"]
    private = {each["path"] for each in fields if (each["semantic_class"] or {}).get("private")}
    names = [column.name for column in findings.key_evidence.columns]
    if options.samples is SamplePolicy.RAW:
        names = []
    hidden = {name for name in names if path_of_member("$", name) in private}
    return FoundTable(name, as_text(findings.key_evidence, hidden))


def _defined(
    group: FileGroup, parts: Sequence[Part], identity: Mapping[str, str], options: ScanOptions
) -> RegisterTemplate | None:
    """Return what a custom definition defines, if the only file is one."""
    if len(parts) != 1 or not is_definition(parts[0].relative):
        return None
    from discovery.definition_file import read_definition  # and the model of such files

    return read_definition(parts[0].path, identity, options, str(group))


def _template(part: Part, description: Description, options: ScanOptions) -> TemplateFile | None:
    """Return a template file with what is said of it elsewhere; None for a file that is none."""
    if suffix_of(part.relative) not in _LISTED or part.path.stat().st_size > MAX_BYTES:
        return None
    try:
        found = read_template(part.path.read_bytes())
    except NoTemplate:
        return None
    if len(found.records) > LONGEST_TEMPLATE and not (found.metadata or found.schema):
        return None
    if found.definition:
        return replace(found, metadata=options.identity)
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
