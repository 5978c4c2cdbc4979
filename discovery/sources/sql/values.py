"""From what a database driver returns to JSON values."""

import re
from collections.abc import Callable
from typing import Any, Final

import orjson
import sqlalchemy as sa

from discovery.records.json_values import json_value

Convert = Callable[[Any], Any]

_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}.*", re.DOTALL)


def converter(kind: sa.types.TypeEngine[Any]) -> Convert:
    """Return what turns a value of a column of that type into JSON.

    A database without such a type keeps values in another one: SQLite has numbers for booleans and
    texts for moments and JSON.
    """
    match kind:
        case sa.Boolean():
            return _boolean
        case sa.DateTime():
            return _moment
        case sa.JSON():
            return _document
        case _:
            return json_value


def _boolean(value: Any) -> Any:
    return bool(value) if isinstance(value, int) and value in (0, 1) else json_value(value)


def _moment(value: Any) -> Any:
    """Return a moment in ISO 8601, with a T between date and time."""
    told = json_value(value)
    return told.replace(" ", "T", 1) if isinstance(told, str) and _MOMENT.fullmatch(told) else told


def _document(value: Any) -> Any:
    if not isinstance(value, str):
        return json_value(value)
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return value
