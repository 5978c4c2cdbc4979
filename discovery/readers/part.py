"""A part of a dataset: one plain file of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from discovery.files import UnreadableFile


class UnequalParts(UnreadableFile):
    """Files of a folder that have different columns, or are of different kinds."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A plain file on this machine; `partition` are the fields that its folders tell."""

    path: Path
    relative: PurePosixPath
    partition: Mapping[str, str] = field(default_factory=dict)
