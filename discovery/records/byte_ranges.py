"""Parts of a file of lines, to be read apart from one another."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

RANGE: Final = 64 * 1024 * 1024
"""Bytes of a part: so much work that handing over what it gave counts for little."""

_BLOCK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Whole lines of a file, from one byte up to another."""

    path: Path
    start: int
    end: int

    def blocks(self, size: int = _BLOCK) -> Iterator[bytes]:
        """Yield the bytes of the range, in blocks of about so many that end where lines end."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            while (left := self.end - file.tell()) > 0:
                yield file.read(min(size, left)) + (file.readline() if size < left else b"")


def line_ranges(path: Path, size: int = RANGE) -> Iterator[ByteRange]:
    """Yield ranges of about so many bytes that end where lines end; a longer line is kept whole."""
    length = path.stat().st_size
    start = 0
    with path.open("rb") as file:
        while start < length:
            end = _end_of_line(file, min(start + size, length), length)
            yield ByteRange(path, start, end)
            start = end


def _end_of_line(file: BinaryIO, place: int, length: int) -> int:
    """Return where the line ends that the byte before a place belongs to."""
    file.seek(place - 1)
    while block := file.read(_BLOCK):
        found = block.find(b"\n")
        if found >= 0:
            return file.tell() - len(block) + found + 1
    return length
