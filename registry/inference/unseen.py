"""What values at places not yet seen may be like, judged by all the values that were seen."""

from collections.abc import Iterator
from typing import Any, Final

from registry.inference.object_maps import json_types
from registry.inference.shape import Shape

UNSEEN: Final = "unseen"
"""The name of the definition in a schema."""

FEWEST_ARRAYS: Final = 2
"""Paths with arrays from which on these tell what arrays hold."""

_TYPES: Final = ("object", "array", "string", "number", "boolean", "null")
_USUAL_ITEMS: Final = frozenset({"string", "number"})


def unseen_values(shape: Shape) -> dict[str, Any]:
    """Return the schema of values of keys that were not seen; empty if it may be anything.

    Whether a document writes null, or nests arrays in arrays, is a habit of its format and not of
    one field (the k-local types that Bex et al. infer for XML, VLDB 2007, at k = 0): no null is
    expected where none of the records has one. Arrays are expected to hold strings, numbers and
    whatever the arrays at two paths or more hold.
    """
    types: set[str] = set()
    items: set[str] = set()
    arrays = 0
    for around, inner in _values_in(shape, "record"):
        types |= inner
        if around == "array":
            items |= inner
            arrays += 1
    schema: dict[str, Any] = {}
    if "null" not in types:
        schema["type"] = [name for name in _TYPES if name != "null"]
    reference = {"$ref": f"#/$defs/{UNSEEN}"}
    if arrays >= FEWEST_ARRAYS and not items | _USUAL_ITEMS >= set(_TYPES) - {"null"}:
        allowed = items | _USUAL_ITEMS
        schema["items"] = {**reference, "type": [name for name in _TYPES if name in allowed]}
    elif schema:
        schema["items"] = reference
    return {**schema, "additionalProperties": reference} if schema else {}


def _values_in(shape: Shape, around: str) -> Iterator[tuple[str, set[str]]]:
    """Yield what is around the values of each path, and their types."""
    tallies = shape.by_type()
    if tallies:
        yield around, json_types(shape)
    if objects := tallies.get("object"):
        for inner in (*objects.properties.values(), *filter(None, [objects.values])):
            yield from _values_in(inner, "object")
    if arrays := tallies.get("array"):
        yield from _values_in(arrays.items, "array")
