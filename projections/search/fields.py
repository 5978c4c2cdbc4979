"""The fields of a template as search shows them, from its schema and its statistics."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

MOST_FIELDS = 300
"""Fields of a template that are searched."""

MOST_LEVELS = 12
MOST_CHARACTERS = 300
"""Characters of a path or a description that are searched."""

Field = dict[str, Any]
"""A field's `path`, and where known its `type`, `semantic_class` and `description`."""


def fields_of(definition: Mapping[str, Any]) -> list[Field]:
    """Return the fields of a template's definition, those of its schema first.

    Schema and statistics are taken as they come: an author may have written anything there.
    """
    found: dict[str, Field] = {}
    for path, schema in _properties(definition.get("schema"), "", 0):
        if len(found) == MOST_FIELDS:
            break
        found.setdefault(path, _field(path, _type(schema), schema.get("description")))
    for profile in _profiles(definition.get("statistics")):
        path = profile["path"][:MOST_CHARACTERS]
        if path not in found and (path == "$" or len(found) == MOST_FIELDS):
            continue
        field = found.setdefault(path, {"path": path})
        semantic_class = profile.get("semantic_class")
        if isinstance(semantic_class, dict) and isinstance(semantic_class.get("name"), str):
            field["semantic_class"] = semantic_class["name"]
    return list(found.values())


def _properties(schema: Any, path: str, level: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield (path, schema) of each property, deeper ones after the one they are part of."""
    if not isinstance(schema, dict) or level > MOST_LEVELS:
        return
    properties = schema.get("properties")
    if isinstance(properties, dict):
        for name, child in islice(properties.items(), MOST_FIELDS):
            child_path = f"{path}.{name}" if path else name
            yield child_path[:MOST_CHARACTERS], child if isinstance(child, dict) else {}
            yield from _properties(child, child_path, level + 1)
    yield from _properties(schema.get("items"), f"{path}[]", level + 1)


def _profiles(statistics: Any) -> Iterator[Mapping[str, Any]]:
    profiles = statistics.get("fields") if isinstance(statistics, dict) else None
    for profile in profiles if isinstance(profiles, list) else ():
        if isinstance(profile, dict) and isinstance(profile.get("path"), str):
            yield profile


def _field(path: str, kind: str | None, description: Any) -> Field:
    field: Field = {"path": path}
    if kind:
        field["type"] = kind
    if isinstance(description, str) and description:
        field["description"] = description[:MOST_CHARACTERS]
    return field


def _type(schema: Mapping[str, Any]) -> str | None:
    kind = schema.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    return next((each for each in kinds if isinstance(each, str) and each != "null"), None)
