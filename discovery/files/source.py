"""Finding the files of a source: a file, a folder, a pattern, or an fsspec URL of any of these."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from glob import has_magic
from pathlib import Path, PurePath, PurePosixPath
from typing import Any, Final

from discovery.files.data_file import DataFile, suffix_of

MOST_FILES: Final = 1_000_000
"""Files of one source, beyond which something else was meant."""

DATA_SUFFIXES: Final = frozenset(
    {".csv", ".tsv", ".tab", ".psv", ".ssv", ".json", ".jsonl", ".ndjson", ".geojson"}
    | {".parquet", ".pq", ".avro", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
)
"""Suffixes by which a file of a folder is data. By its own path a file of any suffix is."""

DESCRIPTION: Final = "dataset.yaml"
"""Name of the file that describes the dataset in the folder that it lies in."""

_LEADS_OUT: Final = "the link leads out of the source"
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


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
    return source if _URL.match(source) else os.path.abspath(Path(source).expanduser())


def _local_files(source: str) -> Iterator[DataFile]:
    path = Path(absolute(source))
    if path.is_file():
        # The last two folders of its path are as telling as they are below a source.
        yield _local_file(path, path.parent.parent.parent)
    elif path.is_dir():
        yield from _files_below(path)
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
        found += [_local_file(path, root) for path in paths if _is_data(path)]
        links = [Path(folder, name) for name in folders if Path(folder, name).is_symlink()]
        found += [file for link in links if (file := _local_file(link, root)).problem == _LEADS_OUT]
    yield from sorted(found, key=lambda file: file.relative)


def _is_data(path: PurePath) -> bool:
    return suffix_of(path) in DATA_SUFFIXES or path.name == DESCRIPTION


def _matching(pattern: Path) -> Iterator[DataFile]:
    root = Path(*_until_magic(pattern.parts))
    matches = sorted(path for path in root.glob(str(pattern.relative_to(root))) if path.is_file())
    if not matches:
        raise NoSuchSource(f"Nothing matches {pattern}")
    for path in matches:
        if not any(part.startswith(".") for part in path.relative_to(root).parts):
            yield _local_file(path, root)


def _until_magic(parts: tuple[str, ...]) -> Iterator[str]:
    for part in parts:
        if has_magic(part):
            return
        yield part


def _local_file(path: Path, root: Path) -> DataFile:
    file = DataFile(url=str(path), relative=PurePosixPath(path.relative_to(root).as_posix()))
    # Not Path.resolve(), which gives up on links that lead in circles.
    if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(
        os.path.realpath(root)
    ):
        return replace(file, problem=_LEADS_OUT)
    try:
        status = path.stat()
    except OSError as error:
        return replace(file, problem=f"cannot be read: {error.strerror}")
    if not stat.S_ISREG(status.st_mode):
        return replace(file, problem="is no regular file")
    return replace(file, size=status.st_size, mark=f"{status.st_size} {status.st_mtime_ns}")


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
        hidden = any(part.startswith(".") for part in relative.parts)
        if not hidden and (len(files) == 1 or _is_data(relative)):
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
