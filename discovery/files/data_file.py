"""A file of a source, on this machine or elsewhere."""

from dataclasses import dataclass
from pathlib import PurePosixPath

PACKED = frozenset({".gz", ".zst", ".zip"})
"""Suffixes of files that have to be unpacked."""


class UnreadableFile(Exception):
    """A file that cannot be fetched or unpacked, and why."""


@dataclass(frozen=True, kw_only=True)
class DataFile:
    """A file of a source.

    `url` is a path of this machine or an fsspec URL; `relative` is the path below the source;
    `mark` changes whenever the file does, as far as the system it is on can tell.
    """

    url: str
    relative: PurePosixPath
    size: int
    mark: str

    def __str__(self) -> str:
        # Names are bytes to the system; what is not UTF-8 in them could not be printed or stored.
        return str(self.relative).encode(errors="surrogateescape").decode(errors="backslashreplace")

    @property
    def suffix(self) -> str:
        """The suffix, in lower case, of the file once it is unpacked."""
        suffixes = [suffix.lower() for suffix in self.relative.suffixes]
        while suffixes and suffixes[-1] in PACKED:
            suffixes.pop()
        return suffixes[-1] if suffixes else ""

    @property
    def stem(self) -> str:
        """The name up to its first dot, a leading one aside."""
        return self.relative.name.lstrip(".").split(".")[0]
