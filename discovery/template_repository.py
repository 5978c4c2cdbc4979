"""A folder of template files, `{industry}/{use_case}/{dataset_type}.json`."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from discovery.template_file import MAX_BYTES, UnreadableTemplate

SUFFIXES = frozenset({".json", ".jsonl", ".ndjson"})


@dataclass(frozen=True)
class FoundFile:
    """A file of the repository, by its path relative to the root."""

    root: Path
    relative: Path

    def __str__(self) -> str:
        # Names are bytes to the system; what is not UTF-8 in them could not be printed or stored.
        return os.fsencode(self.relative).decode(errors="backslashreplace")

    @property
    def path_identity(self) -> dict[str, str]:
        """The parts of the identity that the path tells, for the metadata to override."""
        *folders, _ = self.relative.parts
        named = dict(zip(("use_case", "industry"), reversed(folders), strict=False))
        return {**named, "dataset_type": self.relative.name.split(".")[0]}

    def content(self) -> bytes:
        """Return the file's content.

        Raises:
            UnreadableTemplate: it is a link out of the repository, too large, or not to be read.
        """
        path = self.root / self.relative
        try:
            if _leads_out(path, self.root):
                raise UnreadableTemplate("the link leads out of the repository")
            with open(path, "rb", opener=_open_at_once) as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    raise UnreadableTemplate("is no regular file")
                if (size := status.st_size) > MAX_BYTES:
                    limit = MAX_BYTES // 2**20
                    raise UnreadableTemplate(f"{size / 2**20:.1f} MiB is above {limit} MiB")
                return file.read()
        except OSError as error:
            raise UnreadableTemplate(f"cannot be read: {error.strerror}") from error


def found_files(source: Path) -> Iterator[FoundFile]:
    """Yield the template files at or below a source, in the order of their paths.

    Hidden files and folders are passed over. Folders behind links are not entered; a link to a
    folder outside is yielded, so that it can be reported rather than be missed.

    Raises:
        FileNotFoundError: there is nothing at the source.
    """
    if not source.exists():
        raise FileNotFoundError(source)
    if source.is_file():
        # The last two folders of its path are as telling as they are below a repository's root.
        source = Path(os.path.abspath(source))
        root = source.parent.parent.parent
        yield FoundFile(root, source.relative_to(root))
        return
    found: list[Path] = []

    def report_when_read(error: OSError) -> None:
        found.append(Path(error.filename).relative_to(source))

    for folder, folders, files in os.walk(source, onerror=report_when_read):
        folders[:] = [name for name in folders if not name.startswith(".")]
        wanted = [name for name in files if Path(name).suffix.lower() in SUFFIXES]
        wanted += [
            name
            for name in folders
            if Path(folder, name).is_symlink() and _leads_out(Path(folder, name), source)
        ]
        found += [Path(folder, name).relative_to(source) for name in wanted if name[0] != "."]
    for relative in sorted(found):
        yield FoundFile(source, relative)


def _leads_out(path: Path, root: Path) -> bool:
    # Not Path.resolve(), which gives up on links that lead in circles.
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def _open_at_once(path: str, flags: int) -> int:
    # A named pipe would be waited for until somebody writes.
    return os.open(path, flags | os.O_NONBLOCK)
