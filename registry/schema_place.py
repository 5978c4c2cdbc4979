"""Where the schema of a field stands in that of its record."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from registry.field_path import member_of, steps_of
from registry.text import steps_in

JSONSchema = dict[str, Any]


@dataclass(frozen=True)
class SchemaPlace:
    """Where a field's schema stands: in that of an object under a member's name, or elsewhere."""

    schema: JSONSchema
    owner: JSONSchema
    member: str | None


def place_of(root: JSONSchema, path: str) -> SchemaPlace | None:
    """Return where the schema of the field at a path stands, or None if there is none.

    References on the way are replaced by what they stand for, so that what is changed at the place
    changes it nowhere else.

    Raises:
        ValueError: it is no path of a field.
    """
    place = SchemaPlace(root, root, None)
    for step in steps_of(path):
        found = next(_places_below(place.schema, step, root), None)
        if found is None:
            return None
        place = found
    _unfold(place.schema, root)
    return place


def _places_below(schema: JSONSchema, step: str, root: JSONSchema) -> Iterator[SchemaPlace]:
    """Yield the places one step below, in the schema itself and in those it combines."""
    _unfold(schema, root)
    holder, name = _holder_of(schema, step)
    if isinstance(holder, dict) and isinstance(holder.get(name), dict | bool):
        if not isinstance(holder[name], dict):
            holder[name] = {} if holder[name] else {"not": {}}
        yield SchemaPlace(holder[name], schema, None if step in ("[]", "{}") else name)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for branch in schema.get(keyword, ()) if isinstance(schema.get(keyword), list) else ():
            if isinstance(branch, dict):
                yield from _places_below(branch, step, root)


def _holder_of(schema: JSONSchema, step: str) -> tuple[Any, str]:
    if step == "[]":
        return schema, "items"
    if step == "{}":
        return schema, "additionalProperties"
    return schema.get("properties"), member_of(step)


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
    for key in steps_in(reference):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None
