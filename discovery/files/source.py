"""Finding the files of a source: a file, a folder, a pattern, or an fsspec URL of any of these."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from glob import has_magic
from pathlib import Path, PurePosixPath
from typing import Final

from discovery.files.data_file import DataFile, is_data, is_hidden
from discovery.files.remote import remote_files

MOST_FILES: Final = 1_000_000
"""Files of one source, beyond which something else was meant."""

_LEADS_OUT: Final = "the link leads out of the source"
_URL: Final = re.compile(r"(?!file://)[A-Za-z][A-Za-z0-9+.:-]+://")
"""A URL of another machine; `file://` is another way to write a path."""


class NoSuchSource(Exception):
    """There is nothing at the source, or no way to get there."""


def data_files(source: str) -> Iterator[DataFile]:
    """Yield the data files of a source, in the order of their paths.

    In a folder those are the files with a suffix of data (`DATA_SUFFIXES`, packed ones too). Hidden
    files and folders are passed over. Folders behind links are not entered; a link out of the
    source, and what cannot be read, is yielded with its problem, to be reported and not missed.

    Args:
        source: a path or pattern (`*`, `**`, `?`, `[…]`) of this machine, or an fsspec URL
            (`file://`, `s3://`, `gcs://`, `https://`, …), which may hold a pattern too.

    Raises:
        NoSuchSource: there is nothing there, more than `MOST_FILES`, or the file system is not
            known or cannot be reached.
    """
    found = _remote_files(source) if _URL.match(source) else _local_files(source)
    for number, file in enumerate(found):
        if number == MOST_FILES:
            raise NoSuchSource(f"{source} has more than {MOST_FILES} files: name a part of it")
        yield file


def absolute(source: str) -> str:
    """Return a source by a name that does not depend on the folder one is in."""
    if _URL.match(source):
        return source
    return os.path.abspath(Path(source.removeprefix("file://")).expanduser())


def _remote_files(source: str) -> list[DataFile]:
    try:
        found = list(remote_files(source))
    except FileNotFoundError:
        found = []
    except Exception as error:  # every kind of file system raises errors of its own
        reason = str(error) or type(error).__name__
        raise NoSuchSource(f"{source} cannot be reached: {reason}") from None
    if not found:
        raise NoSuchSource(f"There is nothing at {source}")
    return found


def _local_files(source: str) -> Iterator[DataFile]:
    path = Path(absolute(source))
    if path.is_dir():
        yield from _files_below(path)
    elif os.path.lexists(path):
        # The last two folders of its path are as telling as they are below a source.
        yield _with_status(_named(path, path.parent.parent.parent), path)
    elif has_magic(source):
        yield from _matching(path)
    else:
        raise NoSuchSource(f"There is nothing at {source}")


def _files_below(root: Path) -> Iterator[DataFile]:
    found: list[DataFile] = []

    def report(error: OSError) -> None:
        relative = PurePosixPath(Path(error.filename).relative_to(root).as_posix())
        problem = f"cannot be read: {error.strerror}"
        found.append(DataFile(url=error.filename, relative=relative, problem=problem))

    for folder, folders, names in os.walk(root, onerror=report):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = [Path(folder, name) for name in names if not name.startswith(".")]
        found += [_local_file(path, root) for path in paths if is_data(path)]
        links = [Path(folder, name) for name in folders if Path(folder, name).is_symlink()]
        found += [file for link in links if (file := _local_file(link, root)).problem == _LEADS_OUT]
    yield from sorted(found, key=lambda file: file.relative)


def _matching(pattern: Path) -> Iterator[DataFile]:
    root = Path(*_until_magic(pattern.parts))
    found = [path for path in root.glob(str(pattern.relative_to(root))) if not path.is_dir()]
    matches = [path for path in found if not is_hidden(path.relative_to(root))]
    if not matches:
        raise NoSuchSource(f"Nothing matches {pattern}")
    top = Path(os.path.realpath(root))
    for path in sorted(matches):
        folder = Path(os.path.realpath(path.parent))
        if folder == top / path.parent.relative_to(root):
            yield _local_file(path, root)
        elif not folder.is_relative_to(top):
            yield replace(_named(path, root), problem=_LEADS_OUT)


def _until_magic(parts: tuple[str, ...]) -> Iterator[str]:
    for part in parts:
        if has_magic(part):
            return
        yield part


def _local_file(path: Path, root: Path) -> DataFile:
    file = _named(path, root)
    # Not Path.resolve(), which gives up on links that lead in circles.
    if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(
        os.path.realpath(root)
    ):
        return replace(file, problem=_LEADS_OUT)
    return _with_status(file, path)


def _named(path: Path, root: Path) -> DataFile:
    return DataFile(url=str(path), relative=PurePosixPath(path.relative_to(root).as_posix()))


def _with_status(file: DataFile, path: Path) -> DataFile:
    try:
        status = path.stat()
    except OSError as error:
        return replace(file, problem=f"cannot be read: {error.strerror}")
    if not stat.S_ISREG(status.st_mode):
        return replace(file, problem="is no regular file")
    return replace(file, size=status.st_size, mark=f"{status.st_size} {status.st_mtime_ns}")
