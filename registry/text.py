"""The text and JSON that may enter an event, guarded once, before the event is made."""

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import orjson
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from registry.errors import InvalidValue

MAX_DEPTH = 128
"""Levels of nesting that a JSON value in an event may have."""

_DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CONTAINERS = (dict, list)
_ESCAPED_NUL = b"\\u0000"


def storable(text: str) -> str:
    """Return `text` if Postgres and UTF-8 can hold it.

    Raises:
        InvalidValue: it has a NUL character or half of a surrogate pair.
    """
    if found := _UNSTORABLE.search(text):
        raise InvalidValue(
            place=f"character {found.start()}",
            reason=f"U+{ord(found[0]):04X} cannot be stored; leave it out",
        )
    return text


def storable_json(value: Any) -> Any:
    """Return `value` if every text, number and level in it can be stored and read back as it is.

    Raises:
        InvalidValue: with the JSON pointer of the first place that cannot.
    """
    # What JSON gives back as it was is storable; if it does not, a closer look tells why not.
    if not (_reads_back(value) and _is_within(MAX_DEPTH, value)):
        _require_storable("", value, 0)
    return value


def _reads_back(value: Any) -> bool:
    """Tell whether JSON gives back what it was written from, which NaN and half pairs do not."""
    try:
        written = orjson.dumps(value)
    except orjson.JSONEncodeError:
        return False
    return _ESCAPED_NUL not in written and bool(orjson.loads(written) == value)


def _is_within(levels: int, value: Any) -> bool:
    """Tell whether a value is nested in no more than so many levels."""
    level = [value] if isinstance(value, _CONTAINERS) else []
    while level and levels:
        levels -= 1
        level = [
            child
            for parent in level
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, _CONTAINERS)
        ]
    return not level


def _require_storable(pointer: str, value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise _unstorable(pointer, f"nested more than {MAX_DEPTH} levels deep")
    match value:
        case None | bool():
            pass
        case str():
            _require_storable_text(pointer, value)
        case int() if not -(2**63) <= value < 2**64:
            raise _unstorable(pointer, "the integer needs more than 64 bits")
        case float() if not math.isfinite(value):
            raise _unstorable(pointer, "JSON has no NaN or infinity")
        case int() | float():
            pass
        case dict():
            for key, child in value.items():
                if not isinstance(key, str):
                    raise _unstorable(pointer, f"JSON has no keys such as {key!r:.40}")
                _require_storable_text(pointer, key)
                _require_storable(f"{pointer}/{escaped(key)}", child, depth + 1)
        case list():
            for index, child in enumerate(value):
                _require_storable(f"{pointer}/{index}", child, depth + 1)
        case _:
            raise _unstorable(pointer, f"JSON has no {type(value).__name__}")


def _require_storable_text(pointer: str, text: str) -> None:
    if found := _UNSTORABLE.search(text):
        raise _unstorable(pointer, f"U+{ord(found[0]):04X} cannot be stored; leave it out")


def _unstorable(pointer: str, reason: str) -> InvalidValue:
    return InvalidValue(place=pointer or "/", reason=reason)


def _date_time(value: Any) -> Any:
    """Return what may be a date-time; pydantic would take seconds since 1970 as well."""
    if isinstance(value, datetime) or (isinstance(value, str) and _DATE_TIME.match(value)):
        return value
    raise ValueError("must be a date-time with an offset, such as 2026-01-31T12:00:00Z")


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be within the years 1 to 9999, also in UTC") from None


def escaped(key: str) -> str:
    """Escape a JSON pointer's token (RFC 6901, section 3)."""
    return key.replace("~", "~0").replace("/", "~1")


def pointer_of(steps: Iterable[object]) -> str:
    """Return the JSON pointer (RFC 6901) that leads along keys and indexes."""
    return "".join(f"/{escaped(str(step))}" for step in steps)


def steps_in(pointer: str) -> list[str]:
    """Return the keys and indexes along which a JSON pointer leads."""
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


def _not_blank(text: str) -> str:
    stripped = text.strip()
    if not any(map(str.isprintable, stripped.replace(" ", ""))):
        raise ValueError("must not be blank")
    return stripped


Text = Annotated[str, Field(max_length=10_000), AfterValidator(storable)]
"""Free text of at most 10 000 characters."""

Name = Annotated[
    str, Field(min_length=1, max_length=200), AfterValidator(storable), AfterValidator(_not_blank)
]
"""A name of 1 to 200 characters, without white space around it."""

Reason = Annotated[
    str,
    Field(min_length=1, max_length=10_000),
    AfterValidator(storable),
    AfterValidator(_not_blank),
]
"""Why something is done, in words that stay on record."""

SLUG: Final = r"^[a-z][a-z0-9_]{1,62}$"

Slug = Annotated[str, Field(pattern=SLUG)]
"""An identifier such as `jira_issues`: 2 to 63 lower-case letters, digits and underscores."""

Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_date_time),
    AfterValidator(_in_utc),
]
"""A moment as in RFC 3339, or a datetime that has an offset; in UTC."""

Tags = Annotated[list[Slug], Field(max_length=50)]
"""At most 50 tags."""

JsonObject = Annotated[dict[str, Any], AfterValidator(storable_json)]
"""A JSON object that can be stored and read back unchanged."""
