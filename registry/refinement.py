"""What people say of a template's fields, over what was inferred or declared of them."""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

from registry.field_path import FieldPath
from registry.text import SLUG, Text, storable, storable_json


class JsonType(StrEnum):
    """The types of JSON values."""

    NULL = "null"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    STRING = "string"
    ARRAY = "array"
    OBJECT = "object"


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
    `x-key` and `x-relation`. "" as a class, and false as a key, stay there to deny what was found.
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
    semantic_class: Annotated[str, Field(pattern=f"^$|{SLUG}")] | None = None
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
