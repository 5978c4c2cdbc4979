"""Which files are one dataset: the parts of a folder, partitions of a table, or a file alone."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import PurePosixPath
from typing import Final

from discovery.files import DataFile

DESCRIPTION: Final = "dataset.yaml"
"""Name of the file that describes the dataset in the folder that it lies in."""

_PARTITION: Final = re.compile(r"([^=/]+)=([^/]*)")
_IDENTITY_FOLDERS: Final = 3


@dataclass(frozen=True, kw_only=True)
class FileGroup:
    """Files that are one dataset; `folder` is None for a file alone."""

    files: tuple[DataFile, ...]
    folder: PurePosixPath | None = None

    @cached_property
    def path(self) -> PurePosixPath:
        """Where the dataset lies below the source: its folder, or its file."""
        return self.folder if self.folder is not None else self.files[0].relative

    @property
    def path_identity(self) -> dict[str, str]:
        """The parts of the identity that the path tells: `{industry}/{use_case}/{dataset_type}`."""
        *folders, name = self.path.parts or (self.files[0].stem,)
        named = dict(zip(("use_case", "industry"), reversed(folders), strict=False))
        return {**named, "dataset_type": name.lstrip(".").split(".")[0]}


def file_groups(files: Iterable[DataFile]) -> Iterator[FileGroup]:
    """Yield the datasets that the files of a source are, in the order of their paths.

    A folder is one dataset if it has a `dataset.yaml`, if it holds partition folders such as
    `year=2024`, or if it lies where a dataset type is expected, at
    `{industry}/{use_case}/{dataset_type}/`. Every other file is a dataset of its own.
    """
    files = sorted(files, key=lambda file: file.relative.parts)
    described = {file.relative.parent for file in files if file.relative.name == DESCRIPTION}
    data = [file for file in files if file.relative.name != DESCRIPTION]
    for folder, members in groupby(data, lambda file: _folder_of(file.relative, described)):
        if folder is None:
            yield from (FileGroup(files=(file,)) for file in members)
        else:
            yield FileGroup(files=tuple(members), folder=folder)


def partition_of(path: PurePosixPath) -> Mapping[str, str]:
    """Return the fields that the folders of a path tell, such as `{"year": "2024"}`."""
    found = (_PARTITION.fullmatch(part) for part in path.parent.parts)
    return {match[1]: match[2] for match in found if match}


def _folder_of(path: PurePosixPath, described: set[PurePosixPath]) -> PurePosixPath | None:
    for folder in reversed(path.parents):
        if folder in described:
            return folder
    for depth, part in enumerate(path.parent.parts):
        if _PARTITION.fullmatch(part):
            return PurePosixPath(*path.parts[:depth])
    if len(path.parts) > _IDENTITY_FOLDERS:
        return PurePosixPath(*path.parts[:_IDENTITY_FOLDERS])
    return None
