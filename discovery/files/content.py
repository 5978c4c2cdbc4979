"""The plain content of files: fetched from where they are, and unpacked."""

import gzip
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

import fsspec
import zstandard

from discovery.files.data_file import DataFile, UnreadableFile

MOST_BYTES: Final = 64 * 2**30
"""Bytes of one file, unpacked; a small packed file may hold more than any disk."""

MOST_MEMBERS: Final = 10_000
"""Files of one archive."""

_CHUNK: Final = 2**20


@contextmanager
def plain_files(file: DataFile) -> Iterator[list[tuple[PurePosixPath, Path]]]:
    """Yield what a file holds: its path below the source, and the plain content on this machine.

    That is one content, but for archives, of which each member is one. Copies that had to be made
    are gone afterwards.

    Raises:
        UnreadableFile: it cannot be fetched or unpacked, or is larger than `MOST_BYTES`.
    """
    if file.problem:
        raise UnreadableFile(file.problem)
    with tempfile.TemporaryDirectory(prefix="discovery-") as folder:
        try:
            local = _fetched(file, Path(folder))
            contents = list(_unpacked(file.relative, local, Path(folder)))
        except (OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile) as error:
            raise UnreadableFile(getattr(error, "strerror", None) or str(error)) from error
        except zstandard.ZstdError as error:
            raise UnreadableFile(f"invalid zstd data: {error}") from error
        yield contents


def _fetched(file: DataFile, folder: Path) -> Path:
    if "://" not in file.url:
        return Path(file.url)
    local = folder / "fetched"
    with fsspec.open(file.url, "rb") as remote:
        _copy(remote, local)
    return local


def _unpacked(
    relative: PurePosixPath, path: Path, folder: Path
) -> Iterator[tuple[PurePosixPath, Path]]:
    suffix = relative.suffix.lower()
    plain = folder / "plain"
    if suffix == ".gz":
        with gzip.open(path) as packed:
            _copy(packed, plain)
    elif suffix == ".zst":
        with (
            path.open("rb") as raw,
            zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True) as packed,
        ):
            _copy(packed, plain)
    elif suffix == ".zip":
        yield from _members(relative, path, folder)
        return
    else:
        yield relative, path
        return
    yield relative.with_suffix(""), plain


def _members(
    relative: PurePosixPath, path: Path, folder: Path
) -> Iterator[tuple[PurePosixPath, Path]]:
    with zipfile.ZipFile(path) as archive:
        members = [each for each in archive.infolist() if _is_data(each)]
        if not members:
            raise ValueError("the archive holds no file")
        if len(members) > MOST_MEMBERS:
            raise ValueError(f"the archive holds more than {MOST_MEMBERS} files")
        for number, member in enumerate(members):
            # Never by its own name, which may lead out of the folder.
            plain = folder / f"member-{number}"
            with archive.open(member) as packed:
                _copy(packed, plain)
            name = PurePosixPath(member.filename).name
            yield (relative.with_name(name) if len(members) == 1 else relative / name), plain


def _is_data(member: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(member.filename).parts
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    return not member.is_dir() and not hidden


def _copy(source: IO[bytes] | Any, target: Path) -> None:
    left = MOST_BYTES
    with target.open("wb") as file:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise ValueError(f"it holds more than {MOST_BYTES // 2**30} GiB")
            file.write(chunk)
