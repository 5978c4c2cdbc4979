"""Which files of a source are declared by documents beside them."""

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path, PurePath
from typing import Final

from discovery.declared.declared_datasets import DeclaredDatasets
from discovery.files import DESCRIPTION, DataFile, UnreadableFile, plain_files

_NAMES: Final = frozenset({"datapackage.json", "croissant.json", "metadata.json"})
_ENDINGS: Final = (".datapackage.json", ".croissant.json", "-metadata.json")


def may_declare(path: PurePath) -> bool:
    """Tell by its name whether a file may be a document that declares data."""
    name = path.name.lower()
    return name in _NAMES or name.endswith(_ENDINGS)


def claimed(files: Iterable[DataFile]) -> tuple[list[DeclaredDatasets], list[DataFile]]:
    """Return the documents among files with the files that they declare, and the other files.

    Only files whose names are those of such documents are looked into.
    """
    files = list(files)
    documents = [file for file in files if may_declare(file.relative)]
    if not documents:
        return [], files
    from discovery.declared import document as reading  # and all formats, which few sources need

    by_path = {file.relative: file for file in files}
    finds: list[DeclaredDatasets] = []
    taken: set[DataFile] = set()
    for file in documents:
        if file.problem or file.size > reading.MOST_BYTES or not (content := _content(file)):
            continue
        found = reading.declaring_format(content)
        if found is None:
            continue
        form, document = found
        members: dict[str, tuple[DataFile, ...]] = {}
        try:
            paths = reading.paths_in(form, document)
        except UnreadableFile:
            paths = []  # reported when it is read
        for path in paths:
            try:
                members[path] = reading.files_at(path, file.relative.parent, by_path)
            except UnreadableFile:
                continue
        description = by_path.get(file.relative.parent / DESCRIPTION)
        finds.append(DeclaredDatasets(file, members, description))
        taken |= {file, *(member for some in members.values() for member in some)}
    return finds, [file for file in files if file not in taken]


def _content(file: DataFile) -> bytes:
    """Return what a file holds; nothing if it cannot be read, which is told when it is data."""
    try:
        with ExitStack() as stack:
            [(_, path)] = stack.enter_context(plain_files(file))
            return Path(path).read_bytes()
    except (OSError, UnreadableFile, ValueError):
        return b""
