"""Records in JSON files: lines, arrays, wrapped and extended JSON, however broken."""

import io
import pickle
from functools import reduce

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.records import (
    MOST_DOUBTS,
    Reading,
    elements_of,
    line_ranges,
    records_in,
    shape_of_elements,
    shape_of_files,
    shape_of_lines,
    shape_of_range,
)
from discovery.records import elements as elements_module
from registry.inference import Shape

values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=5,
)


def shape_of(*records):
    shape = Shape()
    shape.observe_all(records)
    return shape


def lines_of(records):
    return b"".join(orjson.dumps(record) + b"\n" for record in records)


@given(st.lists(values), st.integers(1, 40))
def test_ranges_of_lines_read_apart_merge_to_the_whole(tmp_path_factory, records, size):
    path = tmp_path_factory.mktemp("lines") / "records.jsonl"
    path.write_bytes(lines_of(records))

    ranges = list(line_ranges(path, size))
    parts = [pickle.loads(pickle.dumps(shape_of_range(part))) for part in ranges]  # noqa: S301
    whole = reduce(Reading.merge, parts, Reading())

    assert whole.shape == shape_of(*records)
    assert (whole.records, whole.lines, whole.broken) == (len(records), len(records), 0)
    assert b"".join(block for part in ranges for block in part.blocks(7)) == path.read_bytes()


def test_broken_lines_are_passed_over_with_their_numbers():
    first = shape_of_lines(b'\xef\xbb\xbf{"a": 1}\n{"a": \n\n{"a": 2}\r\n')
    second = shape_of_lines(b'{"a": 3}\n{"a": 4} {"a": 5}\n{"a": 6}')

    reading = first.merge(second)

    assert reading.shape == shape_of({"a": 1}, {"a": 2}, {"a": 3}, {"a": 6})
    assert (reading.records, reading.lines, reading.broken) == (4, 7, 2)
    assert [doubt.line for doubt in reading.doubts] == [2, 6]
    assert "is not JSON and was passed over" in reading.doubts[0].message


def test_of_very_many_broken_lines_the_first_are_told_and_all_counted():
    reading = shape_of_lines(b"{\n" * 300).merge(shape_of_lines(b"{\n" * 10))

    assert (len(reading.doubts), reading.broken, reading.lines) == (MOST_DOUBTS, 310, 310)


def test_nothing_read_gives_an_empty_shape():
    assert shape_of_lines(b"") == Reading()
    assert shape_of_elements([]) == Reading()


@pytest.mark.parametrize(
    ("extended", "plain"),
    [
        ({"$oid": "5f1d7e"}, "5f1d7e"),
        ({"$date": "2024-01-31T10:00:00Z"}, "2024-01-31T10:00:00Z"),
        ({"$date": {"$numberLong": "1706695200123"}}, "2024-01-31T10:00:00.123Z"),
        ({"$date": 0}, "1970-01-01T00:00:00.000Z"),
        ({"$numberLong": "12"}, 12),
        ({"$numberInt": "-1"}, -1),
        ({"$numberDouble": "2.5"}, 2.5),
        ({"$numberDecimal": "0.1"}, 0.1),
        ([{"$oid": "a"}], ["a"]),
        ({"$numberLong": "twelve"}, {"$numberLong": "twelve"}),
        ({"$oid": {"a": 1}}, {"$oid": {"a": 1}}),
        ({"$set": 1}, {"$set": 1}),
    ],
)
def test_extended_json_is_read_as_what_it_means(extended, plain):
    assert shape_of_lines(orjson.dumps({"field": extended})).shape == shape_of({"field": plain})


@pytest.mark.parametrize(
    ("document", "records", "pointer"),
    [
        ([1, {"a": 1}], [1, {"a": 1}], ""),
        ({"data": [{"a": 1}, {"a": 2}], "total": 2}, [{"a": 1}, {"a": 2}], "/data"),
        ({"r/s": {"docs": [{"a": 1}, {"a": 2}]}, "ok": True}, [{"a": 1}, {"a": 2}], "/r~1s/docs"),
        ({"id": 1, "name": "x"}, [{"id": 1, "name": "x"}], ""),
        ({"data": []}, [{"data": []}], ""),
        ("text", ["text"], ""),
    ],
)
def test_records_are_found_in_a_document(document, records, pointer):
    assert records_in(document) == (records, pointer)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"a": [{"x": 1}, {"x": 2}], "b": [{"y": 1}, {"y": 2}]}, id="two arrays"),
        pytest.param({"a": [{"x": 1}, {"x": 2}], "tags": ["x"]}, id="an array of texts beside"),
        pytest.param({**dict.fromkeys("abcdefghijk"), "z": [{}, {}]}, id="a record with a list"),
    ],
)
def test_a_document_that_wraps_no_one_array_is_a_record(document):
    assert records_in(document) == ([document], "")


@given(st.lists(values), st.integers(1, 30), st.sampled_from([1, 2]))
def test_elements_of_an_array_come_one_by_one_whatever_the_blocks(records, block, level):
    document = orjson.dumps(records if level == 1 else {"n": "[", "data": records, "rest": [1]})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(elements_module, "_BLOCK", block)
        elements = list(elements_of(io.BytesIO(document), level))

    assert list(map(orjson.loads, elements)) == records
    assert shape_of_elements(elements).shape == shape_of(*records)


def test_elements_of_a_document_that_ends_too_early_are_those_that_were_whole():
    assert list(elements_of(io.BytesIO(b'[{"a": 1}, "x]", {"b": ['))) == [b'{"a": 1}', b'"x]"']


def test_small_files_are_read_together_and_broken_ones_told(tmp_path):
    contents = [b'{"a": 1}', b"[1, 2]", b'{"data": [{"a": 1}, {"a": 2}]}', b"{"]
    paths = [tmp_path / f"{number}.json" for number in range(5)]
    for path, content in zip(paths, contents, strict=False):
        path.write_bytes(content)

    reading = shape_of_files(paths)

    assert reading.shape == shape_of({"a": 1}, 1, 2, {"a": 1}, {"a": 2})
    assert [doubt.message.split(": ")[0] for doubt in reading.doubts] == list(map(str, paths[3:]))
