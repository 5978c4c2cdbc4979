"""MongoDB's extended JSON: `{"$oid": "5f…"}` and the like as the values they stand for.

Both its forms are understood, canonical and relaxed (specification "Extended JSON", version 2).
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

MARK: Final = b'"$'
"""What a text of extended JSON has somewhere; no other text need be looked through."""


def plain(value: Any) -> Any:
    """Return a value with plain ones in place of extended ones; what is malformed stays."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((key, content),) = value.items()
        if key in _READERS:
            try:
                return _READERS[key](content)
            except (ValueError, TypeError, OverflowError, KeyError):
                return value
    return {key: plain(each) for key, each in value.items()}


def _date(content: Any) -> str:
    if isinstance(content, str):
        return content
    milliseconds = int(content["$numberLong"]) if isinstance(content, dict) else int(content)
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _text(content: Any) -> str:
    if not isinstance(content, str):
        raise TypeError(content)
    return content


_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "$oid": _text,
    "$date": _date,
    "$numberInt": int,
    "$numberLong": int,
    "$numberDouble": float,
    "$numberDecimal": float,
    "$uuid": _text,
    "$symbol": _text,
}
