"""The fields of a template as search shows them, from its schema and its statistics."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from registry.field_meanings import fields_of, found_class, stated_class

MOST_FIELDS = 300
"""Fields of a template that are searched."""

MOST_CHARACTERS = 300
"""Characters of a path or a description that are searched."""

Field = dict[str, Any]
"""A field's `path`, and where known its `type`, `semantic_class` and `description`.

`found_class` is what its values look like by the statistics where the schema says something else.
"""


def searched_fields(schema: Any, statistics: Any) -> list[Field]:
    """Return the fields of a template, those of its schema first.

    Schema and statistics are taken as they come: an author may have written anything there.
    """
    return _combined(schema, dict(_found(statistics)))


def stated_anew(fields: Iterable[Field], schema: Any) -> list[Field]:
    """Return the fields of a template whose schema says something else of them than before.

    One that the schema has no longer stays, for the data had it.
    """
    found = {each["path"]: each.get("found_class", each.get("semantic_class")) for each in fields}
    return _combined(schema, found)


def _combined(schema: Any, found: Mapping[str, str | None]) -> list[Field]:
    """Return the fields of a schema, and others that were found, by path with their classes."""
    fields: dict[str, Field] = {}
    for path, stated in _stated(schema):
        if len(fields) == MOST_FIELDS:
            break
        if path not in fields:
            fields[path] = _field(path, stated, found.get(path))
    for path, semantic_class in found.items():
        if len(fields) < MOST_FIELDS and path not in fields:
            fields[path] = {"path": path} | _named(semantic_class=semantic_class)
    return list(fields.values())


def _field(path: str, stated: Mapping[str, Any], class_found: str | None) -> Field:
    description = stated.get("description")
    description = description[:MOST_CHARACTERS] if isinstance(description, str) else ""
    field = {"path": path} | _named(type=_type(stated), description=description)
    class_stated = stated_class(stated)
    if class_stated is None:
        return field | _named(semantic_class=class_found)
    return field | _named(semantic_class=class_stated) | {"found_class": class_found}


def _named(**parts: str | None) -> Field:
    return {name: part for name, part in parts.items() if part}


def _stated(schema: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the fields of a schema, elements of arrays and maps only where something is said."""
    for path, field in fields_of(schema):
        is_member = not path.endswith(("[]", "{}"))
        if is_member or field.get("description") or stated_class(field) is not None:
            yield path[:MOST_CHARACTERS], field


def _found(statistics: Any) -> Iterator[tuple[str, str | None]]:
    """Yield the paths that statistics tell of, with the classes that were found."""
    profiles = statistics.get("fields") if isinstance(statistics, dict) else None
    for profile in profiles if isinstance(profiles, list) else ():
        path = profile.get("path") if isinstance(profile, dict) else None
        if isinstance(path, str) and path != "$":
            yield path[:MOST_CHARACTERS], found_class(profile)


def _type(schema: Mapping[str, Any]) -> str | None:
    kind = schema.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    return next((each for each in kinds if isinstance(each, str) and each != "null"), None)
