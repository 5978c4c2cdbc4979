"""Records that are not quite what a JSON parser gives."""

from collections import OrderedDict
from datetime import date
from decimal import Decimal
from enum import Enum, IntEnum

import pytest

from registry.inference import Shape, field_statistics, infer_schema


class Colour(str, Enum):  # noqa: UP042  # a StrEnum prints its value, this one its name
    RED = "red"


class Level(IntEnum):
    LOW = 1


def shape_of(*records):
    shape = Shape()
    shape.observe_all(records)
    return shape


def test_instances_of_subclasses_are_what_they_derive_from():
    unusual = [OrderedDict(a=Colour.RED, b=Level.LOW), OrderedDict(a="red", b=1)]
    usual = [{"a": "red", "b": 1}] * 2

    assert shape_of(*unusual) == shape_of(*usual)


def test_a_tuple_is_an_array():
    assert shape_of((1, "a")) == shape_of([1, "a"])


def test_true_is_not_one():
    assert shape_of([True]) != shape_of([1])


@pytest.mark.parametrize("value", [date(2024, 1, 31), Decimal("1.5"), b"bytes", {1, 2}, object()])
def test_what_is_no_json_value_is_refused_with_advice(value):
    with pytest.raises(TypeError, match=f"is a {type(value).__name__}, not a JSON value: convert"):
        Shape().observe({"when": [value]})


def test_keys_that_are_no_strings_are_refused_with_advice():
    with pytest.raises(TypeError, match="1 is not a key of a JSON object"):
        Shape().observe({1: "one"})


def test_records_may_be_any_json_value():
    shape = shape_of(None, 1, "a", [1], {"a": 1})

    assert shape.count == 5
    assert len(infer_schema(shape)["anyOf"]) == 3
    assert field_statistics(shape)[0].types == {
        "object": 1,
        "array": 1,
        "string": 1,
        "integer": 1,
        "null": 1,
    }


def test_records_are_not_held_on_to():
    record = {"labels": ["a"]}
    shape = shape_of(record)
    record["labels"].append(1)
    record["added"] = 1

    assert shape == shape_of({"labels": ["a"]})
