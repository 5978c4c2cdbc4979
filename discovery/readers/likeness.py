"""Whether files are parts of one dataset: told by their kinds and by what they have."""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Final

from discovery.files import Kind, kind_of, suffix_of
from discovery.readers.avro import avro_fields
from discovery.readers.excel import workbook_headers
from discovery.readers.parquet import parquet_columns
from discovery.readers.part import Part
from discovery.readers.records import records_of
from discovery.readers.united_table import have_one_header

LIKE: Final = 0.5
"""Share of the keys of two files, both together, that records of one dataset have in common."""

_FIRST_RECORDS: Final = 20

_COLUMNS: Final[Mapping[Kind, Callable[[Part], object]]] = {
    Kind.PARQUET: parquet_columns,
    Kind.AVRO: avro_fields,
    Kind.EXCEL: workbook_headers,
}


def are_alike(parts: Sequence[Part]) -> bool:
    """Tell whether files are parts of one dataset.

    They have to be of one kind. Tables have the same columns, in the same order if they are text;
    workbooks have the same sheets. Records need not have the same keys, as some are optional: the
    first records of each file share at least half of all keys (`LIKE`, as Jaccard's index) with
    those of the first file.
    """
    kinds = {kind_of_part(part) for part in parts}
    if len(kinds) != 1:
        return False
    (kind,) = kinds
    if kind is Kind.TABLE:
        return have_one_header(parts)
    if kind is Kind.RECORDS:
        first = _keys(parts[0])
        return all(_likeness(first, _keys(part)) >= LIKE for part in parts[1:])
    found = [_COLUMNS[kind](part) for part in parts]
    return bool(found[0]) and all(each == found[0] for each in found)


def kind_of_part(part: Part) -> Kind:
    """Return the kind of a part's content."""
    return kind_of(part.path, suffix_of(part.relative))


def _keys(part: Part) -> frozenset[str]:
    records = islice(records_of(part), _FIRST_RECORDS)
    return frozenset(key for record in records if isinstance(record, dict) for key in record)


def _likeness(some: frozenset[str], others: frozenset[str]) -> float:
    return len(some & others) / len(some | others) if some or others else 1.0
