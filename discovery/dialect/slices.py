"""The parts of a file that are looked at: bounded, however large it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

HEAD = 256 * 1024
"""Bytes of the beginning that are read."""
PART = 64 * 1024
"""Bytes of the middle and of the end that are read, where the head does not reach them."""


@dataclass(frozen=True)
class Slices:
    """The beginning, the middle and the end of a file; the last two are empty in a small one."""

    head: bytes
    middle: bytes = b""
    tail: bytes = b""

    @property
    def whole(self) -> bool:
        """Whether the head is the whole file."""
        return not self.tail

    def __iter__(self) -> Iterator[bytes]:
        return iter((self.head, self.middle, self.tail) if self.tail else (self.head,))


def read_slices(source: Path | bytes) -> Slices:
    """Read the slices of a file, or of its bytes.

    The slices start at multiples of four bytes, so that they cut no code unit of UTF-16 or UTF-32.

    Raises:
        OSError: the file is missing or cannot be read.
    """
    if isinstance(source, bytes):
        return _slices(BytesIO(source), len(source))
    with source.open("rb") as file:
        return _slices(file, source.stat().st_size)


def _slices(file: BinaryIO, size: int) -> Slices:
    """Read the slices of a file of `size` bytes; a pipe has the size 0 and gives its head."""
    head = file.read(HEAD + 2 * PART)
    if len(head) < HEAD + 2 * PART or size <= len(head):
        return Slices(head)
    file.seek(size // 2 // 4 * 4)
    middle = file.read(PART)
    file.seek((size - PART) // 4 * 4)
    return Slices(head[:HEAD], middle, file.read(PART + 3))
