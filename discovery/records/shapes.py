"""The shape of records in lines, in arrays and in files, for any executor to call."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

import orjson

from discovery.records.byte_ranges import ByteRange
from discovery.records.document import records_in
from discovery.records.extended_json import MARK, plain
from discovery.records.reading import Reading
from registry.collector import collector_at_rest

BATCH_BYTES: Final = 1 << 16
"""Bytes of lines parsed at once: their values are still in the processor's cache when observed."""

BATCH: Final = 64
"""Elements parsed at once."""

FILES: Final = 512
"""Small files whose records are looked at together."""

_MARK_OF_UTF8: Final = b"\xef\xbb\xbf"


def shape_of_lines(chunk: bytes) -> Reading:
    """Read whole lines, each of them a record; a line that is no JSON is a doubt.

    Blank lines are passed over. Values of MongoDB's extended JSON are read as what they mean.
    """
    reading = Reading()
    with collector_at_rest():
        _read_lines(reading, chunk)
    return reading


def shape_of_range(part: ByteRange) -> Reading:
    """Read a range of whole lines like `shape_of_lines`, block by block."""
    reading = Reading()
    with collector_at_rest():
        for block in part.blocks():
            _read_lines(reading, block)
    return reading


def shape_of_elements(elements: Iterable[bytes]) -> Reading:
    """Read the elements of an array, each of them a record; one that is no JSON is a doubt."""
    reading = Reading()
    elements = iter(elements)
    with collector_at_rest():
        while batch := list(islice(elements, BATCH)):
            records = _all_at_once(b",".join(batch), len(batch))
            if records is None:
                records = list(_one_by_one(reading, batch, None))
            _observe(reading, records, plain)
    return reading


def shape_of_files(paths: Sequence[str | os.PathLike[str]]) -> Reading:
    """Read small files, each of them one JSON document, as records of one kind.

    A file that cannot be read, or is no JSON, is a doubt; its records may be in an array or wrapped
    (see `records_in`).
    """
    reading = Reading()
    with collector_at_rest():
        for start in range(0, len(paths), FILES):
            records: list[Any] = []
            for path in paths[start : start + FILES]:
                try:
                    content = _content(path)
                    document = orjson.loads(content)
                except (OSError, orjson.JSONDecodeError) as error:
                    reading.doubt(None, f"{os.fspath(path)}: {error}")
                    continue
                found, _ = records_in(plain(document) if MARK in content else document)
                records += found
            reading.shape.observe_all(records)
            reading.records += len(records)
    return reading


def _read_lines(reading: Reading, chunk: bytes) -> None:
    if not reading.lines:
        chunk = chunk.removeprefix(_MARK_OF_UTF8)
    convert = plain if MARK in chunk else None
    start, end = 0, len(chunk)
    while start < end:
        stop = chunk.find(b"\n", min(start + BATCH_BYTES, end)) + 1 or end
        batch = chunk[start:stop].removesuffix(b"\n")
        lines = batch.count(b"\n") + 1
        records = _all_at_once(batch.replace(b"\n", b","), lines)
        if records is None:
            records = list(_one_by_one(reading, batch.split(b"\n"), reading.lines + 1))
        _observe(reading, records, convert)
        reading.lines += lines
        start = stop


def _observe(reading: Reading, records: list[Any], convert: Callable[[Any], Any] | None) -> None:
    reading.shape.observe_all(list(map(convert, records)) if convert else records)
    reading.records += len(records)


def _all_at_once(texts: bytes, count: int) -> list[Any] | None:
    """Return the values of so many texts with commas between; None if they are not all JSON."""
    try:
        values: list[Any] = orjson.loads(b"[" + texts + b"]")
    except orjson.JSONDecodeError:
        return None
    return values if len(values) == count else None


def _one_by_one(reading: Reading, texts: list[bytes], line: int | None) -> Iterator[Any]:
    for place, text in enumerate(texts):
        if not text or text.isspace():
            continue
        try:
            yield orjson.loads(text)
        except orjson.JSONDecodeError as error:
            where = None if line is None else line + place
            reading.doubt(where, f"is not JSON and was passed over: {error.msg}")


def _content(path: str | os.PathLike[str]) -> bytes:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        parts = [os.read(descriptor, 1 << 16)]
        while len(parts[-1]) == 1 << 16:
            parts.append(os.read(descriptor, 1 << 16))
    finally:
        os.close(descriptor)
    return b"".join(parts).removeprefix(_MARK_OF_UTF8)
