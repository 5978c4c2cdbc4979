"""Objects that hold objects of their own kind refer to themselves in the schema."""

import jsonschema_rs
import pytest

from registry.inference import Shape, infer_schema


def schema_of(*records):
    shape = Shape()
    shape.observe_all(records)
    return infer_schema(shape)


def accepts(schema, record):
    return jsonschema_rs.validator_for(schema).is_valid(record)


def test_records_that_are_trees_refer_to_the_whole_schema():
    schema = schema_of(
        {"value": 1, "left": {"value": 2, "left": None, "right": {"value": 3}}, "right": None}
    )

    assert schema["properties"]["right"] == {"anyOf": [{"$ref": "#"}, {"type": "null"}]}
    assert accepts(schema, {"value": 1, "right": {"value": 2, "right": {"value": 3, "left": None}}})
    assert not accepts(schema, {"value": 1, "left": {"right": {"value": "x"}}})


def test_trees_within_records_have_a_definition():
    reply = {"text": "c", "replies": []}
    schema = schema_of({"id": 1, "thread": [{"text": "a", "replies": [{**reply}, {**reply}]}]})

    assert schema["properties"]["thread"]["items"] == {"$ref": "#/$defs/replies"}
    deeper = {"text": "a", "replies": [{"text": "b", "replies": [{"text": "c", "replies": [1]}]}]}
    assert not accepts(schema, {"id": 1, "thread": [deeper]})


@pytest.mark.parametrize(
    "record",
    [
        pytest.param({"id": 1, "owner": {"id": 2, "name": "x"}, "name": "y"}, id="no level deeper"),
        pytest.param({"data": {"data": {"data": 1}}}, id="one key alone"),
        pytest.param(
            {"a": 1, "next": {"next": 1, "b": 1, "c": 1, "d": 1, "e": 1}}, id="other keys"
        ),
    ],
)
def test_other_nested_objects_are_no_trees(record):
    assert "$ref" not in str(schema_of(*[record] * 20))


def test_a_tree_deeper_than_the_limit_is_accepted_whatever_lies_there():
    tree = {"value": None, "next": [None]}
    for level in range(100):
        tree = {"value": level, "next": [tree]}

    assert accepts(schema_of(tree), tree)
