"""Writing down the JSON Schema of records from their shape."""

from typing import Any, Final

from registry.inference.evidence import RISK, chance_of_absence, chance_of_novelty
from registry.inference.object_maps import is_map
from registry.inference.recursion import Kind, kind_of
from registry.inference.shape import Shape, TalliesByType
from registry.inference.storable import is_storable
from registry.inference.string_tally import StringTally
from registry.inference.structures import ArrayTally, ObjectTally
from registry.inference.unseen import UNSEEN, unseen_values

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

MOST_ENUM_VALUES: Final = 12
LONGEST_ENUM_VALUE: Final = 40
FEWEST_REPEATS: Final = 3
FEWEST_STRINGS: Final = 20

JSONSchema = dict[str, Any]


def infer_schema(shape: Shape) -> JSONSchema:
    """Return the JSON Schema (2020-12) of one record; it accepts every record of the shape.

    What values are like is stated as it was seen:

    - Types: integers and numbers at one path unite to number. Scalar types, null among them,
      stand in one list; where an object or an array meets more than null, each has a branch of
      its own in `anyOf`.
    - All elements of all arrays at a path share the schema in `items`.
    - A format is stated if every string at the path shows it (see `recognise`).
    - Objects that hold objects of their own kind refer to themselves (see `kind_of`).
    - In a map all values follow the one schema in `additionalProperties` (see `is_map`).
    - Properties and enums are sorted. A property whose name holds a lone surrogate or a NUL is
      passed over, and so is an enum with such a value: neither could be stored.

    What was *not* seen is excluded only if the counts make it unlikely enough, `RISK`:

    - A property is required if all objects at its path had it and the next one will as well, by
      `chance_of_absence`: 18 objects at least.
    - An enum is stated where strings are the only values beside null, show no format and look
      like a closed set by `chance_of_novelty`: at most 12 distinct, each of at most 40
      characters, at least 20 strings altogether and 3 for each distinct one on average.
    - Arrays of one length with different types at their places are tuples (`prefixItems`), if
      there are 18 at least.
    - Objects stay open to further properties. Where such are to be expected, by
      `chance_of_novelty`, they are held to what values are like in all the records (see
      `unseen_values`).
    - Numbers and texts have no bounds: the extremes seen are in the statistics.

    A shape that has seen nothing gives a schema that accepts anything. NaN and the infinities,
    which JSON does not know, count as numbers.
    """
    return _Writer(shape).schema()


class _Writer:
    """Writes one schema, and the definitions it refers to."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._unseen = unseen_values(shape)
        self._definitions: JSONSchema = {}

    def schema(self) -> JSONSchema:
        body = self._schema_of(self._shape)
        definitions = dict(sorted(self._definitions.items()))
        return {"$schema": DIALECT, **body, **({"$defs": definitions} if definitions else {})}

    def _schema_of(self, shape: Shape, kind: str | None = None) -> JSONSchema:
        """Return the schema of values, in which objects are of a kind defined already, if any."""
        return self._schema_of_tallies(shape.by_type(), kind)

    def _schema_of_tallies(self, tallies: TalliesByType, kind: str | None) -> JSONSchema:
        structures = []
        if "object" in tallies:
            structures.append(self._object_schema(tallies["object"], kind))
        if "array" in tallies:
            structures.append({"type": "array", **self._array_keywords(tallies["array"], kind)})
        scalar = _scalar_schema(tallies)
        if not structures:
            return scalar
        if len(structures) == 1 and scalar == {"type": "null"} and "type" in structures[0]:
            return {**structures[0], "type": [structures[0]["type"], "null"]}
        branches = [*structures, scalar] if scalar else structures
        return branches[0] if len(branches) == 1 else {"anyOf": branches}

    def _object_schema(self, objects: ObjectTally, kind: str | None) -> JSONSchema:
        if kind is not None:
            return {"$ref": kind}
        found = kind_of(objects)
        if not found.recursive_keys:
            return {"type": "object", **self._object_keywords(found, "")}
        if objects is self._shape.by_type().get("object") and len(self._shape.types) == 1:
            return {"type": "object", **self._object_keywords(found, "#")}
        name = self._free_name(min(found.recursive_keys))
        self._definitions[name] = {}  # takes the name
        reference = f"#/$defs/{name}"
        self._definitions[name] = {"type": "object", **self._object_keywords(found, reference)}
        return {"$ref": reference}

    def _free_name(self, key: str) -> str:
        plain = "".join(letter for letter in key if letter.isalnum() and letter.isascii())
        names = (f"{plain or 'node'}{number or ''}" for number in range(len(self._definitions) + 2))
        return next(name for name in names if name not in self._definitions and name != UNSEEN)

    def _object_keywords(self, kind: Kind, reference: str) -> JSONSchema:
        objects = kind.objects
        if not objects.is_open:
            return {}
        if objects.values:
            return {"additionalProperties": self._schema_of(objects.values)}
        if not kind.recursive_keys and is_map(objects):
            return {"additionalProperties": self._schema_of(objects.united_values())}
        keywords: JSONSchema = {}
        named = {key: each for key, each in sorted(objects.properties.items()) if is_storable(key)}
        if named:
            keywords["properties"] = {
                key: self._schema_of(shape, reference if key in kind.recursive_keys else None)
                for key, shape in named.items()
            }
        if chance_of_absence(objects.count) <= RISK:
            required = [key for key, shape in named.items() if shape.count == objects.count]
            keywords |= {"required": required} if required else {}
        if self._unseen and len(named) == len(objects.properties) and _are_more_expected(objects):
            self._definitions[UNSEEN] = self._unseen
            keywords["additionalProperties"] = {"$ref": f"#/$defs/{UNSEEN}"}
        return keywords

    def _array_keywords(self, arrays: ArrayTally, kind: str | None) -> JSONSchema:
        if not arrays.is_open:
            return {}
        if _is_tuple(arrays):
            tallies = arrays.items.by_type()
            places = [
                self._schema_of_tallies(_of_types(tallies, types), kind)
                for types in arrays.places or []
            ]
            return {"prefixItems": places, "minItems": arrays.most, "maxItems": arrays.most}
        items = self._schema_of(arrays.items, kind)
        return {"items": items} if items else {}


def _are_more_expected(objects: ObjectTally) -> bool:
    once = sum(shape.count == 1 for shape in objects.properties.values())
    return chance_of_novelty(once, objects.count) > RISK


def _is_tuple(arrays: ArrayTally) -> bool:
    places = [types - {"integer"} if "number" in types else types for types in arrays.places or []]
    return (
        len(places) > 1
        and chance_of_absence(arrays.count) <= RISK
        and all(len(types) == 1 for types in places)
        and any(types != places[0] for types in places)
    )


def _of_types(tallies: TalliesByType, types: set[str]) -> TalliesByType:
    return {name: tally for name, tally in tallies.items() if name in types}  # type: ignore[return-value]


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
    counted = strings.sketch.samples.values()
    once = sum(count == 1 for _, count in counted)
    return (
        strings.sketch.is_complete
        and len(counted) <= MOST_ENUM_VALUES
        and strings.count >= max(FEWEST_STRINGS, FEWEST_REPEATS * len(counted))
        and chance_of_novelty(once, strings.count) <= RISK
        and all(len(value) <= LONGEST_ENUM_VALUE and is_storable(value) for value, _ in counted)
    )
