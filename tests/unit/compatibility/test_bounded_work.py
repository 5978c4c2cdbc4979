"""No pair of schemas hangs the engine or overflows its stack: it decides, or says it cannot."""

import pytest

from registry.compatibility import Outcome, containment, differences, schema_digest
from registry.errors import InvalidValue

DECIDED = (Outcome.compatible, Outcome.incompatible)


def nested(levels, leaf):
    for _ in range(levels):
        leaf = {"type": "object", "properties": {"a": leaf}, "required": ["a"]}
    return leaf


def choices(shift):
    return {
        "allOf": [
            {"anyOf": [{"properties": {f"p{i}": {"minimum": k + shift}}} for k in range(3)]}
            for i in range(20)
        ]
    }


def conditions(*names):
    return {
        "allOf": [
            {
                "if": {"properties": {"k": {"const": i}}, "required": ["k"]},
                "then": {"required": [f"{name}{i}" for name in names]},
            }
            for i in range(30)
        ]
    }


def tagged(kinds, value):
    return {
        "oneOf": [
            {"properties": {"t": {"const": t}, "v": {"type": value}}, "required": ["t"]}
            for t in range(kinds)
        ]
    }


LARGE = {
    "a product of alternatives": (choices(0), choices(1)),
    "values beyond count": ({"enum": list(range(50_000))}, {"enum": list(range(1, 50_001))}),
    "a text of a billion": ({"type": "string", "minLength": 10**9}, {"minLength": 10**9 + 1}),
    "an array of a billion": ({"type": "array", "minItems": 10**9}, {"minItems": 10**9 + 1}),
    "an object of a billion": (
        {"type": "object", "minProperties": 10**9},
        {"minProperties": 10**10},
    ),
    "many unique elements": (
        {"type": "array", "uniqueItems": True, "minItems": 300},
        {"maxItems": 299},
    ),
    "a deep pattern": ({"pattern": "^[ab]*a[ab]{18}$"}, {"pattern": "^[ab]*b[ab]{18}$"}),
    "a pattern of patterns": ({"pattern": "^(a{1,99}){1,99}$"}, {"pattern": "^a{1,9801}$"}),
    "schemas nested deeply": (nested(100, True), nested(100, {"type": "null"})),
    "schemas nested too deeply to read": (nested(3_000, True), nested(3_000, {"type": "null"})),
    "a chain of references": (
        {"$ref": "#/$defs/0", "$defs": {str(i): {"$ref": f"#/$defs/{i + 1}"} for i in range(900)}},
        {"type": "null"},
    ),
    "a number out of reach": ({"multipleOf": 1e-300, "minimum": 1e300}, {"type": "integer"}),
}


@pytest.mark.parametrize(("part", "whole"), LARGE.values(), ids=list(LARGE))
def test_what_is_too_large_is_left_undecided(part, whole):
    verdict = containment(part, whole)
    assert verdict.outcome in DECIDED or verdict.construct
    assert differences(part, whole) is not None


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        (conditions("a", "b"), conditions("a")),
        (tagged(40, "string"), tagged(40, ["string", "null"])),
        (nested(60, {"type": "string"}), nested(60, {"type": ["null", "string"]})),
        ({"pattern": "^[a-z]{1,500}$"}, {"pattern": "^[a-z]{1,501}$"}),
    ],
    ids=["conditions", "tagged kinds", "nesting", "repetition"],
)
def test_what_is_merely_large_is_decided_both_ways(part, whole):
    assert containment(part, whole).outcome is Outcome.compatible
    assert containment(whole, part).outcome is Outcome.incompatible


def test_a_schema_too_deep_to_write_has_no_digest():
    with pytest.raises(InvalidValue, match="schema"):
        schema_digest(nested(3_000, True))
