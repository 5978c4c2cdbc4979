"""What a schema says of keys that were not seen, and of keys that are data."""

import jsonschema_rs
import pytest

from registry.inference import Shape, infer_schema


def schema_of(*records):
    shape = Shape()
    shape.observe_all(records)
    return infer_schema(shape)


def accepts(schema, record):
    return jsonschema_rs.validator_for(schema).is_valid(record)


def test_records_that_all_have_the_same_keys_are_said_nothing_more_of():
    schema = schema_of(*[{"id": 1, "name": "x"}] * 20)

    assert set(schema) == {"$schema", "type", "properties", "required"}
    assert accepts(schema, {"id": 1, "name": "x", "new": None})


def test_where_new_keys_are_to_be_expected_null_is_not_if_there_never_was_one():
    schema = schema_of({"a": 1}, {"b": {"c": "x"}})

    assert accepts(schema, {"new": [{"deep": 1.5}]})
    assert not accepts(schema, {"new": None})
    assert not accepts(schema, {"new": [{"deep": None}]})
    assert accepts(schema_of({"a": 1}, {"b": {"c": None}}), {"new": None})


def test_arrays_at_new_keys_hold_texts_numbers_and_what_other_arrays_hold():
    schema = schema_of({"a": ["x"], "b": [{"c": 1}]}, {"d": 1})

    assert accepts(schema, {"new": [{"c": 1}, "x", 2]})
    assert not accepts(schema, {"new": [["x"]]})
    assert not accepts(schema, {"new": [True]})
    assert accepts(schema_of({"a": [["x"]], "b": [True]}, {"d": 1}), {"new": [["x"], True]})


def test_keys_that_keep_coming_anew_with_values_alike_are_data():
    hosts = [{f"host{number}.example": {"port": number, "up": True}} for number in range(6)]

    values = schema_of(*hosts)["additionalProperties"]

    assert set(values["properties"]) == {"port", "up"}
    assert accepts(schema_of(*hosts), {"other.example": {"port": 1}})
    assert not accepts(schema_of(*hosts), {"other.example": ["x"]})


@pytest.mark.parametrize(
    "records",
    [
        pytest.param([{"name": "a", "city": "b", "country": "c"}], id="one record"),
        pytest.param([{"name": "a", "city": "b"}] * 3, id="the same keys again"),
        pytest.param([{f"k{n}": {f"a{n}": 1, f"b{n}": 2}} for n in range(6)], id="unlike objects"),
        pytest.param([{f"k{n}": n if n else "x"} for n in range(6)], id="a type seen once"),
    ],
)
def test_a_record_is_no_map(records):
    assert "properties" in schema_of(*records)


def test_keys_that_do_not_tell_the_type_of_their_values_are_data():
    rules = [
        {"indent": "off", "quotes": ["error", "double"], "semi": "warn"},
        {"indent": ["error", 2], "quotes": "off", "semi": ["warn", "always"]},
        {"indent": "warn", "quotes": ["error", "single"], "semi": "off"},
    ]

    schema = schema_of(*({"rules": each} for each in rules))["properties"]["rules"]

    assert "properties" not in schema
    assert [branch["type"] for branch in schema["additionalProperties"]["anyOf"]] == [
        "array",
        "string",
    ]


def test_keys_that_tell_the_type_of_their_values_are_fields():
    records = [{"id": 1, "name": "x", "tags": ["y"], "note": None}, {"id": "1", "name": "x"}] * 3

    assert set(schema_of(*records)["properties"]) == {"id", "name", "note", "tags"}


def test_arrays_of_one_length_with_types_by_place_are_tuples():
    pairs = [{"range": [number, f"{number} mm", 2.5]} for number in range(18)]

    assert schema_of(*pairs)["properties"]["range"] == {
        "type": "array",
        "prefixItems": [
            {"type": "integer"},
            {"type": "string"},
            {"type": "number"},
        ],
        "minItems": 3,
        "maxItems": 3,
    }


@pytest.mark.parametrize(
    "arrays",
    [
        pytest.param([[1, "mm"]] * 17, id="too few"),
        pytest.param([[1, 2]] * 18, id="one type"),
        pytest.param([[1, "mm"], [1]] * 18, id="different lengths"),
        pytest.param([[1, "mm"], ["mm", 1]] * 18, id="types change places"),
    ],
)
def test_other_arrays_are_no_tuples(arrays):
    field = schema_of(*({"range": array} for array in arrays))["properties"]["range"]

    assert set(field) == {"type", "items"}
