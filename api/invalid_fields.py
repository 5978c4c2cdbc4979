"""Where a request differs from its description: pydantic's findings as JSON Pointers.

A place in the body is a JSON Pointer (RFC 6901) in its URI fragment form, as in RFC 9457's own
example (``#/checks/0/score``); a place outside the body is the name of the parameter.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from fastapi.exceptions import RequestValidationError

from registry.text import escaped

MAX_FIELDS = 20
MAX_TEXT = 200  # characters; a name or a finding may quote the request


def invalid_fields(error: RequestValidationError) -> list[dict[str, str]]:
    """Return the first `MAX_FIELDS` places at fault, each with what is wrong there.

    Example:
        ``[{"pointer": "#/stage", "detail": "Field required"},
        {"parameter": "limit", "detail": "Input should be greater than 0"}]``
    """
    return [_invalid_field(finding, error.body) for finding in error.errors()[:MAX_FIELDS]]


def _invalid_field(finding: Mapping[str, Any], body: Any) -> dict[str, str]:
    place, *path = finding["loc"]
    detail = _shortened(finding["msg"].removeprefix("Value error, "))
    if finding["type"] == "json_invalid":
        return {
            "pointer": "#",
            "detail": f"{detail} at character {path[0]}: {finding['ctx']['error']}",
        }
    if place == "body":
        return {"pointer": _pointer(path, body, finding["type"]), "detail": detail}
    return {"parameter": _shortened(".".join(map(str, path))), "detail": detail}


def _pointer(path: Sequence[str | int], body: Any, finding: str) -> str:
    """Return the pointer to the place, leaving out the names pydantic gives to union branches."""
    pointer, value = "#", body
    for index, step in enumerate(path):
        is_missing = finding == "missing" and index == len(path) - 1
        if is_missing or _holds(value, step):
            pointer += "/" + _as_fragment(step)
            value = None if is_missing else value[step]
    return _shortened(pointer)


def _holds(value: Any, step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)


def _as_fragment(step: str | int) -> str:
    return quote(escaped(str(step)), safe="~", errors="replace")


def _shortened(text: str) -> str:
    """Return the text, or its beginning and end, for a place comes first and the reason last."""
    half = MAX_TEXT // 2
    return text if len(text) <= MAX_TEXT else f"{text[:half]}…{text[1 - half :]}"
