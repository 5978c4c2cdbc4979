"""Which function reads which kind of file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from typing import Final

from discovery.executors import ThisProcess
from discovery.files import Kind, printable
from discovery.readers.avro import read_avro
from discovery.readers.excel import read_workbooks
from discovery.readers.findings import Findings
from discovery.readers.likeness import kind_of_part
from discovery.readers.parquet import read_parquet
from discovery.readers.part import Part, UnequalParts, with_typed_partitions
from discovery.readers.records import read_records
from discovery.readers.tables import read_tables

Reader = Callable[[Sequence[Part]], Iterator[Findings]]
"""Yields what there is to know of the datasets in some files: of one, or of each sheet."""

_HERE: Final = ThisProcess()

READERS: Final[Mapping[Kind, Reader]] = {
    Kind.TABLE: read_tables,
    Kind.PARQUET: read_parquet,
    Kind.EXCEL: read_workbooks,
    Kind.AVRO: read_avro,
}


def read_parts(parts: Sequence[Part], executor: Executor = _HERE) -> Iterator[Findings]:
    """Yield what there is to know of the datasets in some files of one kind.

    Raises:
        UnreadableFile: a file cannot be read, or they are of several kinds (`UnequalParts`).
    """
    kinds = {part.relative: kind_of_part(part) for part in parts}
    if len(set(kinds.values())) > 1:
        told = ", ".join(f"{printable(path)} ({kind})" for path, kind in list(kinds.items())[:4])
        raise UnequalParts(f"the files are of several kinds: {told}")
    kind = next(iter(kinds.values()))
    if kind not in (Kind.TABLE, Kind.EXCEL):  # where types are told by all cells together
        parts = with_typed_partitions(parts)
    if kind is Kind.RECORDS:
        yield from read_records(parts, executor)
    else:
        yield from READERS[kind](parts)
