"""A JSON Schema without the values of private fields."""

from collections.abc import Callable, Mapping, Set
from typing import Any, Final

from registry.privacy.paths import RECORD_PATH, endings_of, path_of_member
from registry.privacy.words import words

_HOLDS_VALUES: Final = words(
    """
    enum const default examples example pattern multipleOf
    minimum maximum exclusiveMinimum exclusiveMaximum
    """
)
"""The keywords of a schema that tell values of a private field, or contradict masked ones."""

_KEEPS_FORMAT: Final = words("email date_of_birth")
"""The classes whose stand-ins have the format of the values."""

Told = Callable[[Any], Any]


def masked_schema(
    schema: Any, private: Mapping[str, str], told: Told, path: str = RECORD_PATH
) -> Any:
    """Return a schema that tells no value of a private field.

    Args:
        schema: of the values at the path.
        private: the classes of private fields by their paths.
        told: what may be told of a value or key that is not private.
        path: where the values stand.
    """
    if not isinstance(schema, dict):
        return schema
    lost: Set[str] = frozenset()
    if class_name := private.get(path):
        lost = _HOLDS_VALUES if class_name in _KEEPS_FORMAT else _HOLDS_VALUES | {"format"}
    return {
        keyword: _masked_keyword(keyword, value, private, told, path)
        for keyword, value in schema.items()
        if keyword not in lost
    }


def _masked_keyword(
    keyword: str, value: Any, private: Mapping[str, str], told: Told, path: str
) -> Any:
    match keyword, value:
        case "properties", dict():
            return {
                told(key): masked_schema(each, private, told, path_of_member(path, key))
                for key, each in value.items()
            }
        case "items", dict():
            return masked_schema(value, private, told, f"{path}[]")
        case "prefixItems", list():
            return [masked_schema(each, private, told, f"{path}[]") for each in value]
        case "additionalProperties", dict():
            return masked_schema(value, private, told, f"{path}{{}}")
        case "anyOf" | "oneOf" | "allOf", list():
            return [masked_schema(each, private, told, path) for each in value]
        case "$defs", dict():  # a definition may stand for any object
            endings = endings_of(private)
            return {key: masked_schema(each, endings, told) for key, each in value.items()}
        case "required" | "enum" | "const" | "default" | "examples", _:
            return told(value)
    return value
