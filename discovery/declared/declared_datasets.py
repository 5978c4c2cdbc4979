"""The datasets that a document declares, as one find."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from discovery.dataset_reading import DatasetReading, ScanOptions
from discovery.files import DataFile


@dataclass(frozen=True)
class DeclaredDatasets:
    """A document with the files that it declares.

    Attributes:
        document: the document.
        members: the files at the paths that it names, as far as they are in the source.
        description: the `dataset.yaml` beside it, if there is one.
    """

    document: DataFile
    members: Mapping[str, tuple[DataFile, ...]] = field(default_factory=dict)
    description: DataFile | None = None

    @cached_property
    def path(self) -> str:
        """Where the document lies below the source."""
        return str(self.document)

    @cached_property
    def mark(self) -> str:
        """What changes whenever the document or a file that it declares does."""
        told = "\n".join(f"{file} {file.mark}" for file in self.files)
        return hashlib.sha256(told.encode()).hexdigest()

    @cached_property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def files(self) -> list[DataFile]:
        """The document, and all files that tell something of what it declares."""
        members = [file for some in self.members.values() for file in some]
        told = [self.description] if self.description else []
        return list(dict.fromkeys([self.document, *told, *members]))

    def read(self, known_digest: str, options: ScanOptions) -> DatasetReading:
        """Return the templates that are declared, and what is wrong with others.

        Raises:
            UnreadableFile: the document cannot be read, or is wrong.
        """
        from discovery.declared.declared_reading import DeclaredReading  # and all readers

        return DeclaredReading(self, options).read(known_digest)
