"""Schemas that say the same in other words have one canonical form and one digest."""

import pytest

from registry.compatibility import Outcome, canonical, containment, schema_digest

DRAFT_7 = "http://json-schema.org/draft-07/schema#"

TREE = {
    "type": "object",
    "properties": {"children": {"type": "array", "items": {"$ref": "#"}}},
}
SAME = {
    "reordered members and lists": (
        {"type": ["string", "null"], "enum": ["a", None], "minLength": 1},
        {"minLength": 1, "enum": [None, "a"], "type": ["null", "string"]},
    ),
    "a number in another notation": ({"minimum": 1, "enum": [1]}, {"minimum": 1.0, "enum": [1.0]}),
    "reordered branches": (
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
        {"anyOf": [{"type": "null"}, {"type": "string"}]},
    ),
    "renamed definitions": (
        {"properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"type": "string"}}},
        {"properties": {"a": {"$ref": "#/$defs/B"}}, "$defs": {"B": {"type": "string"}}},
    ),
    "a definition in its place": (
        {"properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"type": "string"}}},
        {"properties": {"a": {"type": "string"}}},
    ),
    "a recursive definition written out once": (
        TREE,
        {
            "type": "object",
            "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/node"}}},
            "$defs": {"node": {**TREE, "properties": {"children": {"$ref": "#/$defs/nodes"}}},
                      "nodes": {"type": "array", "items": {"$ref": "#/$defs/node"}}},
        },
    ),
    "annotations": (
        {"type": "string", "title": "T", "description": "D", "examples": ["a"], "$comment": "C"},
        {"type": "string"},
    ),
    "what asks for nothing": (
        {"required": [], "minItems": 0, "properties": {"a": {}}, "items": True},
        True,
    ),
    "another draft": (
        {"$schema": DRAFT_7, "items": [{"type": "string"}], "additionalItems": False},
        {"prefixItems": [{"type": "string"}], "items": False},
    ),
    "const as an enumeration": ({"const": "a"}, {"enum": ["a"]}),
}  # fmt: skip
OTHER = {
    "a required property": ({"required": ["a"]}, {"required": ["b"]}),
    "true and 1": ({"const": True}, {"const": 1}),
    "the same branch twice, of which one must hold": (
        {"oneOf": [{"type": "string"}, {"type": "string"}]},
        {"oneOf": [{"type": "string"}]},
    ),
    "the order of positions": (
        {"prefixItems": [{"type": "string"}, {"type": "null"}]},
        {"prefixItems": [{"type": "null"}, {"type": "string"}]},
    ),
    "how deep a recursion begins": (TREE, {"properties": {"children": TREE}}),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=list(SAME))
def test_what_is_only_written_differently_has_one_digest(one, other):
    assert canonical(one) == canonical(other)
    assert schema_digest(one) == schema_digest(other)
    assert containment(one, other).outcome is Outcome.compatible


@pytest.mark.parametrize(("one", "other"), OTHER.values(), ids=list(OTHER))
def test_what_accepts_other_documents_has_another_digest(one, other):
    assert schema_digest(one) != schema_digest(other)


def test_a_schema_that_cannot_be_read_still_has_a_digest():
    one = {"$ref": "https://example.com/elsewhere", "title": "T"}
    assert schema_digest(one) == schema_digest(dict(reversed(one.items())))
    verdict = containment(one, True)
    assert (verdict.outcome, "elsewhere" in verdict.construct) == (Outcome.unknown, True)
