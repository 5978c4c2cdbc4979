"""The files at a source, wherever it is: found, fetched, unpacked and told apart by kind."""

from discovery.files.content import plain_files
from discovery.files.data_file import (
    DESCRIPTION,
    DataFile,
    UnreadableFile,
    is_definition,
    printable,
    suffix_of,
)
from discovery.files.kind import Kind, kind_of
from discovery.files.source import NoSuchSource, data_files

__all__ = [
    "DESCRIPTION",
    "DataFile",
    "Kind",
    "NoSuchSource",
    "UnreadableFile",
    "data_files",
    "is_definition",
    "kind_of",
    "plain_files",
    "printable",
    "suffix_of",
]
