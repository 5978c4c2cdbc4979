"""The datasets that a document declares, as a find: what is declared counts and is checked."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import orjson

from discovery.data_definition import data_registration
from discovery.dataset_reading import DatasetReading, Failure, ScanOptions
from discovery.datasets import digest_of, parts_of
from discovery.declared.document import (
    declaring_format,
    files_at,
    resources_of,
    resources_with_paths,
)
from discovery.description import Description, read_description, slug
from discovery.files import DataFile, UnreadableFile, suffix_of
from discovery.readers.part import Part
from discovery.unreadable import Unreadable
from registry.commands import RegisterTemplate
from registry.interchange import DeclaredResource, Format

if TYPE_CHECKING:
    from discovery.declared.contradiction import Contradiction


@dataclass(frozen=True)
class DeclaredDatasets:
    """A document with the files that it declares.

    Attributes:
        document: the document.
        members: the files at the paths that it names, as far as they are in the source.
        description: the `dataset.yaml` beside it, if there is one.
    """

    document: DataFile
    members: Mapping[str, tuple[DataFile, ...]] = field(default_factory=dict)
    description: DataFile | None = None

    @cached_property
    def path(self) -> str:
        """Where the document lies below the source."""
        return str(self.document)

    @cached_property
    def mark(self) -> str:
        """What changes whenever the document or a file that it declares does."""
        told = "\n".join(f"{file} {file.mark}" for file in self.files)
        return hashlib.sha256(told.encode()).hexdigest()

    @cached_property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def files(self) -> list[DataFile]:
        """The document, and all files that tell something of what it declares."""
        members = [file for some in self.members.values() for file in some]
        told = [self.description] if self.description else []
        return list(dict.fromkeys([self.document, *told, *members]))

    def read(self, known_digest: str, options: ScanOptions) -> DatasetReading:
        """Return the templates that are declared, and what is wrong with others.

        Raises:
            UnreadableFile: the document cannot be read, or is wrong.
        """
        with ExitStack() as stack:
            parts = {file: list(parts_of(file, stack)) for file in self.files}
            digest = digest_of(part for some in parts.values() for part in some)
            if digest == known_digest:
                return DatasetReading(path=self.path, size=self.size, digest=digest, is_known=True)
            form, resources = self._resources(parts)
            commands: list[RegisterTemplate] = []
            failures: list[Failure] = []
            for resource in resources:
                try:
                    commands.append(self._command(resource, form, resources, parts, options))
                except Unreadable as problem:
                    place = " ".join(filter(None, [resource.name, problem.place]))
                    failures.append(Failure(path=self.path, place=place, reason=problem.reason))
        return DatasetReading(
            path=self.path, size=self.size, digest=digest, commands=commands, failures=failures
        )

    def _resources(
        self, parts: Mapping[DataFile, Sequence[Part]]
    ) -> tuple[Format, list[DeclaredResource]]:
        content = parts[self.document][0].path.read_bytes()
        found = declaring_format(content)
        if found is None:
            raise UnreadableFile("is no data package, Croissant or CSVW metadata any more")
        form, document = found
        for each in resources_with_paths(document):
            each["schema"] = self._schema_at(each["schema"], parts)
        return form, resources_of(form, document)

    def _schema_at(self, path: str, parts: Mapping[DataFile, Sequence[Part]]) -> Any:
        """Return the schema that stands in a file of its own."""
        try:
            [file] = self._files_at(path)
            return orjson.loads(parts[file][0].path.read_bytes())
        except orjson.JSONDecodeError as error:
            raise UnreadableFile(f"invalid JSON: {error.msg}", path) from None

    def _files_at(self, path: str) -> tuple[DataFile, ...]:
        """Return the files at a path; one without files is told why."""
        return self.members.get(path) or files_at(path, self.document.relative.parent, {})

    def _command(
        self,
        resource: DeclaredResource,
        form: Format,
        resources: Sequence[DeclaredResource],
        parts: Mapping[DataFile, Sequence[Part]],
        options: ScanOptions,
    ) -> RegisterTemplate:
        from discovery.declared.resource_check import checked  # and all that reading needs

        others = {
            each.name: (each, list(self._parts(each, parts)))
            for each in resources
            if any(reference.to == each.name for reference in resource.references)
            and all(path in self.members for path in each.paths)
        }
        own = list(self._parts(resource, parts))
        found, contradictions = checked(resource, own, others, by=form.name)
        alone = len(resources) == 1
        identity = self._identity(resource, alone, parts, options)
        size = sum(part.path.stat().st_size for part in own)
        command = data_registration(
            found, identity, _description(resource), self.path, size, options.samples
        )
        return _as_declared(command, resource, form, contradictions)

    def _parts(
        self, resource: DeclaredResource, parts: Mapping[DataFile, Sequence[Part]]
    ) -> Iterator[Part]:
        for path in resource.paths:
            for file in self._files_at(path):
                yield from parts[file]

    def _identity(
        self,
        resource: DeclaredResource,
        alone: bool,
        parts: Mapping[DataFile, Sequence[Part]],
        options: ScanOptions,
    ) -> dict[str, str]:
        """Return the identity: of a path, `{industry}/{use_case}/` and the name of the resource."""
        folders = self.document.relative.parent.parts
        folders = folders[:2] if len(folders) > 2 else folders
        told = dict(zip(("use_case", "industry"), reversed(folders), strict=False))
        name = resource.name or (resource.paths[0] if resource.paths else resource.title)
        stem = PurePosixPath(name).name
        told["dataset_type"] = stem.split(".")[0] if suffix_of(PurePosixPath(stem)) else stem
        said = Description()
        if self.description:
            said = read_description(parts[self.description][0].path)
        given = dict(options.identity)
        if not alone:
            given.pop("dataset_type", None)
            said = said.model_copy(update={"dataset_type": None})
        return said.identity(told, given)


def _description(resource: DeclaredResource) -> Description:
    tags = [tag for tag in map(slug, resource.tags) if len(tag) > 1 and tag[0].isalpha()]
    return Description(
        name=resource.title.strip()[:200] or None,
        description=resource.description[:10_000],
        tags=[tag[:63] for tag in dict.fromkeys(tags)][:50],
    )


def _as_declared(
    command: RegisterTemplate,
    resource: DeclaredResource,
    form: Format,
    contradictions: "Sequence[Contradiction]",
) -> RegisterTemplate:
    """Return the command with the schema as it is declared, and what contradicts it."""
    declared = bool(resource.schema.get("properties"))
    definition = command.definition
    told = {"by": form.name, "contradictions": [each.as_json() for each in contradictions]}
    definition = replace(
        definition,
        schema=dict(resource.schema) if declared else definition.schema,
        declared_schema=declared,
        statistics={**definition.statistics, "declared": told},
    )
    return RegisterTemplate(definition=definition, source=command.source)
