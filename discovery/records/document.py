"""Where the records are in a JSON document."""

from typing import Any, Final

from registry.text import escaped

MOST_LEVELS: Final = 3
"""Objects around the records that are looked through."""


def records_in(document: Any) -> tuple[list[Any], str]:
    """Return the records of a document, and the JSON pointer to them.

    An array is the records. An object wraps records if, of its members, exactly one is an array of
    objects, and the other ones are few beside it: plain values, or objects that describe the whole.
    If no member is, but exactly one is an object, that one may wrap them. Any other document is
    one record itself.
    """
    if isinstance(document, list):
        return document, ""
    pointer = ""
    inner = document
    for _ in range(MOST_LEVELS):
        if not isinstance(inner, dict):
            break
        arrays = [key for key, value in inner.items() if _is_array_of_objects(value)]
        others = [value for value in inner.values() if isinstance(value, list)]
        if len(arrays) == 1 and len(others) == 1:
            key = arrays[0]
            if len(inner) - 1 <= max(_PLAIN_MEMBERS, len(inner[key])):
                return inner[key], f"{pointer}/{escaped(key)}"
            break
        objects = [key for key, value in inner.items() if isinstance(value, dict)]
        if arrays or others or len(objects) != 1 or len(inner) > _PLAIN_MEMBERS:
            break
        pointer, inner = f"{pointer}/{escaped(objects[0])}", inner[objects[0]]
    return [document], ""


_PLAIN_MEMBERS: Final = 8


def _is_array_of_objects(value: Any) -> bool:
    return (
        isinstance(value, list) and len(value) > 1 and all(isinstance(each, dict) for each in value)
    )
