"""From the object definitions of a datasource to JSON Schemas of its documents."""

from collections.abc import Iterable
from typing import Any, Final

from discovery.sources.glean.answers import PropertyDefinition
from registry.inference.schema import DIALECT

JSONSchema = dict[str, Any]

_TYPES: Final[dict[str, JSONSchema]] = {
    "TEXT": {"type": "string"},
    "DATE": {"type": "string", "format": "date", "x-type": "date"},
    "INT": {"type": "integer"},
    "USERID": {"type": "string", "x-type": "user"},
    "PICKLIST": {"type": "string", "x-type": "category"},
    "TEXTLIST": {"type": "array", "items": {"type": "string"}},
    "MULTIPICKLIST": {"type": "array", "items": {"type": "string"}, "x-type": "category"},
}
"""JSON Schemas by property type; the values of pick lists are not declared anywhere."""

DOCUMENT: Final[dict[str, JSONSchema]] = {
    "id": {"type": "string", "title": "Glean's id of the document"},
    "title": {"type": "string"},
    "url": {"type": "string"},
    "createTime": {"type": "string", "format": "date-time"},
    "updateTime": {"type": "string", "format": "date-time"},
}
"""What every document may have, whatever its type declares."""


def document_schema(title: str, properties: Iterable[PropertyDefinition] = ()) -> JSONSchema:
    """Return the JSON Schema (2020-12) of the documents of a type, which may say more than it.

    A property of a type that is not known may be anything.
    """
    declared = {
        each.name: {
            **({"title": each.display_label} if each.display_label else {}),
            **_TYPES.get(each.property_type, {}),
        }
        for each in properties
        if each.name
    }
    return {
        "$schema": DIALECT,
        **({"title": title} if title else {}),
        "type": "object",
        "properties": {**DOCUMENT, **declared},
        "required": ["id"],
    }
