"""Containment keyword by keyword: what is proved, what is shown, and what is left undecided."""

import jsonschema_rs
import pytest

from registry.compatibility import Outcome, containment

DRAFT_4 = "http://json-schema.org/draft-04/schema#"
DRAFT_7 = "http://json-schema.org/draft-07/schema#"
LIST = {"$ref": "#/$defs/node"}


def linked(value):
    node = {"properties": {"value": value, "next": LIST}, "required": ["value"]}
    return {**LIST, "$defs": {"node": {"type": "object", **node}}}


CONTAINED = {
    "nothing": (False, {"type": "string"}),
    "a contradiction": ({"type": "string", "const": 1}, False),
    "an integer among numbers": ({"type": "integer"}, {"type": "number"}),
    "1.0 is an integer": ({"const": 1.0}, {"type": "integer"}),
    "integers between exclusive bounds": (
        {"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 3},
        {"enum": [1, 2]},
    ),
    "multiples in exact decimals": ({"multipleOf": 0.3}, {"multipleOf": 0.1}),
    "a bound of draft 4": (
        {"$schema": DRAFT_4, "minimum": 1, "exclusiveMinimum": True},
        {"exclusiveMinimum": 1},
    ),
    "patterns as languages": ({"pattern": "^(ab)+$"}, {"pattern": "^[ab]{2,}$", "minLength": 2}),
    "a pattern found anywhere": ({"type": "string"}, {"pattern": "[a-z]*"}),
    "a format's shape": ({"type": "string", "format": "date"}, {"maxLength": 10, "pattern": "-"}),
    "a format that implies another": ({"format": "uri"}, {"format": "iri-reference"}),
    "a format that is not checked, and the same": ({"format": "x"}, {"format": "x", "title": "T"}),
    "additional properties as declared": (
        {"properties": {"a": {"type": "string"}}, "additionalProperties": False},
        {"additionalProperties": {"type": "string"}},
    ),
    "names that a pattern covers": (
        {"properties": {"ab": {"type": "null"}}, "patternProperties": {"^a": {"type": "string"}}},
        {"properties": {"ab": False}},
    ),
    "names limited in kind and number": (
        {"propertyNames": {"enum": ["a", "b"]}, "minProperties": 2},
        {"required": ["a", "b"]},
    ),
    "a dependency by another name": (
        {"$schema": DRAFT_7, "dependencies": {"a": ["b"]}},
        {"dependentSchemas": {"a": {"required": ["b"]}}},
    ),
    "a tuple as positions": (
        {"$schema": DRAFT_7, "items": [{"type": "null"}], "additionalItems": {"const": 1}},
        {"prefixItems": [{"type": "null"}, {"type": "integer"}]},
    ),
    "too few values to be unique": (
        {"type": "array", "items": {"type": "boolean"}, "uniqueItems": True, "minItems": 3},
        False,
    ),
    "at least two contained": (
        {"type": "array", "contains": {"const": 1}, "minContains": 2},
        {"minItems": 2, "contains": {"type": "integer"}},
    ),
    "a condition written as an alternative": (
        {"if": {"required": ["a"]}, "then": {"required": ["b"]}},
        {"anyOf": [{"not": {"required": ["a"]}}, {"required": ["b"]}]},
    ),
    "an alternative that its type rules out": (
        {"type": "string", "anyOf": [{"minLength": 2}, {"minimum": 1}]},
        True,
    ),
    "a recursion": (linked({"type": "integer"}), linked({"type": "number"})),
    "a recursion without end": (
        {
            **LIST,
            "$defs": {"node": {"type": "object", "required": ["a"], "properties": {"a": LIST}}},
        },
        False,
    ),
    "siblings of a reference in draft 7": (
        {"$schema": DRAFT_7, "$ref": "#/definitions/a", "type": "null", "definitions": {"a": True}},
        {"$schema": DRAFT_7},
    ),
    "an anchor": (
        {"$ref": "#a", "$defs": {"x": {"$anchor": "a", "type": "null"}}},
        {"const": None},
    ),
    "what a composition leaves unevaluated": (
        {
            "type": "object",
            "allOf": [{"properties": {"a": {"type": "null"}}}],
            "unevaluatedProperties": False,
        },
        {"additionalProperties": {"type": "null"}},
    ),
    "one of sixty kinds": (
        {"oneOf": [{"properties": {"k": {"const": k}}, "required": ["k"]} for k in range(60)]},
        {"properties": {"k": {"type": "integer"}}, "required": ["k"]},
    ),
}
REFUSED = {
    "a number without bounds": ({"type": "number"}, {"type": "integer"}, "/type"),
    "an open object": (
        {"properties": {"a": True}},
        {"properties": {"b": {"const": 1}}},
        "/properties/b/const",
    ),
    "a property required": ({"type": "object"}, {"required": ["a"]}, "/required"),
    "a name": ({"type": "object"}, {"propertyNames": {"maxLength": 3}}, "/propertyNames/maxLength"),
    "one element of many": (
        {"items": {"type": ["integer", "null"]}, "minItems": 3, "type": "array"},
        {"items": {"type": "integer"}},
        "/items/type",
    ),
    "null is a witness too": ({"type": ["null", "string"]}, {"type": "string"}, "/type"),
    "two branches at once": ({"type": "integer"}, {"oneOf": [True, {"minimum": 5}]}, "/oneOf"),
    "a long text": ({"type": "string", "minLength": 3000}, {"maxLength": 2999}, "/maxLength"),
    "equal elements": ({"type": "array", "minItems": 2}, {"uniqueItems": True}, "/uniqueItems"),
    "deep in a recursion": (linked({"type": "number"}), linked({"type": "integer"}), None),
    "a format": ({"type": "string", "format": "date-time"}, {"format": "date"}, "/format"),
    "a closed composition": (
        {"type": "object", "allOf": [{"properties": {"a": True}}]},
        {"properties": {"a": True}, "additionalProperties": False},
        "/additionalProperties",
    ),
}
UNDECIDED = {
    "a reference elsewhere": ({"$ref": "https://example.com/s"}, False, "https://example.com/s"),
    "a dynamic reference": (
        {"$dynamicRef": "#a", "$defs": {"x": {"$dynamicAnchor": "a", "$id": "x"}}},
        False,
        "$dynamicRef",
    ),
    "a dialect": ({"$schema": "https://example.com/dialect"}, False, "$schema"),
    "a format that is not checked": ({"type": "string"}, {"format": "x"}, "format 'x'"),
    "a look-ahead": ({"type": "string", "pattern": "^a(?=b)"}, {"pattern": "^ab"}, "pattern"),
    "a circle in place": ({"anyOf": [{"$ref": "#"}, {"type": "null"}]}, False, "in place"),
    "a number beyond 64 bits": ({"minimum": 2**64}, {"minimum": 2**65}, "64 bits"),
    "a pattern that is none": ({"type": "string", "pattern": "["}, {"maxLength": 3}, "pattern"),
    "half a character": ({"enum": ["\ud800"]}, {"pattern": "a"}, "pattern"),
    "what alternatives leave unevaluated": (
        {"type": "object", "properties": {"a": True}, "additionalProperties": False},
        {
            "anyOf": [{"properties": {"a": True}}, {"minProperties": 9}],
            "unevaluatedProperties": False,
        },
        "unevaluatedProperties",
    ),
    "a malformed keyword": ({"minimum": "1"}, False, "malformed"),
}


@pytest.mark.parametrize(("part", "whole"), CONTAINED.values(), ids=list(CONTAINED))
def test_what_is_contained_is_proved(part, whole):
    assert containment(part, whole).outcome is Outcome.compatible


@pytest.mark.parametrize(("part", "whole", "pointer"), REFUSED.values(), ids=list(REFUSED))
def test_what_is_not_contained_has_a_witness_and_a_reason(part, whole, pointer):
    verdict = containment(part, whole)
    assert (verdict.outcome, verdict.has_witness) == (Outcome.incompatible, True)
    assert jsonschema_rs.validator_for(part, validate_formats=True).is_valid(verdict.witness)
    assert not jsonschema_rs.validator_for(whole, validate_formats=True).is_valid(verdict.witness)
    assert pointer is None or pointer in [each.pointer for each in verdict.reasons]


@pytest.mark.parametrize(("part", "whole", "construct"), UNDECIDED.values(), ids=list(UNDECIDED))
def test_what_cannot_be_decided_is_named(part, whole, construct):
    verdict = containment(part, whole)
    assert verdict.outcome is Outcome.unknown
    assert construct in verdict.construct
