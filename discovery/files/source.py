"""Finding the files of a source: a file, a folder, a pattern, or an fsspec URL of any of these."""

import os
import re
import stat
from collections.abc import Iterator
from glob import has_magic
from pathlib import Path, PurePosixPath
from typing import Any, Final

from discovery.files.data_file import DataFile

MOST_FILES: Final = 1_000_000
"""Files of one source, beyond which something else was meant."""

_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


class NoSuchSource(Exception):
    """There is nothing at the source, or no way to get there."""


def data_files(source: str) -> Iterator[DataFile]:
    """Yield the files of a source, in the order of their paths.

    Hidden files and folders are passed over, and so are links that lead out of a folder.

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


def _local_files(source: str) -> Iterator[DataFile]:
    path = Path(source).expanduser()
    if path.is_file():
        yield _local_file(path.absolute(), path.absolute().parent)
    elif path.is_dir():
        yield from _files_below(path.absolute())
    elif has_magic(source):
        yield from _matching(path.absolute())
    else:
        raise NoSuchSource(f"There is nothing at {source}")


def _files_below(folder: Path) -> Iterator[DataFile]:
    root = os.path.realpath(folder)
    found: list[Path] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(parent, name) for name in names if not name.startswith(".")]
    for path in sorted(found):
        inside = Path(os.path.realpath(path)).is_relative_to(root)
        if inside and stat.S_ISREG(path.stat().st_mode):
            yield _local_file(path, folder)


def _matching(pattern: Path) -> Iterator[DataFile]:
    fixed = Path(*(part for part in _until_magic(pattern.parts)))
    matches = sorted(path for path in fixed.glob(str(pattern.relative_to(fixed))) if path.is_file())
    if not matches:
        raise NoSuchSource(f"Nothing matches {pattern}")
    for path in matches:
        if not any(part.startswith(".") for part in path.relative_to(fixed).parts):
            yield _local_file(path, fixed)


def _until_magic(parts: tuple[str, ...]) -> Iterator[str]:
    for part in parts:
        if has_magic(part):
            return
        yield part


def _local_file(path: Path, root: Path) -> DataFile:
    status = path.stat()
    return DataFile(
        url=str(path),
        relative=PurePosixPath(path.relative_to(root).as_posix()),
        size=status.st_size,
        mark=f"{status.st_size} {status.st_mtime_ns}",
    )


def _remote_files(source: str) -> Iterator[DataFile]:
    from fsspec.core import url_to_fs

    try:
        system, path = url_to_fs(source)
        if has_magic(path):
            root = "/".join(_until_magic(tuple(path.split("/"))))
            found = system.glob(path, detail=True)
        elif system.isdir(path):
            root, found = path.rstrip("/"), system.find(path, detail=True)
        else:
            root, found = path.rpartition("/")[0], {path: system.info(path)}
    except (OSError, ImportError, ValueError) as error:
        raise NoSuchSource(f"{source} cannot be reached: {error}") from None
    files = {name: facts for name, facts in found.items() if facts.get("type") == "file"}
    if not files:
        raise NoSuchSource(f"There is nothing at {source}")
    for name, facts in sorted(files.items()):
        relative = PurePosixPath(name.removeprefix(root).lstrip("/"))
        if not any(part.startswith(".") for part in relative.parts):
            yield DataFile(
                url=system.unstrip_protocol(name),
                relative=relative,
                size=int(facts.get("size") or 0),
                mark=_mark(facts),
            )


def _mark(facts: dict[str, Any]) -> str:
    """Return what a file system tells of a file that changes with it."""
    telling = ("size", "ETag", "etag", "mtime", "LastModified", "last_modified", "updated", "md5")
    return " ".join(str(facts[name]) for name in telling if facts.get(name) is not None)
