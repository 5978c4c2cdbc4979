"""Avro container files: records with a schema of their own."""

import base64
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

import fastavro

from discovery.files import Kind, UnreadableFile
from discovery.readers.findings import Findings
from discovery.readers.part import Part
from registry.inference import Shape, field_statistics, infer_schema
from registry.sample import SAMPLE_RECORDS

_BATCH = 1_000
_DAMAGED = (ValueError, EOFError, KeyError, IndexError, fastavro.read.SchemaResolutionError)


def read_avro(parts: Sequence[Part]) -> Iterator[Findings]:
    """Yield what there is to know of the records in Avro files.

    Raises:
        UnreadableFile: a file is damaged.
    """
    shape, count = Shape(), 0
    sample: list[Any] = []
    for part in parts:
        try:
            with part.path.open("rb") as file:
                records = (
                    {**_as_json(record), **part.partition} for record in fastavro.reader(file)
                )
                while batch := list(islice(records, _BATCH)):
                    sample += batch[: SAMPLE_RECORDS - len(sample)]
                    shape.observe_all(batch)
                    count += len(batch)
        except (
            ValueError,
            EOFError,
            KeyError,
            IndexError,
            fastavro.read.SchemaResolutionError,
        ) as error:
            raise UnreadableFile(f"is no readable Avro file: {error}") from None
    yield Findings(
        kind=Kind.AVRO,
        records=count,
        schema=infer_schema(shape),
        statistics=field_statistics(shape),
        sample=sample,
    )


def _as_json(value: Any) -> Any:
    """Return a value as JSON has it: moments as in ISO 8601, bytes in base64."""
    match value:
        case dict():
            return {key: _as_json(member) for key, member in value.items()}
        case list() | tuple():
            return [_as_json(element) for element in value]
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case UUID():
            return str(value)
        case bytes():
            return base64.b64encode(value).decode()
        case _:
            return value
