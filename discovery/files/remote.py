"""Finding the files at an fsspec URL: a file, a folder, or a pattern."""

from collections.abc import Iterator, Mapping
from glob import has_magic
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import unquote
from uuid import uuid4

from discovery.files.data_file import DataFile, is_data, is_hidden

_TELLING: Final = (
    *("ETag", "etag", "Content-MD5", "Digest", "md5", "md5Hash", "sha"),
    *("Last-Modified", "LastModified", "last_modified", "updated", "mtime", "modify", "created"),
)
"""What file systems call that which changes with a file."""


def remote_files(url: str) -> Iterator[DataFile]:
    """Yield the data files at a URL, in the order of their paths.

    Raises:
        FileNotFoundError: there is nothing there.
        Exception: there is no such file system, or it cannot be reached; each has its own errors.
    """
    from fsspec.core import url_to_fs

    system, path = url_to_fs(url)
    system.invalidate_cache()
    is_web = "http" in system.protocol
    if has_magic(path.partition("?")[0] if is_web else path):
        root = "/".join(path.split("/")[: _steps_before_magic(path)])
        found = system.glob(path, detail=True)
    elif system.isdir(path):
        root, found = path.rstrip("/"), system.find(path, detail=True)
    else:
        root, found = _folder_above(path), {path: system.info(path)}
    paths = {
        name: _below(root, name, is_web) for name, facts in found.items() if facts["type"] == "file"
    }
    for name, relative in sorted(paths.items(), key=lambda pair: pair[1].parts):
        if not is_hidden(relative) and (name == path or is_data(relative)):
            # A listing of the web tells neither sizes nor times.
            facts = system.info(name) if is_web else found[name]
            yield DataFile(
                url=system.unstrip_protocol(name),
                relative=relative,
                size=int(facts.get("size") or 0),
                mark=_mark(facts),
            )


def _steps_before_magic(path: str) -> int:
    return next(place for place, step in enumerate(path.split("/")) if has_magic(step))


def _folder_above(path: str) -> str:
    """Return the folder three steps up, as far as there are so many below the server or bucket."""
    server, separator, steps = path.rpartition("://")
    names = steps.split("/")
    return server + separator + "/".join(names[: max(1, len(names) - 3)])


def _below(root: str, name: str, is_web: bool) -> PurePosixPath:
    relative = name.removeprefix(root).lstrip("/")
    return PurePosixPath(unquote(relative.partition("?")[0]) if is_web else relative)


def _mark(facts: Mapping[str, Any]) -> str:
    """Return what changes with a file; of a file of which nothing is told, that is always new."""
    told = [str(facts[name]) for name in _TELLING if facts.get(name) is not None]
    return f"{facts.get('size')} {' '.join(told) or uuid4()}"
