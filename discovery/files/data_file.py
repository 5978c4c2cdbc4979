"""A file of a source, on this machine or elsewhere."""

from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath

PACKED = frozenset({".gz", ".zst", ".zip"})
"""Suffixes of files that have to be unpacked."""


def suffix_of(path: PurePath) -> str:
    """Return the suffix, in lower case, that a file has once it is unpacked."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    while suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


class UnreadableFile(Exception):
    """A file that gives no records, with the place in it (such as "line 3, column 5") and why."""

    def __init__(self, reason: str, place: str = "") -> None:
        super().__init__(f"{place}: {reason}" if place else reason)
        self.reason = reason
        self.place = place


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
        # Names are bytes to the system; what is not UTF-8 in them could not be printed or stored.
        return str(self.relative).encode(errors="surrogateescape").decode(errors="backslashreplace")
