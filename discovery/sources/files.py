"""Files as a source: template repositories and plain data, on this machine or elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from discovery.dataset_reading import DatasetReading, ScanOptions
from discovery.datasets import read_files
from discovery.declared import DeclaredDatasets, claimed, may_declare
from discovery.files import DataFile, data_files
from discovery.files.source import absolute
from discovery.grouping import FileGroup, file_groups
from discovery.sources.source import Source


@dataclass(frozen=True)
class DatasetFiles:
    """Files that are one dataset, or one that is a template."""

    group: FileGroup

    @cached_property
    def path(self) -> str:
        """Where they lie below the source."""
        return str(self.group)

    @cached_property
    def mark(self) -> str:
        """What changes whenever one of them does, comes or goes."""
        return self.group.mark

    @cached_property
    def size(self) -> int:
        """The bytes of all of them."""
        return self.group.size

    def read(self, known_digest: str, options: ScanOptions) -> DatasetReading:
        """Return the templates that they are; what a template file says of itself counts most."""
        return read_files(self.group, known_digest, options)


class Files(Source):
    """Template repositories and data files of every kind; the layout is told by the content.

    A template file is JSON with `format_version` "1" or "2", a bare array of records, or JSON
    Lines; another version is reported with the versions known, and passed over.
    """

    FORM: ClassVar = "a file, folder, pattern or fsspec URL (s3:// gcs:// https:// …)"
    IS_WATCHED: ClassVar = True

    @property
    def place(self) -> str:
        """The path from the root, or the URL."""
        return absolute(self.text)

    @classmethod
    def takes(cls, text: str) -> bool:
        """Tell yes: what no other kind takes is files, and reported if there are none."""
        return True

    def finds(self) -> Iterator[DatasetFiles | DeclaredDatasets]:
        """Yield each dataset or template; the documents that declare others come first.

        Raises:
            NoSuchSource: there is nothing there, or no way to get there.
        """
        declared, others = claimed(self._files())
        yield from declared
        yield from map(DatasetFiles, file_groups(others))

    def _files(self) -> list[DataFile]:
        """Return the files of the source; of a document alone, those that lie below its folder."""
        files = list(data_files(self.text))
        if len(files) != 1 or files[0].url != absolute(self.text):
            return files
        [document] = files
        if not may_declare(document.relative) or not claimed(files)[0]:
            return files
        above = document.relative.parent
        beside = [
            replace(file, relative=above / file.relative)
            for file in data_files(str(Path(document.url).parent))
        ]
        [find], _ = claimed([document, *(file for file in beside if file.url != document.url)])
        return find.files
