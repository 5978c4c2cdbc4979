"""Which files are one dataset: the parts of a folder, partitions of a table, or a file alone."""

import hashlib
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import PurePosixPath
from typing import Final

from discovery.files import DESCRIPTION, DataFile

_PARTITION: Final = re.compile(r"([^=/]+)=([^/]*)")
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
        return str(self.files[0]) if self.folder is None else str(self.folder)

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
    `{industry}/{use_case}/{dataset_type}/`. Every other file is a dataset of its own.
    """
    files = sorted(files, key=lambda file: file.relative.parts)
    described = {file.relative.parent: file for file in files if file.relative.name == DESCRIPTION}
    data = [file for file in files if file.relative.name != DESCRIPTION]
    for folder, members in groupby(data, lambda file: _folder_of(file.relative, described)):
        if folder is None:
            yield from (FileGroup(files=(file,)) for file in members)
        else:
            description = described.get(folder)
            yield FileGroup(files=tuple(members), folder=folder, description=description)


def partition_of(path: PurePosixPath) -> Mapping[str, str]:
    """Return the fields that the folders of a path tell, such as `{"year": "2024"}`."""
    found = (_PARTITION.fullmatch(part) for part in path.parent.parts)
    return {match[1]: match[2] for match in found if match}


def _folder_of(path: PurePosixPath, described: Container[PurePosixPath]) -> PurePosixPath | None:
    for folder in reversed(path.parents):
        if folder in described:
            return folder
    for depth, part in enumerate(path.parent.parts):
        if _PARTITION.fullmatch(part):
            return PurePosixPath(*path.parts[:depth])
    if len(path.parts) > _IDENTITY_FOLDERS:
        return PurePosixPath(*path.parts[:_IDENTITY_FOLDERS])
    return None
