"""What the fields of a template mean: what its schema says, and what its statistics tell else.

A schema as it is shown has what people say of fields, and what an author wrote of them: whatever
is annotated there (`x-semantic-class`, `x-key`, `x-relation`) counts over what was found in data.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from registry.inference.field_statistics import RECORD_PATH, member_path
from registry.text import SLUG

MOST_LEVELS: Final = 12
"""How deep in a schema fields are looked for."""

_BELOW: Final = (("items", "[]"), ("additionalProperties", "{}"))


def fields_of(
    schema: Any, path: str = RECORD_PATH, levels: int = MOST_LEVELS
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield path and schema of each field below a path, deeper ones after what they are part of.

    Paths are written as in the statistics. Where branches of a schema have the same field, it comes
    several times, and the first is the one that a refinement is put to.
    """
    if not isinstance(schema, dict) or not levels:
        return
    for name, child in _members(schema):
        yield from _with_parts(child, member_path(path, name), levels)
    for keyword, step in _BELOW:
        if isinstance(schema.get(keyword), dict):
            yield from _with_parts(schema[keyword], f"{path}{step}", levels)
    for branch in _branches(schema):
        yield from fields_of(branch, path, levels - 1)


def _with_parts(schema: Any, path: str, levels: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield path, schema if isinstance(schema, dict) else {}
    yield from fields_of(schema, path, levels - 1)


def _members(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    properties = schema.get("properties")
    yield from properties.items() if isinstance(properties, dict) else ()


def _branches(schema: Mapping[str, Any]) -> Iterator[Any]:
    for keyword in ("allOf", "anyOf", "oneOf"):
        branches = schema.get(keyword)
        yield from branches if isinstance(branches, list) else ()


def stated_class(field: Mapping[str, Any]) -> str | None:
    """Return what a field's schema says that its values stand for: "" for nothing that is known.

    None is returned where the schema leaves that to what was found.
    """
    stated = field.get("x-semantic-class")
    return stated if isinstance(stated, str) else None


def found_class(profile: Mapping[str, Any]) -> str | None:
    """Return what a field's values seem to stand for by its statistics, if by any."""
    found = profile.get("semantic_class")
    name = found.get("name") if isinstance(found, dict) else None
    return name if isinstance(name, str) and re.match(SLUG, name) else None


def stated_classes(schema: Any) -> dict[str, str]:
    """Return what a schema says that the values of fields stand for, by path; "" for nothing."""
    stated: dict[str, str] = {}
    for path, field in fields_of(schema):
        if (name := stated_class(field)) is not None:
            stated.setdefault(path, name)
    return stated


def primary_key(schema: Any, found: Sequence[str]) -> list[str]:
    """Return the members of a record that tell records apart; none if that is not known.

    Fields that are said to be keys replace a key that was found, unless they are part of it.
    """
    stated = stated_keys(schema)
    said = [name for name, is_key in stated.items() if is_key]
    if set(said) <= set(found) and all(stated.get(name, True) for name in found):
        return list(found)
    return said


def found_key(statistics: Mapping[str, Any]) -> list[str]:
    """Return the fields that inference found to be the primary key, if it found any."""
    keys = statistics.get("keys")
    primary = keys.get("primary_keys") if isinstance(keys, dict) else None
    if not isinstance(primary, dict) or len(primary) != 1:
        return []
    [key] = primary.values()
    is_of_names = isinstance(key, list) and all(isinstance(name, str) for name in key)
    return key if is_of_names else []


def stated_keys(schema: Any) -> dict[str, bool]:
    """Return the members of a record of which the schema says whether they are keys."""
    if not isinstance(schema, dict):
        return {}
    stated: dict[str, bool] = {}
    for name, field in _members(schema):
        if isinstance(field, dict) and isinstance(field.get("x-key"), bool):
            stated[name] = field["x-key"]
    for branch in _branches(schema):
        stated = {**stated_keys(branch), **stated}
    return stated
