"""Records in JSON: lines, an array, an array wrapped in objects, or one document to a file."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

import orjson

from discovery.executors import AHEAD, in_order, usual_workers
from discovery.files import Kind, UnreadableFile
from discovery.readers.findings import Findings
from discovery.readers.json_layout import JsonLayout, json_layout
from discovery.readers.part import Part
from discovery.records import (
    Reading,
    elements_of,
    line_ranges,
    records_in,
    shape_of_elements,
    shape_of_files,
    shape_of_lines,
    shape_of_range,
)
from discovery.records.extended_json import plain
from registry.inference import field_statistics, infer_schema
from registry.sample import SAMPLE_RECORDS

MOST_DOCUMENT_BYTES: Final = 2**30
"""Bytes of a document that is neither lines nor an array, and has to be read as a whole."""

_BUNDLE_BYTES: Final = 8 * 2**20
_BUNDLE_FILES: Final = 512

Task = partial[Reading]


def read_records(parts: Sequence[Part], executor: Executor) -> Iterator[Findings]:
    """Yield what there is to know of the records in JSON files.

    Raises:
        UnreadableFile: a file has no JSON at all, or is one document that is too large.
    """
    layouts = [json_layout(part.path) for part in parts]
    reading = Reading()
    tasks = _tasks(parts, layouts)
    for read in in_order(executor, _run, tasks, AHEAD * usual_workers()):
        reading.merge(read)
    if not reading.records and reading.doubts:
        first = reading.doubts[0]
        raise UnreadableFile(first.message, f"line {first.line}" if first.line else "")
    sample: list[Any] = []
    for part, layout in zip(parts, layouts, strict=True):
        if len(sample) == SAMPLE_RECORDS:
            break
        sample += islice(_records(part, layout), SAMPLE_RECORDS - len(sample))
    yield Findings(
        kind=Kind.RECORDS,
        records=reading.records,
        schema=infer_schema(reading.shape),
        statistics=field_statistics(reading.shape),
        sample=sample,
        doubts=reading.doubts,
    )


def _run(task: Task) -> Reading:
    return task()


def _tasks(parts: Sequence[Part], layouts: Sequence[JsonLayout]) -> Iterator[Task]:
    documents: list[Path] = []
    for part, layout in zip(parts, layouts, strict=True):
        if part.partition:
            yield from _tasks_of_lines(_partitioned(part, layout))
        elif layout is JsonLayout.LINES:
            yield from (partial(shape_of_range, each) for each in line_ranges(part.path))
        elif layout is JsonLayout.ARRAY:
            yield from _tasks_of_elements(part.path)
        else:
            documents.append(part.path)
            if len(documents) == _BUNDLE_FILES:
                yield partial(shape_of_files, documents)
                documents = []
    if documents:
        yield partial(shape_of_files, documents)


def _tasks_of_elements(path: Path) -> Iterator[Task]:
    with path.open("rb") as file:
        for some in _bundled(elements_of(file)):
            yield partial(shape_of_elements, some)


def _tasks_of_lines(lines: Iterable[bytes]) -> Iterator[Task]:
    for some in _bundled(lines):
        yield partial(shape_of_lines, b"\n".join(some))


def _bundled(texts: Iterable[bytes]) -> Iterator[list[bytes]]:
    bundle: list[bytes] = []
    size = 0
    for text in texts:
        bundle.append(text)
        size += len(text)
        if size >= _BUNDLE_BYTES:
            yield bundle
            bundle, size = [], 0
    if bundle:
        yield bundle


def _partitioned(part: Part, layout: JsonLayout) -> Iterator[bytes]:
    """Yield the records of a part as lines, with the fields that its folders tell."""
    for record in _records(part, layout):
        yield orjson.dumps(record)


def _records(part: Part, layout: JsonLayout) -> Iterator[Any]:
    """Yield the records of a part one by one; what is no JSON is passed over."""
    for record in _plain_records(part.path, layout):
        yield {**record, **part.partition} if isinstance(record, dict) else record


def _plain_records(path: Path, layout: JsonLayout) -> Iterator[Any]:
    if layout is JsonLayout.DOCUMENT:
        yield from records_in(plain(orjson.loads(_document(path))))[0]
        return
    with path.open("rb") as file:
        texts = file if layout is JsonLayout.LINES else elements_of(file)
        for text in texts:
            try:
                yield plain(orjson.loads(text.removeprefix(b"\xef\xbb\xbf")))
            except orjson.JSONDecodeError:
                continue


def _document(path: Path) -> bytes:
    if path.stat().st_size > MOST_DOCUMENT_BYTES:
        raise UnreadableFile(f"one JSON document of more than {MOST_DOCUMENT_BYTES // 2**30} GiB")
    return path.read_bytes().removeprefix(b"\xef\xbb\xbf")
