"""Avro container files: records with a schema of their own."""

import struct
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

import fastavro

from discovery.files import Kind, UnreadableFile, printable
from discovery.readers.findings import Findings
from discovery.readers.part import Part
from discovery.records.json_values import json_value
from registry.inference import Shape, field_statistics, infer_schema
from registry.sample import SAMPLE_RECORDS

_BATCH: Final = 1_000
_DAMAGED: Final = (
    *(ValueError, EOFError, LookupError, TypeError, ArithmeticError, zlib.error, struct.error),
    fastavro.read.SchemaResolutionError,
)
"""What fastavro raises where bytes are not what they should be."""


def read_avro(parts: Sequence[Part]) -> Iterator[Findings]:
    """Yield what there is to know of the records in Avro files.

    Raises:
        UnreadableFile: a file is damaged.
    """
    shape, count = Shape(), 0
    sample: list[Any] = []
    for part in parts:
        records = avro_records(part)
        while batch := list(islice(records, _BATCH)):
            sample += batch[: SAMPLE_RECORDS - len(sample)]
            shape.observe_all(batch)
            count += len(batch)
    yield Findings(
        kind=Kind.AVRO,
        records=count,
        schema=infer_schema(shape),
        statistics=field_statistics(shape),
        sample=sample,
    )


def avro_fields(part: Part) -> frozenset[str]:
    """Return the names of the fields of an Avro file; none if it has no records, or is damaged."""
    try:
        with part.path.open("rb") as file:
            schema = fastavro.reader(file).writer_schema
    except _DAMAGED:
        return frozenset()
    fields = schema.get("fields", []) if isinstance(schema, dict) else []
    return frozenset(each["name"] for each in fields)


def avro_records(part: Part) -> Iterator[Any]:
    """Yield the records of an Avro file.

    Raises:
        UnreadableFile: it is damaged.
    """
    try:
        with part.path.open("rb") as file:
            for record in fastavro.reader(file):
                value = json_value(record)
                yield {**part.partition, **value} if isinstance(value, dict) else value
    except _DAMAGED as error:
        reason = str(error) or type(error).__name__
        name = printable(part.relative)
        raise UnreadableFile(f"{name} is no readable Avro file: {reason}") from None
