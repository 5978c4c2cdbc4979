"""From a document as Glean gives it to a flat record."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

_TOLD: Final = ("id", "title", "url")
_METADATA: Final = (
    *("objectType", "container", "parentId", "mimeType", "createTime", "updateTime", "path"),
    *("author", "owner", "assignedTo", "updatedBy", "visibility", "status", "statusCategory"),
    *("priority", "components", "labels", "datasourceId", "documentCategory"),
)
"""Fields of the metadata that say something of the document itself, and not of its readers."""

_PERSONS: Final = frozenset({"author", "owner", "assignedTo", "updatedBy"})
_VALUES: Final = ("stringValue", "stringListValue", "numberValue", "booleanValue")
_DATE: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T.*", re.DOTALL)


def record_of(document: Mapping[str, Any], types: Mapping[str, str]) -> dict[str, Any]:
    """Return the record that a document is: its own fields, and its custom properties beside them.

    Persons are told by their names. What is empty is left out.

    Args:
        document: a document of Glean's client API.
        types: the types of the declared properties, by name; their values are told as those types.
    """
    metadata = document.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    custom = metadata.get("customData")
    custom = custom if isinstance(custom, Mapping) else {}
    fields = {
        **{name: document.get(name) for name in _TOLD},
        **{name: _told(name, metadata.get(name)) for name in _METADATA},
        **{name: _typed(_custom(value), types.get(name, "")) for name, value in custom.items()},
    }
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def _told(name: str, value: Any) -> Any:
    return value.get("name") if name in _PERSONS and isinstance(value, Mapping) else value


def _custom(value: Any) -> Any:
    """Return the value of a custom property, which is in a field named by its type."""
    if not isinstance(value, Mapping):
        return value
    return next((value[name] for name in _VALUES if value.get(name) is not None), None)


def _typed(value: Any, kind: str) -> Any:
    """Return a value as its property type has it, where it can be that; else as it is."""
    match kind, value:
        case "INT", str() if re.fullmatch(r"-?[0-9]{1,18}", value):
            return int(value)
        case "INT", float() if value.is_integer():
            return int(value)
        case "DATE", str() if found := _DATE.fullmatch(value):
            return found[1]
        case "DATE", int() | float() if 0 <= value < 2**33:
            return datetime.fromtimestamp(value, UTC).date().isoformat()
        case "TEXTLIST" | "MULTIPICKLIST", str():
            return [value]
        case _:
            return value
