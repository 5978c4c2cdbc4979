"""The types of JSON values and the Python types that JSON parsers give for them."""

from types import NoneType
from typing import Any, Final

JSON_NAMES: Final[dict[type, str]] = {
    dict: "object",
    list: "array",
    str: "string",
    float: "number",
    int: "integer",
    bool: "boolean",
    NoneType: "null",
}


def by_python_type(values: list[Any]) -> dict[type, list[Any]]:
    """Divide values by their exact Python type."""
    kinds = set(map(type, values))
    if len(kinds) == 1:
        return {kinds.pop(): values}
    return {kind: [value for value in values if type(value) is kind] for kind in kinds}


def as_parsed(value: object) -> object:
    """Return an instance of a subclass, or a tuple, as what a JSON parser would give.

    Raises:
        TypeError: it derives from no type of JSON values.
    """
    match value:
        case str():
            return str.__str__(value)  # str() of a member of an enumeration may be its name
        case int():
            return int(value)
        case float():
            return float(value)
        case list() | tuple():
            return list(value)
        case dict():
            return dict(value)
    raise TypeError(
        f"{value!r:.100} is a {type(value).__name__}, not a JSON value: "
        "convert it to a string, number, boolean, list, dict or None first"
    )
