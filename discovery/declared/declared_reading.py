"""Reading what a document declares: that counts, and the data are held to it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import orjson

from discovery.data_definition import data_registration
from discovery.dataset_reading import DatasetReading, Failure, ScanOptions
from discovery.datasets import digest_of, parts_of
from discovery.declared.contradiction import Contradiction
from discovery.declared.declared_datasets import DeclaredDatasets
from discovery.declared.document import (
    declaring_format,
    files_at,
    resources_of,
    resources_with_paths,
)
from discovery.declared.resource_check import checked
from discovery.description import Description, read_description, slug
from discovery.files import DataFile, UnreadableFile, suffix_of
from discovery.readers.part import Part
from discovery.unreadable import Unreadable
from registry.commands import RegisterTemplate
from registry.interchange import DeclaredResource, Format


class DeclaredReading:
    """Reads one document with the files that it names.

    Args:
        find: the document and its files.
        options: how the source is read.
    """

    def __init__(self, find: DeclaredDatasets, options: ScanOptions) -> None:
        self._find = find
        self._options = options
        self._parts: Mapping[DataFile, Sequence[Part]] = {}

    def read(self, known_digest: str) -> DatasetReading:
        """Return the templates that are declared, and what is wrong with others.

        Raises:
            UnreadableFile: the document cannot be read, or is wrong.
        """
        path, size = self._find.path, self._find.size
        with ExitStack() as stack:
            self._parts = {file: list(parts_of(file, stack)) for file in self._find.files}
            digest = digest_of(part for some in self._parts.values() for part in some)
            if digest == known_digest:
                return DatasetReading(path=path, size=size, digest=digest, is_known=True)
            form, resources = self._resources()
            commands: list[RegisterTemplate] = []
            failures: list[Failure] = []
            for resource in resources:
                try:
                    commands.append(self._command(resource, form, resources))
                except Unreadable as problem:
                    place = " ".join(filter(None, [resource.name, problem.place]))
                    failures.append(Failure(path=path, place=place, reason=problem.reason))
        return DatasetReading(
            path=path, size=size, digest=digest, commands=commands, failures=failures
        )

    def _resources(self) -> tuple[Format, list[DeclaredResource]]:
        content = self._parts[self._find.document][0].path.read_bytes()
        found = declaring_format(content)
        if found is None:
            raise UnreadableFile("is no data package, Croissant or CSVW metadata any more")
        form, document = found
        for each in resources_with_paths(document):
            each["schema"] = self._schema_at(each["schema"])
        return form, resources_of(form, document)

    def _schema_at(self, path: str) -> Any:
        """Return the schema that stands in a file of its own."""
        try:
            [file] = self._files_at(path)
            return orjson.loads(self._parts[file][0].path.read_bytes())
        except orjson.JSONDecodeError as error:
            raise UnreadableFile(f"invalid JSON: {error.msg}", path) from None

    def _files_at(self, path: str) -> tuple[DataFile, ...]:
        """Return the files at a path; one without files is told why."""
        folder = self._find.document.relative.parent
        return self._find.members.get(path) or files_at(path, folder, {})

    def _command(
        self,
        resource: DeclaredResource,
        form: Format,
        resources: Sequence[DeclaredResource],
    ) -> RegisterTemplate:
        others = {
            each.name: (each, list(self._parts_of(each)))
            for each in resources
            if any(reference.to == each.name for reference in resource.references)
            and all(path in self._find.members for path in each.paths)
        }
        own = list(self._parts_of(resource))
        found, contradictions = checked(resource, own, others, by=form.name)
        identity = self._identity(resource, alone=len(resources) == 1)
        size = sum(part.path.stat().st_size for part in own)
        command = data_registration(
            found, identity, _description(resource), self._find.path, size, self._options.samples
        )
        return _as_declared(command, resource, form, contradictions)

    def _parts_of(self, resource: DeclaredResource) -> Iterator[Part]:
        for path in resource.paths:
            for file in self._files_at(path):
                yield from self._parts[file]

    def _identity(self, resource: DeclaredResource, *, alone: bool) -> dict[str, str]:
        """Return the identity: of a path, `{industry}/{use_case}/` and the name of the resource."""
        folders = self._find.document.relative.parent.parts
        folders = folders[:2] if len(folders) > 2 else folders
        told = dict(zip(("use_case", "industry"), reversed(folders), strict=False))
        name = resource.name or (resource.paths[0] if resource.paths else resource.title)
        stem = PurePosixPath(name).name
        told["dataset_type"] = stem.split(".")[0] if suffix_of(PurePosixPath(stem)) else stem
        said = Description()
        if self._find.description:
            said = read_description(self._parts[self._find.description][0].path)
        given = dict(self._options.identity)
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
    contradictions: Sequence[Contradiction],
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
