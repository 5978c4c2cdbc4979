"""A file of a source, on this machine or elsewhere."""

from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath
from typing import Final

from discovery.unreadable import Unreadable

PACKED: Final = frozenset({".gz", ".zst", ".zip"})
"""Suffixes of files that have to be unpacked."""

DATA_SUFFIXES: Final = frozenset(
    {".csv", ".tsv", ".tab", ".psv", ".ssv", ".json", ".jsonl", ".ndjson", ".geojson"}
    | {".parquet", ".pq", ".avro", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
)
"""Suffixes by which a file of a folder is data. By its own path a file of any suffix is."""

DEFINITION_SUFFIXES: Final = (".template.yaml", ".template.yml", ".template.json")
"""What the names of files end with that are custom definitions of templates."""

DESCRIPTION: Final = "dataset.yaml"
"""Name of the file that describes the dataset in the folder that it lies in."""


def suffix_of(path: PurePath) -> str:
    """Return the suffix, in lower case, that a file has once it is unpacked."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    while suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def is_data(path: PurePath) -> bool:
    """Tell whether a file of a folder is data, describes it, or defines a template."""
    return suffix_of(path) in DATA_SUFFIXES or path.name == DESCRIPTION or is_definition(path)


def is_definition(path: PurePath) -> bool:
    """Tell by its name whether a file is a custom definition of a template."""
    return path.name.lower().endswith(DEFINITION_SUFFIXES)


def is_hidden(path: PurePath) -> bool:
    """Tell whether a file, or a folder that it is in, is hidden."""
    return any(part.startswith(".") for part in path.parts)


def printable(path: PurePath) -> str:
    """Return a path as text: names are bytes to the system, and may hold what is not UTF-8."""
    return str(path).encode(errors="surrogateescape").decode(errors="backslashreplace")


class UnreadableFile(Unreadable):
    """A file that gives no records, with the place in it (such as "line 3, column 5") and why."""


@dataclass(frozen=True, kw_only=True)
class DataFile:
    """A file of a source.

    `url` is a path of this machine or an fsspec URL; `relative` is the path below the source;
    `mark` changes whenever the file does, as far as the system it is on can tell; `problem` says
    why it cannot be read, if that is known.
    """

    url: str
    relative: PurePosixPath
    size: int = 0
    mark: str = ""
    problem: str = ""

    def __str__(self) -> str:
        return printable(self.relative)
