"""The schema of records: one rule a test, and the law that it accepts every record."""

import json

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.inference import Shape, infer_schema, sketch, structures
from registry.inference.structures import MAX_DEPTH

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(*records):
    result = Shape()
    result.observe_all(records)
    schema = infer_schema(result)
    assert schema.pop("$schema") == DIALECT
    return schema


def schema_at(values):
    """Return the schema of a field with these values, each often enough to be sure of it."""
    return schema_of(*[{"field": value} for value in values] * 20)["properties"]["field"]


def schema_at_once(values):
    """Return the schema of a field that had each of these values once."""
    return schema_of(*({"field": value} for value in values))["properties"]["field"]


@pytest.mark.parametrize(
    ("values", "schema"),
    [
        ([None], {"type": "null"}),
        ([True, False], {"type": "boolean"}),
        ([1, 2**70], {"type": "integer"}),
        ([1.0, 2.5], {"type": "number"}),
        ([1, 2.5], {"type": "number"}),
        (["a"], {"type": "string", "enum": ["a"]}),
        (["a", None], {"type": ["string", "null"], "enum": ["a", None]}),
        (["a", 1, 2.5, True, None], {"type": ["string", "number", "boolean", "null"]}),
        ([[1], ["a", None]], {"type": "array", "items": {"type": ["string", "integer", "null"]}}),
        ([[1], None], {"type": ["array", "null"], "items": {"type": "integer"}}),
        ([{}], {"type": "object"}),
        ([{}, None], {"type": ["object", "null"]}),
        (
            [{"a": 1}, [1], "x", None],
            {
                "anyOf": [
                    {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
                    {"type": "array", "items": {"type": "integer"}},
                    {"type": ["string", "null"], "enum": ["x", None]},
                ]
            },
        ),
        (
            [{}, [1]],
            {"anyOf": [{"type": "object"}, {"type": "array", "items": {"type": "integer"}}]},
        ),
    ],
)
def test_types_follow_the_values(values, schema):
    assert schema_at(values) == schema


def test_a_property_is_required_if_18_objects_had_it_and_none_lacked_it():
    assert "required" not in schema_of(*[{"a": 1}] * 17)
    assert schema_of(*[{"a": 1}] * 18)["required"] == ["a"]
    assert schema_of({"a": 1}, *[{"a": None, "b": 1}] * 18)["required"] == ["a"]


def test_a_property_of_inner_objects_is_required_by_their_own_count():
    schema = schema_of({"rows": [{"a": 1}] * 18}, {"rows": []})

    assert schema["properties"]["rows"]["items"]["required"] == ["a"]
    assert "required" not in schema


def test_elements_share_one_schema_across_arrays():
    schema = schema_at_once([[{"a": 1}], [{"a": "x"}, {"b": None}]])

    assert schema["items"]["properties"] == {
        "a": {"type": ["string", "integer"]},
        "b": {"type": "null"},
    }
    assert "required" not in schema["items"]


def test_arrays_that_were_all_empty_may_hold_anything():
    assert schema_at([[]]) == {"type": "array"}


def test_properties_are_sorted_whatever_the_order_of_keys():
    schema = schema_of(*[{"b": 1, "a": 1}, {"c": 1, "b": 1, "a": 1}] * 9)

    assert list(schema["properties"]) == ["a", "b", "c"]
    assert schema["required"] == ["a", "b"]


def test_a_shape_that_has_seen_nothing_accepts_anything():
    assert infer_schema(Shape()) == {"$schema": DIALECT}


@pytest.mark.parametrize(
    ("values", "format_name"),
    [
        (["2024-01-31", "2024-02-29"], "date"),
        (["2024-01-31T10:00:00Z", None], "date-time"),
        (["10:00:00Z"], "time"),
        (["P1D", "PT2H"], "duration"),
        (["a@example.org"], "email"),
        (["https://example.org/a"], "uri"),
        (["f81d4fae-7dec-11d0-a765-00a0c91e6bf6"], "uuid"),
        (["192.0.2.1"], "ipv4"),
        (["2001:db8::1"], "ipv6"),
    ],
)
def test_a_format_is_stated_if_every_string_shows_it(values, format_name):
    assert schema_at(values)["format"] == format_name
    assert "format" not in schema_at([*values, ""])
    assert schema_at([*values, 1])["format"] == format_name


@pytest.mark.parametrize("values", [["2024-01-31", "10:00:00Z"], ["2024-01-31", "2024-02-30"]])
def test_no_format_is_stated_if_strings_show_different_ones_or_none(values):
    assert schema_at_once(values) == {"type": "string"}
    assert schema_at_once(reversed(values)) == {"type": "string"}


def test_a_small_repeated_set_of_strings_is_an_enum():
    assert schema_at_once(["low", "high"] * 10) == {"type": "string", "enum": ["high", "low"]}


def test_the_enum_of_a_nullable_field_has_null():
    assert schema_at_once(["low", "high", None] * 10) == {
        "type": ["string", "null"],
        "enum": ["high", "low", None],
    }


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(["low", "high"] * 9, id="fewer than 20 strings"),
        pytest.param([str(number) for number in range(13)] * 10, id="more than 12 distinct"),
        pytest.param([str(number) for number in range(8)] * 2 + ["0"] * 7, id="too few repeats"),
        pytest.param(["low"] * 38 + ["high", "middle"], id="values seen once: more may come"),
        pytest.param(["x" * 41] * 20, id="free text"),
        pytest.param(["low", "high"] * 10 + [1], id="another type"),
        pytest.param(["2024-01-31"] * 20, id="a format"),
        pytest.param(["low\0"] * 20, id="cannot be stored"),
        pytest.param(["low\ud800"] * 20, id="cannot be written"),
    ],
)
def test_no_enum_is_stated_for(values):
    assert "enum" not in schema_at_once(values)


