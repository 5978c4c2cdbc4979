"""The fields of a flat record, between a JSON Schema and the formats that know columns."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from registry.field_meanings import stated_class
from registry.text import SLUG, steps_in

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

BOUNDS: Final = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    *("minLength", "maxLength", "pattern"),
)
"""The keywords of JSON Schema that limit a value and that formats of columns have too."""

_TYPES: Final = frozenset({"string", "integer", "number", "boolean", "object", "array"})
_MOST_REFERENCES: Final = 20


@dataclass(frozen=True, kw_only=True)
class RecordField:
    """A field of a record.

    Attributes:
        name: of the field, as it stands in records.
        type: of its values in the words of JSON Schema; "" where they may be of several types.
        format: of its texts, in the words of JSON Schema.
        required: whether no record is without it.
        nullable: whether it may be null.
        allowed: the values that there may be, without null; empty where any may.
        bounds: the keywords of `BOUNDS` that hold.
        meaning: the semantic class that is said of it; "" for none.
        schema: the JSON Schema of a value, to look for what is nested in it.
    """

    name: str
    type: str = ""
    format: str = ""
    title: str = ""
    description: str = ""
    required: bool = False
    nullable: bool = False
    allowed: tuple[Any, ...] = ()
    bounds: Mapping[str, Any] = field(default_factory=dict)
    meaning: str = ""
    schema: Mapping[str, Any] = field(default_factory=dict)

    def as_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value of the field."""
        schema = {
            name: value for name, value in self.schema.items() if name not in ("type", "enum")
        }
        if self.type:
            schema["type"] = [self.type, "null"] if self.nullable else self.type
        told = {"format": self.format, "title": self.title, "description": self.description}
        schema |= {name: text for name, text in told.items() if text}
        if self.allowed:
            schema["enum"] = [*self.allowed, *([None] if self.nullable else [])]
        meaning = {"x-semantic-class": self.meaning} if self.meaning else {}
        return {**schema, **self.bounds, **meaning}


def fields_of(
    schema: Mapping[str, Any], root: Mapping[str, Any] | None = None
) -> list[RecordField]:
    """Return the fields that a JSON Schema names, as far as columns can tell of them.

    Args:
        schema: of a record.
        root: the document that `schema` is a part of, in which its references point.
    """
    root = schema if root is None else root
    schema = _followed(schema, root)
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return []
    required = schema.get("required")
    names = required if isinstance(required, list) else []
    return [_field(name, each, root, name in names) for name, each in properties.items()]


def elements_of(schema: Mapping[str, Any], root: Mapping[str, Any]) -> RecordField:
    """Return what the elements of an array are, as a field without a name."""
    return _field("", schema.get("items"), root, True)


def schema_of(fields: Iterable[RecordField]) -> dict[str, Any]:
    """Return the JSON Schema of a record of some fields."""
    fields = list(fields)
    required = [each.name for each in fields if each.required]
    return {
        "$schema": DIALECT,
        "type": "object",
        "properties": {each.name: each.as_schema() for each in fields},
        **({"required": required} if required else {}),
    }


def _field(name: str, schema: Any, root: Mapping[str, Any], required: bool) -> RecordField:
    schema = _followed(schema, root)
    schema, nullable = _without_null(schema, root)
    told = schema.get("type")
    types = {each for each in (told if isinstance(told, list) else [told]) if isinstance(each, str)}
    nullable = nullable or "null" in types
    allowed = schema.get("enum", [schema["const"]] if "const" in schema else [])
    allowed = allowed if isinstance(allowed, list) else []
    return RecordField(
        name=name,
        type=_only_type(types - {"null"}),
        required=required,
        nullable=nullable or None in allowed,
        allowed=tuple(value for value in allowed if value is not None),
        bounds={keyword: schema[keyword] for keyword in BOUNDS if keyword in schema},
        meaning=stated if (stated := stated_class(schema)) and re.match(SLUG, stated) else "",
        schema=schema,
        **{
            part: schema[part]
            for part in ("format", "title", "description")
            if isinstance(schema.get(part), str)
        },
    )


def _only_type(types: set[str]) -> str:
    """Return the type that all values have; "" if they may be of several, or of none known."""
    if types == {"integer", "number"}:
        return "number"
    return next(iter(types)) if len(types) == 1 and types <= _TYPES else ""


def _without_null(
    schema: Mapping[str, Any], root: Mapping[str, Any]
) -> tuple[Mapping[str, Any], bool]:
    """Return the only other choice of a schema that permits null as one; or itself."""
    choices = schema.get("anyOf", schema.get("oneOf"))
    if not isinstance(choices, list):
        return schema, False
    others = [each for each in choices if each != {"type": "null"}]
    if len(others) == len(choices) or len(others) != 1:
        return schema, len(others) < len(choices)
    around = {name: part for name, part in schema.items() if name not in ("anyOf", "oneOf")}
    return {**around, **_followed(others[0], root)}, True


def _followed(schema: Any, root: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema that a local reference leads to, with what stands beside the reference."""
    beside: dict[str, Any] = {}
    for _ in range(_MOST_REFERENCES):
        if not isinstance(schema, dict):
            return beside
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            break
        beside = {**{name: part for name, part in schema.items() if name != "$ref"}, **beside}
        schema = _pointed_at(reference, root)
    return {**schema, **beside}


def _pointed_at(reference: str, root: Any) -> Any:
    if not reference.startswith("#"):
        return None
    for step in steps_in(reference.removeprefix("#")):
        if not isinstance(root, dict) or step not in root:
            return None
        root = root[step]
    return root
