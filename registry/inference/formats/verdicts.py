"""Verdicts by the grammars that JSON Schema 2020-12 names.

These are RFC 3339 (dates, times, durations), 5321 and 6531 (e-mail), 1123 and 5890 to 5893 (host
names), 2673 and 4291 (addresses), 3986 and 3987 (URIs, IRIs), 4122 (UUIDs), 6570 with its erratum
6937 (templates), 6901 (pointers), the draft bhutton-relative-json-pointer-00 and ECMA-262 (regular
expressions). `jsonschema_rs`, the validator every record later meets, follows them but for the
points that are put right here.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Final

import jsonschema_rs

from registry.inference.formats.host_names import is_host_name, is_idn_host_name
from registry.inference.formats.unicode_properties import has_known_properties

FORMATS: Final = (
    *("date-time", "date", "time", "duration"),
    *("email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6"),
    *("uri", "uri-reference", "iri", "iri-reference", "uri-template", "uuid"),
    *("json-pointer", "relative-json-pointer", "regex"),
)

# An address alone: neither a display name nor angle brackets belong to it (RFC 5321, 4.1.2).
_MAILBOX: Final = re.compile(
    r'(?:"(?:[^"\\\x00-\x1F\x7F]|\\[^\x00-\x1F\x7F])*"|[^\x00-\x20\x7F"(),:;<>@\[\\\]]+)'
    r"@[^\x00-\x20\x7F<>]+"
)
# What neither ucschar nor iprivate of RFC 3987 cover: controls, noncharacters, specials.
_NO_LITERAL: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\ufdd0-\ufdef\ufff0-\uffff\U000e0000-\U000e0fff"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}-{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_RELATIVE_POINTER: Final = re.compile(
    r"(?:0|[1-9][0-9]*)(?:[+-][1-9][0-9]*)?(?:#|(?:/(?:[^~/\ud800-\udfff]|~[01])*)*)"
)


def is_valid(format_name: str, text: str) -> bool:
    """Tell whether a text satisfies a format; a text with a lone surrogate satisfies none.

    Raises:
        ValueError: the format is not one of JSON Schema 2020-12, `FORMATS`.
    """
    if format_name not in FORMATS:
        known = ", ".join(FORMATS)
        raise ValueError(
            f"{format_name!r} is not a format of JSON Schema 2020-12; use one of {known}"
        )
    try:
        return (_OWN.get(format_name) or acceptance(format_name))(text)
    except UnicodeEncodeError:
        return False


@cache
def acceptance(format_name: str) -> Callable[[str], bool]:
    """Return the check that a text has both the format's grammar and `jsonschema_rs` on its side.

    The check raises a UnicodeEncodeError for a lone surrogate.
    """
    accepts = _validator(format_name)
    also = _STRICTER.get(format_name) or _OWN.get(format_name)
    return (lambda text: accepts(text) and also(text)) if also else accepts


@cache
def _validator(format_name: str) -> Callable[[str], bool]:
    schema = {"format": format_name}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid


def _is_mailbox(text: str) -> bool:
    return _MAILBOX.fullmatch(text) is not None


def _is_host_name(text: str) -> bool:
    return is_host_name(text) and _validator("hostname")(text.lower())


def _has_only_literals(text: str) -> bool:
    return _NO_LITERAL.search(text) is None


def _is_relative_json_pointer(text: str) -> bool:
    return _RELATIVE_POINTER.fullmatch(text) is not None


_STRICTER: Final[dict[str, Callable[[str], bool]]] = {
    "email": _is_mailbox,
    "idn-email": _is_mailbox,
    "idn-hostname": is_idn_host_name,
    "uri-template": _has_only_literals,
    "regex": has_known_properties,
}
"""What a text must satisfy beside the validator."""

_OWN: Final[dict[str, Callable[[str], bool]]] = {
    "hostname": _is_host_name,
    "relative-json-pointer": _is_relative_json_pointer,
}
"""What decides in place of the validator, which refuses some texts that the grammar allows."""
