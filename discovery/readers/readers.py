"""Which function reads which kind of file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from typing import Final

from discovery.executors import ThisProcess
from discovery.files import Kind, kind_of, suffix_of
from discovery.readers.avro import read_avro
from discovery.readers.excel import read_workbooks
from discovery.readers.findings import Findings
from discovery.readers.parquet import read_parquet
from discovery.readers.part import Part, UnequalParts
from discovery.readers.records import read_records
from discovery.readers.tables import have_one_header, read_tables

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
    kinds = {part.relative: _kind_of(part) for part in parts}
    if len(set(kinds.values())) > 1:
        told = ", ".join(f"{path} ({kind})" for path, kind in list(kinds.items())[:4])
        raise UnequalParts(f"the files are of several kinds: {told}")
    kind = next(iter(kinds.values()))
    if kind is Kind.RECORDS:
        yield from read_records(parts, executor)
    else:
        yield from READERS[kind](parts)


def is_table(parts: Sequence[Part]) -> bool:
    """Tell whether files are text tables."""
    return {_kind_of(part) for part in parts} == {Kind.TABLE}


def are_alike(parts: Sequence[Part]) -> bool:
    """Tell whether files are parts of one dataset: of one kind and, if tables, with one header."""
    kinds = {_kind_of(part) for part in parts}
    return len(kinds) == 1 and (kinds != {Kind.TABLE} or have_one_header(parts))


def _kind_of(part: Part) -> Kind:
    return kind_of(part.path, suffix_of(part.relative))