@pytest.mark.parametrize("values", [["a"] * 20, list("abcdefghijkl") * 3, ["x" * 40] * 20])
def test_an_enum_is_stated_up_to_its_limits(values):
    assert schema_at_once(values)["enum"] == sorted(set(values))


def test_an_object_with_very_many_keys_is_a_map():
    wide = {str(key): key for key in range(256)}

    assert len(schema_at_once([wide])["properties"]) == 256
    assert schema_at_once([wide, {"another": "x"}]) == {
        "type": "object",
        "additionalProperties": {"type": ["string", "integer"]},
    }


def test_a_record_may_have_more_keys_than_an_object_in_it():
    assert len(schema_of({str(key): key for key in range(1024)})["properties"]) == 1024
    assert schema_of({str(key): key for key in range(100_000)}) == {
        "type": "object",
        "additionalProperties": {"type": "integer"},
    }


def test_what_lies_deeper_than_the_limit_is_accepted_as_anything():
    array, an_object = None, None
    for _ in range(10_000):
        array, an_object = [array], {"a": an_object}

    schema = schema_of(array, an_object)

    in_arrays, in_objects = schema["anyOf"][1], schema["anyOf"][0]
    for _ in range(MAX_DEPTH):
        in_arrays, in_objects = in_arrays["items"], in_objects["properties"]["a"]
    assert in_arrays == {"type": "array"}
    assert in_objects == {"type": "object"}


def test_properties_whose_names_cannot_be_stored_are_passed_over():
    assert schema_of({"\ud800": 1, "a\0": 1, "b": 1}) == {
        "type": "object",
        "properties": {"b": {"type": "integer"}},
    }


def test_nan_and_the_infinities_are_numbers():
    assert schema_at([float("nan"), float("inf"), None]) == {"type": ["number", "null"]}


texts = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["red", "green", "blue", "2024-01-31", "2024-02-01", "12:00:00Z", "P1D"]),
    st.dates().map(str),
    st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    st.uuids().map(str),
    st.ip_addresses().map(str),
    st.emails(),
    st.from_regex(r"[a-z]+://[a-zA-Z0-9é%:/?#@!$&.-]*", fullmatch=True),
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([2**63, 2**64, -(2**70), 10**400, 1.0, 1e300]),
    st.floats(allow_nan=False, allow_infinity=False),
    texts,
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=10,
)
uniform_fields = st.sampled_from([texts, scalars, st.sampled_from(["low", "high", None])]).flatmap(
    lambda field: st.lists(st.fixed_dictionaries({}, optional={"a": field, "b": field}))
)
records = st.lists(values, max_size=5) | uniform_fields.map(lambda part: part * 20)


@pytest.fixture(params=["as shipped", "tiny"], scope="module")
def _limits(request):
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "tiny":
            patch.setattr(sketch, "SKETCH_SIZE", 2)
            patch.setattr(structures, "MAX_DEPTH", 2)
            patch.setattr(structures, "RECORD_KEYS", 2)
            patch.setattr(structures, "OBJECT_KEYS", 1)
        yield


@pytest.mark.usefixtures("_limits")
@given(records)
def test_the_schema_accepts_every_record_it_was_inferred_from(records):
    result = Shape()
    result.observe_all(records)
    schema = json.loads(json.dumps(infer_schema(result), allow_nan=False))

    jsonschema_rs.meta.validate(schema)
    validator = jsonschema_rs.validator_for(schema, validate_formats=True)
    for record in records:
        validator.validate(record)
