"""The schema that refinements lead to: what people said of fields, in place of what was found."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from registry.field_path import steps_of
from registry.refinement import JsonType, Pins, type_of
from registry.schema_place import JSONSchema, SchemaPlace, place_of

_OF_TYPES: Final[Mapping[str, frozenset[str]]] = {
    "format": frozenset({"string"}),
    **dict.fromkeys(("properties", "required", "additionalProperties"), frozenset({"object"})),
    **dict.fromkeys(("items", "prefixItems", "minItems", "maxItems"), frozenset({"array"})),
}
"""The keywords that go when a pinned type leaves them nothing to say."""

_COMBINING: Final[tuple[str, ...]] = (
    *("anyOf", "oneOf", "allOf", "not"),
    *("if", "then", "else", "const"),
)

_SAID_OF_DATA: Final = frozenset({"x-key", "x-semantic-class"})
"""The annotations that say against what was found in data even where they say "none"."""


@dataclass(frozen=True)
class RefinedSchema:
    """A schema with refinements applied, and the paths of those that found no place in it."""

    schema: JSONSchema
    misplaced: tuple[str, ...]


def refined(schema: JSONSchema, pins: Mapping[str, Pins]) -> RefinedSchema:
    """Return the schema with what is pinned in place of what was inferred or declared.

    The order in which fields were refined does not matter, and refining twice changes nothing. A
    definition that is used in several places is copied to where it is refined.
    """
    if not pins:
        return RefinedSchema(schema, ())
    draft = copy.deepcopy(schema)
    misplaced = []
    for path in sorted(pins, key=steps_of):
        place = place_of(draft, path)
        if place is None or (pins[path].required is not None and place.member is None):
            misplaced.append(path)
        else:
            _pin(place, pins[path])
    return RefinedSchema(draft, tuple(misplaced))


def newly_misplaced(
    schema: JSONSchema, before: Mapping[str, Pins], after: Mapping[str, Pins]
) -> str | None:
    """Return the first path that finds no place and did before, or of which other is said now."""
    known = refined(schema, before).misplaced
    return next(
        (
            path
            for path in refined(schema, after).misplaced
            if path not in known or after[path] != before[path]
        ),
        None,
    )


def _pin(place: SchemaPlace, pins: Pins) -> None:
    schema = place.schema
    if pins.type is not None:
        _pin_type(schema, [str(each) for each in pins.type])
    if pins.enum is not None:
        schema.pop("const", None)
    said = {
        "format": pins.format,
        "enum": pins.enum,
        "description": pins.description,
        "x-semantic-class": pins.semantic_class,
        "x-key": pins.key,
        "x-relation": pins.relation
        and {"template_id": str(pins.relation.template_id), "field": pins.relation.field},
    }
    for keyword, value in said.items():
        if value or (value is not None and keyword in _SAID_OF_DATA):
            schema[keyword] = value
        elif value is not None:
            schema.pop(keyword, None)
    if place.member is not None and pins.required is not None:
        _require(place.owner, place.member, required=pins.required)


def _pin_type(schema: JSONSchema, types: list[str]) -> None:
    """State the types, and keep of what was said before what can be said of them."""
    open_types = {*types, "integer"} if "number" in types else set(types)
    for keyword in ("anyOf", "oneOf"):
        fitting = [
            branch
            for branch in schema.get(keyword, ())
            if isinstance(branch, dict) and _types_in(branch) & open_types
        ]
        if len(fitting) == 1:
            schema.update(copy.deepcopy(fitting[0]))
    gone: list[str] = [keyword for keyword in _COMBINING if keyword in schema]
    gone += [each for each, of in _OF_TYPES.items() if each in schema and not of & open_types]
    for keyword in gone:
        del schema[keyword]
    schema["type"] = types[0] if len(types) == 1 else types
    if "enum" in schema:
        kept = [value for value in schema["enum"] if type_of(value) in open_types]
        if kept:
            schema["enum"] = kept
        else:
            del schema["enum"]


def _types_in(schema: JSONSchema) -> set[str]:
    types = schema.get("type", list(JsonType))
    return {types} if isinstance(types, str) else {str(each) for each in types}


def _require(owner: JSONSchema, member: str, *, required: bool) -> None:
    names = owner.get("required", [])
    if (member in names) == required:
        return
    names = sorted({*names, member} if required else set(names) - {member})
    if names:
        owner["required"] = names
    else:
        del owner["required"]
