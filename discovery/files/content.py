"""The plain content of files: fetched from where they are, and unpacked."""

import gzip
import lzma
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from glob import has_magic
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

from discovery.files.data_file import (
    DATA_SUFFIXES,
    PACKED,
    DataFile,
    UnreadableFile,
    is_hidden,
    suffix_of,
)

MOST_BYTES: Final = 64 * 2**30
"""Bytes of one file, unpacked; a small packed file may hold more than any disk."""

MOST_MEMBERS: Final = 10_000
"""Files of one archive."""

MOST_WRAPPINGS: Final = 4
"""Packed files within one another."""

_CHUNK: Final = 2**20

_DAMAGED: Final = (
    *(EOFError, ValueError, zlib.error, lzma.LZMAError, zipfile.BadZipFile),
    RuntimeError,  # what zipfile says of a password, or of a method it does not know
)

Content = tuple[PurePosixPath, Path]


@contextmanager
def plain_files(file: DataFile) -> Iterator[list[Content]]:
    """Yield what a file holds: its path below the source, and the plain content on this machine.

    That is one content, but for archives, of which each member is one; of these, only members with
    a suffix of data count, if there are such. Copies that had to be made are gone afterwards.

    Raises:
        UnreadableFile: it cannot be fetched or unpacked, or is larger than `MOST_BYTES`.
    """
    if file.problem:
        raise UnreadableFile(file.problem)
    with ExitStack() as stack:
        try:
            copies = _Copies(stack)
            contents = list(copies.unpacked(file.relative, copies.fetched(file)))
        except OSError as error:
            raise UnreadableFile(f"cannot be read: {error.strerror or error}") from error
        except _DAMAGED as error:
            raise UnreadableFile(f"cannot be unpacked: {error}") from error
        yield contents


@dataclass
class _Copies:
    """Copies of what one file holds; all of them together are bounded."""

    stack: ExitStack
    left: int = field(default_factory=lambda: MOST_BYTES)
    number: int = 0

    def fetched(self, file: DataFile) -> Path:
        """Return a file of this machine, by a name that every library can open."""
        if "://" in file.url:
            return self._downloaded(file.url)
        path = Path(file.url)
        path.open("rb").close()
        if file.url.isprintable() and not has_magic(file.url):
            return path
        link = self._new()
        link.symlink_to(path)
        return link

    def unpacked(
        self, relative: PurePosixPath, path: Path, wrappings: int = 0
    ) -> Iterator[Content]:
        """Yield the plain files in a file that may be packed."""
        suffix = relative.suffix.lower()
        if suffix not in PACKED:
            yield relative, path
            return
        if wrappings == MOST_WRAPPINGS:
            raise ValueError(f"more than {MOST_WRAPPINGS} packed files are within one another")
        for inner, content in self._opened(suffix, relative, path):
            yield from self.unpacked(inner, content, wrappings + 1)

    def _opened(self, suffix: str, relative: PurePosixPath, path: Path) -> Iterator[Content]:
        if suffix == ".zip":
            yield from self._members(relative, path)
        elif suffix == ".gz":
            with gzip.open(path) as packed:
                yield relative.with_suffix(""), self._copy(packed)
        else:
            import pyarrow as pa

            # Unlike the readers of zstandard, this one notices a frame that is cut off.
            with pa.OSFile(str(path)) as raw, pa.CompressedInputStream(raw, "zstd") as packed:
                yield relative.with_suffix(""), self._copy(packed)

    def _members(self, relative: PurePosixPath, path: Path) -> Iterator[Content]:
        with zipfile.ZipFile(path) as archive:
            members = [(name, each) for each in archive.infolist() if (name := _name_of(each))]
            if data := [each for each in members if suffix_of(each[0]) in DATA_SUFFIXES]:
                members = data
            if not members:
                raise ValueError("the archive holds no file")
            if len(members) > MOST_MEMBERS:
                raise ValueError(f"the archive holds more than {MOST_MEMBERS} files")
            for name, member in members:
                with archive.open(member) as packed:
                    content = self._copy(packed)
                yield (relative.parent if len(members) == 1 else relative) / name, content

    def _downloaded(self, url: str) -> Path:
        import fsspec

        try:
            with fsspec.open(url, "rb") as remote:
                return self._copy(remote)
        except Exception as error:  # every kind of file system raises errors of its own
            raise UnreadableFile(f"cannot be fetched: {error or type(error).__name__}") from error

    def _copy(self, source: IO[bytes] | Any) -> Path:
        target = self._new()
        with target.open("wb") as file:
            while chunk := source.read(_CHUNK):
                self.left -= len(chunk)
                if self.left < 0:
                    raise ValueError(f"it holds more than {MOST_BYTES / 2**30:g} GiB")
                file.write(chunk)
        return target

    def _new(self) -> Path:
        # Never by the name it has in an archive, which may lead out of the folder.
        self.number += 1
        return self._folder / f"content-{self.number}"

    @cached_property
    def _folder(self) -> Path:
        folder = tempfile.TemporaryDirectory(prefix="discovery-")
        return Path(self.stack.enter_context(folder))


def _name_of(member: zipfile.ZipInfo) -> PurePosixPath | None:
    """Return the path of a member within its archive; None if it is a folder or hidden."""
    parts = PurePosixPath(member.filename.replace("\\", "/")).parts
    named = PurePosixPath(*(part for part in parts if part not in ("/", "..")))
    hidden = is_hidden(named) or "__MACOSX" in named.parts
    return None if member.is_dir() or hidden or not named.name else named
