"""Writing down the JSON Schema of records from their shape."""

from typing import Any, Final

from registry.inference.scalars import StringTally
from registry.inference.shape import ArrayTally, ObjectTally, Shape, TalliesByType
from registry.inference.storable import is_storable

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

MOST_ENUM_VALUES: Final = 12
LONGEST_ENUM_VALUE: Final = 40
FEWEST_REPEATS: Final = 3
FEWEST_STRINGS: Final = 20

JSONSchema = dict[str, Any]


def infer_schema(shape: Shape) -> JSONSchema:
    """Return the JSON Schema (2020-12) of one record; it accepts every record of the shape.

    - Types: integers and numbers at one path unite to number. Scalar types, null among them,
      stand in one list; where an object or an array meets more than null, each has a branch of
      its own in `anyOf`.
    - A property is required if every object at its path had it. Objects stay open to further
      properties; in a map all follow the one schema in `additionalProperties`.
    - All elements of all arrays at a path share the schema in `items`.
    - A format is stated if every string at the path shows it (see `recognise`).
    - An enum is stated where strings are the only values beside null, show no format and look
      like a closed set: at most 12 distinct, each of at most 40 characters, at least 20 strings
      altogether and at least 3 for each distinct one on average.
    - Properties and enums are sorted. A property whose name holds a lone surrogate or a NUL is
      passed over, and so is an enum with such a value: neither could be stored.

    A shape that has seen nothing gives a schema that accepts anything. NaN and the infinities,
    which JSON does not know, count as numbers.
    """
    return {"$schema": DIALECT, **_schema_of(shape)}


def _schema_of(shape: Shape) -> JSONSchema:
    tallies = shape.by_type()
    structures = []
    if "object" in tallies:
        structures.append({"type": "object", **_object_keywords(tallies["object"])})
    if "array" in tallies:
        structures.append({"type": "array", **_array_keywords(tallies["array"])})
    scalar = _scalar_schema(tallies)
    if not structures:
        return scalar
    if len(structures) == 1 and scalar == {"type": "null"}:
        return {**structures[0], "type": [structures[0]["type"], "null"]}
    branches = [*structures, scalar] if scalar else structures
    return branches[0] if len(branches) == 1 else {"anyOf": branches}


def _object_keywords(objects: ObjectTally) -> JSONSchema:
    if objects.values:
        return {"additionalProperties": _schema_of(objects.values)}
    shapes = {key: shape for key, shape in sorted(objects.properties.items()) if is_storable(key)}
    keywords: JSONSchema = {}
    if shapes:
        keywords["properties"] = {key: _schema_of(shape) for key, shape in shapes.items()}
    if required := [key for key, shape in shapes.items() if shape.count == objects.count]:
        keywords["required"] = required
    return keywords


def _array_keywords(arrays: ArrayTally) -> JSONSchema:
    items = _schema_of(arrays.items)
    return {"items": items} if items else {}


def _scalar_schema(tallies: TalliesByType) -> JSONSchema:
    types = [name for name in ("string", "number", "integer", "boolean", "null") if name in tallies]
    if "number" in types and "integer" in types:
        types.remove("integer")
    if not types:
        return {}
    schema: JSONSchema = {"type": types[0] if len(types) == 1 else types}
    if strings := tallies.get("string"):
        if strings.format:
            schema["format"] = strings.format
        elif types in (["string"], ["string", "null"]) and _is_closed_set(strings):
            nothing = [None] if "null" in types else []
            schema["enum"] = sorted(value for value, _ in strings.sketch.samples.values()) + nothing
    return schema


def _is_closed_set(strings: StringTally) -> bool:
    values = [value for value, _ in strings.sketch.samples.values()]
    return (
        strings.sketch.is_complete
        and len(values) <= MOST_ENUM_VALUES
        and strings.count >= max(FEWEST_STRINGS, FEWEST_REPEATS * len(values))
        and all(len(value) <= LONGEST_ENUM_VALUE and is_storable(value) for value in values)
    )
