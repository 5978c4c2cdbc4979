"""The records of a dataset as JSON values, whatever kind of file they are in."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Final

from discovery.dialect import sniff
from discovery.files import Kind, UnreadableFile
from discovery.readers.avro import avro_records
from discovery.readers.excel import sheets_of, sniff_sheet
from discovery.readers.likeness import kind_of_part
from discovery.readers.parquet import parquet_records
from discovery.readers.part import Part, with_typed_partitions
from discovery.readers.records import records_of
from discovery.readers.tables import opened_table
from discovery.readers.united_table import Sniffer
from discovery.template_file import MAX_BYTES, UnreadableTemplate, read_template

_STREAMS: Final[Mapping[Kind, Callable[[Part], Iterable[Any]]]] = {
    Kind.PARQUET: parquet_records,
    Kind.AVRO: avro_records,
}


@dataclass(frozen=True, kw_only=True)
class DatasetRecords:
    """The number of a dataset's records, and the first of them."""

    total: int
    first: Sequence[Any]


def read_dataset_records(parts: Sequence[Part], most: int) -> DatasetRecords:
    """Count the records in some files, and return the first `most` of them.

    Raises:
        UnreadableFile: a file cannot be read, or they are of several kinds or shapes.
    """
    kinds = {kind_of_part(part) for part in parts}
    if len(kinds) > 1:
        raise UnreadableFile(f"the files are of several kinds: {', '.join(sorted(kinds))}")
    match kind := kinds.pop():
        case Kind.TABLE:
            return _of_table(parts, most, sniff)
        case Kind.EXCEL:
            with sheets_of(parts) as sheets:
                if len(sheets) > 1:
                    raise UnreadableFile(f"there are several sheets: {', '.join(sheets)}"[:300])
                return _of_table(next(iter(sheets.values())), most, sniff_sheet)
    stream = _STREAMS.get(kind, _of_json)
    records = chain.from_iterable(map(stream, with_typed_partitions(parts)))
    first = list(islice(records, most))
    return DatasetRecords(total=len(first) + sum(1 for _ in records), first=first)


def _of_table(parts: Sequence[Part], most: int, sniffer: Sniffer) -> DatasetRecords:
    with opened_table(parts, sniffer) as table:
        return DatasetRecords(total=table.rows, first=table.sample(most))


def _of_json(part: Part) -> Iterator[Any]:
    """Yield the records of a JSON file; of a template file those that it holds."""
    if part.path.stat().st_size <= MAX_BYTES and not part.partition:
        try:
            found = read_template(part.path.read_bytes())
        except UnreadableTemplate:
            found = None
        if found and (found.metadata or found.schema):
            yield from found.records
            return
    yield from records_of(part)
