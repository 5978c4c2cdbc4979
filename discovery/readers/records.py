"""Records in JSON: lines, an array, an array wrapped in objects, or one document to a file."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

import orjson

from discovery.bundles import bundles
from discovery.dialect import Doubt
from discovery.executors import AHEAD, in_order, usual_workers
from discovery.files import Kind, UnreadableFile, printable
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
_MARK_OF_UTF8: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class _Task:
    """Some records to be read: of one part, by its number, or of documents of their own."""

    read: partial[Reading]
    part: int | None = None


def read_records(parts: Sequence[Part], executor: Executor) -> Iterator[Findings]:
    """Yield what there is to know of the records in JSON files.

    Raises:
        UnreadableFile: a file has no JSON at all, or is one document that is too large.
    """
    if not any(part.path.stat().st_size for part in parts):
        raise UnreadableFile("the file is empty")
    layouts = [json_layout(part.path) for part in parts]
    reading = _read(parts, layouts, executor)
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


def records_of(part: Part) -> Iterator[Any]:
    """Yield the records of a JSON file one by one; what is no JSON is passed over."""
    yield from _records(part, json_layout(part.path))


def _read(parts: Sequence[Part], layouts: Sequence[JsonLayout], executor: Executor) -> Reading:
    reading = Reading()
    starts: dict[int | None, int] = {}
    tasks = _tasks(parts, layouts)
    for number, read in in_order(executor, _run, tasks, AHEAD * usual_workers()):
        start, known = starts.setdefault(number, reading.lines), len(reading.doubts)
        reading.merge(read)
        reading.doubts[known:] = [
            _placed(doubt, start, parts, number) for doubt in reading.doubts[known:]
        ]
    for part, layout in zip(parts, layouts, strict=True):
        if layout is JsonLayout.ARRAY and not _ends_as_array(part.path):
            name = f"{printable(part.relative)}: " if len(parts) > 1 else ""
            reading.doubt(None, f"{name}the array does not end: what it is cut off in is left out")
    return reading


def _placed(doubt: Doubt, start: int, parts: Sequence[Part], number: int | None) -> Doubt:
    """Return a doubt with its line in its own file, and that file's name if there are several."""
    line = None if doubt.line is None else doubt.line - start
    if number is None:
        name, message = _document_of(doubt.message, parts)
    else:
        name, message = printable(parts[number].relative), doubt.message
    return Doubt(line=line, message=f"{name}: {message}" if len(parts) > 1 else message)


def _document_of(message: str, parts: Sequence[Part]) -> tuple[str, str]:
    """Return the name of the file that a doubt about documents begins with, and the rest of it."""
    for part in parts:
        if message.startswith(told := f"{part.path}: "):
            return printable(part.relative), message.removeprefix(told)
    return printable(parts[0].relative), message


def _run(task: _Task) -> tuple[int | None, Reading]:
    return task.part, task.read()


def _tasks(parts: Sequence[Part], layouts: Sequence[JsonLayout]) -> Iterator[_Task]:
    documents: list[Path] = []
    for number, (part, layout) in enumerate(zip(parts, layouts, strict=True)):
        if layout is not JsonLayout.DOCUMENT:
            reads = _reads_of_lines(part) if layout is JsonLayout.LINES else _reads_of_array(part)
            yield from (_Task(read, number) for read in reads)
        elif part.partition:
            yield _Task(partial(shape_of_elements, list(_elements_of_document(part))), number)
        else:
            _check_size(part.path)
            documents.append(part.path)
            if len(documents) == _BUNDLE_FILES:
                yield _Task(partial(shape_of_files, documents))
                documents = []
    if documents:
        yield _Task(partial(shape_of_files, documents))


def _reads_of_lines(part: Part) -> Iterator[partial[Reading]]:
    if not part.partition:
        yield from (partial(shape_of_range, each) for each in line_ranges(part.path))
        return
    with part.path.open("rb") as file:
        lines = (line.rstrip(b"\r\n") for line in file)
        for some in _bundled(_with_fields(lines, part.partition)):
            yield partial(shape_of_lines, b"\n".join(some))


def _reads_of_array(part: Part) -> Iterator[partial[Reading]]:
    with part.path.open("rb") as file:
        for some in _bundled(_with_fields(elements_of(file), part.partition)):
            yield partial(shape_of_elements, some)


def _elements_of_document(part: Part) -> Iterator[bytes]:
    content = _document(part.path)
    try:
        records = [orjson.dumps(each) for each in records_in(orjson.loads(content))[0]]
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):  # broken, or nested too deeply
        records = [content]
    yield from _with_fields(records, part.partition)


def _with_fields(texts: Iterable[bytes], fields: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield the JSON of records with some fields before their own, which win if named equally."""
    if not fields:
        yield from texts
        return
    told = orjson.dumps(fields)[1:-1]
    for text in texts:
        body = text.removeprefix(_MARK_OF_UTF8).lstrip()
        if body[:1] == b"{":
            comma = b"" if body[1:].lstrip()[:1] == b"}" else b","
            yield b"{" + told + comma + body[1:]
        else:
            yield text


def _bundled(texts: Iterable[bytes]) -> Iterator[list[bytes]]:
    return bundles(texts, len, most=sys.maxsize, size=_BUNDLE_BYTES)


def _records(part: Part, layout: JsonLayout) -> Iterator[Any]:
    for record in _plain_records(part.path, layout):
        yield {**part.partition, **record} if isinstance(record, dict) else record


def _plain_records(path: Path, layout: JsonLayout) -> Iterator[Any]:
    if layout is JsonLayout.DOCUMENT:
        try:
            document = orjson.loads(_document(path))
        except orjson.JSONDecodeError:
            return
        yield from records_in(plain(document))[0]
        return
    with path.open("rb") as file:
        texts = file if layout is JsonLayout.LINES else elements_of(file)
        for text in texts:
            try:
                yield plain(orjson.loads(text.removeprefix(_MARK_OF_UTF8)))
            except orjson.JSONDecodeError:
                continue


def _document(path: Path) -> bytes:
    _check_size(path)
    return path.read_bytes().removeprefix(_MARK_OF_UTF8)


def _check_size(path: Path) -> None:
    if path.stat().st_size > MOST_DOCUMENT_BYTES:
        raise UnreadableFile(f"one JSON document of more than {MOST_DOCUMENT_BYTES / 2**30:g} GiB")


def _ends_as_array(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        return file.read().rstrip().endswith(b"]")
