"""What people say of a template's fields, and the schema that this leads to.

A field is named by its path, as the statistics name it: `author.email` is a member of a member,
`labels[]` the elements of an array, `prices{}` the values of a map, `$` the record.
"""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

from registry.text import Slug, Text, storable, storable_json

JSONSchema = dict[str, Any]

_STEP: Final = re.compile(r'\[\]|\{\}|(?:^|(?<!^)\.)("(?:[^"\\]|\\.)*"|[^\s.\[\]{}"]+)')
_RECORD: Final = "$"

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


class JsonType(StrEnum):
    """The types of JSON values."""

    NULL = "null"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    STRING = "string"
    ARRAY = "array"
    OBJECT = "object"


def steps_of(path: str) -> list[str]:
    """Return the steps of a path: `[]`, `{}`, or the name of a member between quotes or not.

    Raises:
        ValueError: it is no path of a field.
    """
    rest = path.removeprefix(_RECORD) if re.match(r"\$(?:$|\[|\{)", path) else path
    found = list(_STEP.finditer(rest))
    if "".join(step[0] for step in found) != rest or (not rest and path != _RECORD):
        raise ValueError("must be the path of a field, such as author.email, labels[] or $")
    return [step[0].removeprefix(".") for step in found]


def _is_path(path: str) -> str:
    steps_of(path)
    return path


FieldPath = Annotated[
    str, Field(min_length=1, max_length=1_000), AfterValidator(storable), AfterValidator(_is_path)
]
"""The path of a field."""


@dataclass(frozen=True, kw_only=True)
class Relation:
    """The field of a template whose values a field takes up."""

    template_id: UUID
    field: FieldPath


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _once_each(types: list[JsonType]) -> list[JsonType]:
    return list(dict.fromkeys(types))


@dataclass(frozen=True, kw_only=True)
class Pins:
    """What is said of one field. None leaves a matter to inference; what is empty says "none".

    The schema shows `semantic_class`, `key` and `relation` as annotations `x-semantic-class`,
    `x-key` and `x-relation`.
    """

    type: (
        Annotated[
            list[JsonType],
            BeforeValidator(_listed),
            AfterValidator(_once_each),
            Field(min_length=1, max_length=7),
        ]
        | None
    ) = None
    format: Annotated[str, Field(max_length=100), AfterValidator(storable)] | None = None
    enum: Annotated[list[Any], Field(max_length=1_000), AfterValidator(storable_json)] | None = None
    required: bool | None = None
    description: Text | None = None
    semantic_class: Slug | None = None
    key: bool | None = None
    relation: Relation | None = None

    def joined(self, later: "Pins") -> "Pins":
        """Return these pins with what is said later in place of what was said before."""
        said = {**_said(self), **_said(later)}
        return Pins(**said)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is said."""
        return not _said(self)


def _said(pins: Pins) -> dict[str, Any]:
    values = {each.name: getattr(pins, each.name) for each in fields(pins)}
    return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class Refinement:
    """What people have said of one field by now, and why they said the last of it."""

    pins: Pins
    reason: str
    refined_at: datetime


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
        place = _place_of(draft, steps_of(path))
        if place is None or (pins[path].required is not None and place.member is None):
            misplaced.append(path)
        else:
            _pin(place, pins[path])
    return RefinedSchema(draft, tuple(misplaced))


@dataclass(frozen=True)
class _Place:
    """Where a field's schema stands: in that of an object under a member's name, or elsewhere."""

    schema: JSONSchema
    owner: JSONSchema
    member: str | None


def _place_of(root: JSONSchema, steps: list[str]) -> _Place | None:
    place = _Place(root, root, None)
    for step in steps:
        found = next(_places_below(place.schema, step, root), None)
        if found is None:
            return None
        place = found
    _unfold(place.schema, root)
    return place


def _places_below(schema: JSONSchema, step: str, root: JSONSchema) -> Iterator[_Place]:
    """Yield the places one step below, in the schema itself and in those it combines."""
    _unfold(schema, root)
    holder, name = _holder_of(schema, step)
    if isinstance(holder, dict) and isinstance(holder.get(name), dict | bool):
        if not isinstance(holder[name], dict):
            holder[name] = {} if holder[name] else {"not": {}}
        yield _Place(holder[name], schema, None if step in ("[]", "{}") else name)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for branch in schema.get(keyword, ()) if isinstance(schema.get(keyword), list) else ():
            if isinstance(branch, dict):
                yield from _places_below(branch, step, root)


def _holder_of(schema: JSONSchema, step: str) -> tuple[Any, str]:
    if step == "[]":
        return schema, "items"
    if step == "{}":
        return schema, "additionalProperties"
    return schema.get("properties"), json.loads(step) if step.startswith('"') else step


def _unfold(schema: JSONSchema, root: JSONSchema) -> None:
    """Put what a reference stands for in its place, unless it leads elsewhere or round in circles.

    What stands beside a reference wins over what it stands for.
    """
    seen: set[str] = set()
    while isinstance(reference := schema.get("$ref"), str) and reference not in seen:
        seen.add(reference)
        target = _at(root, reference)
        if target is None or target is schema:
            return
        beside = {keyword: value for keyword, value in schema.items() if keyword != "$ref"}
        whole = {
            keyword: value
            for keyword, value in copy.deepcopy(target).items()
            if keyword not in ("$schema", "$id", "$defs", "definitions")
        }
        schema.clear()
        schema.update({**whole, **beside})


def _at(root: JSONSchema, reference: str) -> JSONSchema | None:
    if reference != "#" and not reference.startswith("#/"):
        return None
    found: Any = root
    for token in reference.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def _pin(place: _Place, pins: Pins) -> None:
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
        if value:
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


def type_of(value: Any) -> str:
    """Return the JSON type of a value; a whole float is an integer, as JSON Schema has it."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "integer" if value.is_integer() else "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"
