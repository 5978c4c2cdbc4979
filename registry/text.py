"""The text and JSON that may enter an event, guarded once, before the event is made."""

import math
import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from registry.errors import InvalidValue

MAX_DEPTH = 64
"""Levels of nesting that a JSON value in an event may have."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


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
    unchecked: list[tuple[str, int, Any]] = [("", 0, value)]
    while unchecked:
        pointer, depth, part = unchecked.pop()
        if depth > MAX_DEPTH:
            raise InvalidValue(place=pointer, reason=f"nested more than {MAX_DEPTH} levels deep")
        match part:
            case str():
                _storable_at(pointer, part)
            case float() if not math.isfinite(part):
                raise InvalidValue(place=pointer, reason="JSON has no NaN or infinity")
            case int() if not -(2**63) <= part < 2**64:
                raise InvalidValue(place=pointer, reason="the integer needs more than 64 bits")
            case dict():
                for key, child in part.items():
                    _storable_at(pointer, key)
                    unchecked.append((f"{pointer}/{_escaped(key)}", depth + 1, child))
            case list() | tuple():
                unchecked.extend(
                    (f"{pointer}/{index}", depth + 1, child) for index, child in enumerate(part)
                )
    return value


def _storable_at(pointer: str, text: str) -> None:
    if found := _UNSTORABLE.search(text):
        reason = f"U+{ord(found[0]):04X} cannot be stored; leave it out"
        raise InvalidValue(place=pointer or "/", reason=reason)


def _escaped(key: str) -> str:
    """Escape a JSON pointer's token (RFC 6901, section 3)."""
    return key.replace("~", "~0").replace("/", "~1")


def _not_blank(text: str) -> str:
    stripped = text.strip()
    if not stripped:
        raise ValueError("must not be blank")
    return stripped


Text = Annotated[str, Field(max_length=10_000), AfterValidator(storable)]
"""Free text of at most 10 000 characters."""

Name = Annotated[
    str, Field(min_length=1, max_length=200), AfterValidator(storable), AfterValidator(_not_blank)
]
"""A name of 1 to 200 characters, without white space around it."""

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,62}$")]
"""An identifier such as `jira_issues`: 2 to 63 lower-case letters, digits and underscores."""

JsonObject = Annotated[dict[str, Any], AfterValidator(storable_json)]
"""A JSON object that can be stored and read back unchanged."""
