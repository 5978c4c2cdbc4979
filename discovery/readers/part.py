"""A part of a dataset: one plain file of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Final

from discovery.files import UnreadableFile

_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,17}")


class UnequalParts(UnreadableFile):
    """Files of a folder that have different columns, or are of different kinds."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A plain file on this machine; `partition` are the fields that its folders tell.

    A field of that name in the file itself wins.
    """

    path: Path
    relative: PurePosixPath
    partition: Mapping[str, str | int | None] = field(default_factory=dict)


def with_typed_partitions(parts: Sequence[Part]) -> list[Part]:
    """Return parts in which a field of partitions is an integer if it is in all of them."""
    texts: dict[str, list[str]] = {}
    for part in parts:
        for name, value in part.partition.items():
            texts.setdefault(name, []).extend([] if value is None else [str(value)])
    integers = {name for name, some in texts.items() if some and all(map(_INTEGER.fullmatch, some))}
    return [
        replace(
            part,
            partition={
                name: int(value) if name in integers and value is not None else value
                for name, value in part.partition.items()
            },
        )
        for part in parts
    ]
