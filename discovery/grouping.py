"""Which files are one dataset: the parts of a folder, partitions of a table, or a file alone."""

import hashlib
import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote

from discovery.files import DESCRIPTION, DataFile, printable

_PARTITION: Final = re.compile(r"([^=/]+)=([^/]*)")
_NO_VALUE: Final = "__HIVE_DEFAULT_PARTITION__"
"""What Hive, and others since, call the partition of records without a value."""
_IDENTITY_FOLDERS: Final = 3


@dataclass(frozen=True, kw_only=True)
class FileGroup:
    """Files that are one dataset; `folder` is None for a file alone.

    `description` is the `dataset.yaml` of its folder, if there is one.
    """

    files: tuple[DataFile, ...]
    folder: PurePosixPath | None = None
    description: DataFile | None = None

    def __str__(self) -> str:
        return printable(self.path)

    @cached_property
    def path(self) -> PurePosixPath:
        """Where the dataset lies below the source: its folder, or its file."""
        return self.folder if self.folder is not None else self.files[0].relative

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def mark(self) -> str:
        """What changes whenever one of the files does, comes or goes."""
        files = [*self.files, *([self.description] if self.description else [])]
        told = "\n".join(f"{file} {file.mark}" for file in files)
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def path_identity(self) -> dict[str, str]:
        """The parts of the identity that the path tells: `{industry}/{use_case}/{dataset_type}`."""
        *folders, name = self.path.parts or (self.files[0].relative.name,)
        named = dict(zip(("use_case", "industry"), reversed(folders), strict=False))
        return {**named, "dataset_type": name.lstrip(".").split(".")[0]}


def file_groups(files: Iterable[DataFile]) -> Iterator[FileGroup]:
    """Yield the datasets that the files of a source are, in the order of their paths.

    A folder is one dataset if it has a `dataset.yaml`, if it holds partition folders such as
    `year=2024`, or if it lies where a dataset type is expected, at
    `{industry}/{use_case}/{dataset_type}/`. Every other file is a dataset of its own. Of folders
    with a `dataset.yaml` within one another, the innermost counts.
    """
    files = sorted(files, key=lambda file: file.relative.parts)
    described = {file.relative.parent: file for file in files if file.relative.name == DESCRIPTION}
    data = [file for file in files if file.relative.name != DESCRIPTION]
    folders = {file: _folder_of(file.relative, described) for file in data}
    members: dict[PurePosixPath, list[DataFile]] = {}
    for file, folder in folders.items():
        members.setdefault(file.relative if folder is None else folder, []).append(file)
    for path, some in members.items():
        folder = folders[some[0]]
        description = None if folder is None else described.get(path)
        yield FileGroup(files=tuple(some), folder=folder, description=description)


def partition_of(path: PurePosixPath) -> dict[str, str | None]:
    """Return the fields that the folders of a path tell, such as `{"year": "2024"}`.

    What cannot stand in the name of a folder is written as in a URL, as Hive does.
    """
    parts = PurePosixPath(printable(path)).parent.parts
    found = (_PARTITION.fullmatch(part) for part in parts)
    return {
        unquote(match[1]): None if match[2] == _NO_VALUE else unquote(match[2])
        for match in found
        if match
    }


def _folder_of(path: PurePosixPath, described: Container[PurePosixPath]) -> PurePosixPath | None:
    for folder in path.parents:
        if folder in described:
            return folder
    for depth, part in enumerate(path.parent.parts):
        if _PARTITION.fullmatch(part):
            return PurePosixPath(*path.parts[:depth])
    if len(path.parts) > _IDENTITY_FOLDERS:
        return PurePosixPath(*path.parts[:_IDENTITY_FOLDERS])
    return None
