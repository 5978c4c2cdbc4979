"""A sample is the first few records, as long as they fit and can be stored."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from instances import JSON

from registry.sample import SAMPLE_BYTES, SAMPLE_RECORDS, sample_of
from registry.text import MAX_DEPTH, storable_json


def deep(levels):
    record = {}
    for _ in range(levels):
        record = {"a": record}
    return record


def test_a_sample_is_the_first_5_records():
    records = [{"id": number} for number in range(100)]
    assert sample_of(records) == records[:5] == records[:SAMPLE_RECORDS]
    assert sample_of(records[:3]) == records[:3]
    assert sample_of([]) == []


def test_a_sample_takes_at_most_64_kib():
    third, rest = ["x" * (SAMPLE_BYTES // 3 - 20)], ["y" * 100]
    assert sample_of([third, third, third, third]) == [third, third, third]
    assert sample_of([third, third, third, rest, third]) == [third, third, third]


@pytest.mark.parametrize("room", [10, 11, 12, 24])
def test_the_limit_counts_bytes_of_utf_8(room):
    record = {"a": "éé"}  # 12 bytes in UTF-8
    assert len(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()) == 12
    assert sample_of([record] * 3, max_bytes=room) == [record] * (room // 12)


@pytest.mark.parametrize(
    "record",
    [
        {"a": "\0"},
        {"a\0": 1},
        {"a": "\ud800"},
        {"a": float("nan")},
        {"a": 2**64},
        {"a": {1, 2}},
        {1: "a"},
        deep(MAX_DEPTH),
        deep(2_000),
    ],
)
def test_what_an_event_cannot_hold_is_passed_over(record):
    assert sample_of([{"id": 1}, record, {"id": 2}]) == [{"id": 1}, {"id": 2}]


def test_a_record_of_the_greatest_depth_fits_into_an_event():
    record = deep(MAX_DEPTH - 1)
    assert storable_json(sample_of([record])) == [record]


@given(st.lists(JSON, max_size=8), st.integers(0, 6), st.integers(0, 60))
def test_a_sample_is_storable_within_bounds_and_in_the_order_of_the_records(records, count, room):
    sample = sample_of(records, count, room)

    assert len(sample) <= count
    assert storable_json(sample) == sample
    written = [json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in sample]
    assert sum(len(each.encode()) for each in written) <= room + 4 * len(written)
    rest = iter(records)
    assert all(any(each is record for record in rest) for each in sample)
