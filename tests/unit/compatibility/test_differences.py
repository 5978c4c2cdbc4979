"""Differences tell what a schema accepts that it did not, or no longer; not how it is written."""

import pytest

from registry.compatibility import Change, differences

ORDERS = {
    "type": "object",
    "properties": {
        "id": {"type": "integer", "minimum": 0},
        "name": {"type": "string", "maxLength": 50},
        "state": {"enum": ["open", "closed"]},
        "buyer": {"$ref": "#/$defs/person"},
    },
    "required": ["id"],
    "$defs": {"person": {"type": "object", "properties": {"age": {"type": "integer"}}}},
}


def told(old, new):
    return [(each.change.value, each.pointer, each.was, each.now) for each in differences(old, new)]


def test_a_renamed_definition_or_a_reordered_member_is_no_difference():
    other = {
        "$defs": {"human": {**ORDERS["$defs"]["person"], "title": "Human"}},
        "required": ["id"],
        "properties": {**ORDERS["properties"], "buyer": {"$ref": "#/$defs/human"}},
        "type": "object",
    }
    assert differences(ORDERS, other) == []


def test_a_property_comes_and_another_goes():
    properties = {**ORDERS["properties"], "note": {"type": "string"}}
    state = properties.pop("state")
    assert told(ORDERS, {**ORDERS, "properties": properties}) == [
        ("added", "/properties/note", None, {"type": "string"}),
        ("removed", "/properties/state", state, None),
    ]


def test_a_change_of_a_definition_is_told_once_and_where_it_is_written():
    people = {"properties": {"a": {"$ref": "#/$defs/p"}, "b": {"$ref": "#/$defs/p"}}}
    old = {**people, "$defs": {"p": {"type": "string", "minLength": 2}}}
    new = {**people, "$defs": {"p": {"type": "string", "minLength": 3}}}
    assert told(old, new) == [("tightened", "/$defs/p/minLength", 2, 3)]


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ({"maxLength": 5}, {"maxLength": 9}, [("loosened", "/maxLength", 5, 9)]),
        ({"type": "number"}, {"type": "integer"}, [("tightened", "/type", "number", "integer")]),
        (
            {},
            {"additionalProperties": False},
            [("tightened", "/additionalProperties", True, False)],
        ),
        ({"pattern": "a+"}, {"pattern": "a"}, []),
        ({"pattern": "^a$"}, {"pattern": "a"}, [("loosened", "/pattern", "^a$", "a")]),
        ({"minimum": 0}, {"exclusiveMinimum": 0}, [("tightened", "/exclusiveMinimum", 0, 0)]),
        ({"const": 1}, {"enum": [1, 2]}, [("loosened", "/enum", 1, [1, 2])]),
        (
            {"required": ["a"]},
            {"required": ["b"]},
            [("loosened", "/required", ["a"], ["b"]), ("tightened", "/required", ["a"], ["b"])],
        ),
        (
            {"type": "string"},
            {"anyOf": [{"type": "string"}, {"type": "null"}]},
            [("loosened", "/type", "string", None)],
        ),
        ({"type": "string", "maximum": 9}, {"type": "string", "maximum": 5}, []),
        (
            {"items": {"maximum": 9}},
            {"items": {"maximum": 5}},
            [("tightened", "/items/maximum", 9, 5)],
        ),
    ],
)
def test_a_keyword_is_told_with_what_it_was_and_is(old, new, changes):
    assert told(old, new) == changes


def test_a_schema_that_cannot_be_read_changes_as_a_whole():
    old, new = {"$ref": "https://example.com/a"}, {"$ref": "https://example.com/b"}
    assert {each.change for each in differences(old, new)} == {Change.tightened, Change.loosened}
    assert differences(old, dict(old)) == []
