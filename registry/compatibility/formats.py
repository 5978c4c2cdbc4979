"""What the validator makes of formats, encodings and patterns, asked of the validator itself."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import jsonschema_rs

from registry.compatibility.undecided import Undecided

VALIDATORS: Final[dict[int, Callable[..., jsonschema_rs.Validator]]] = {
    4: jsonschema_rs.Draft4Validator,
    6: jsonschema_rs.Draft6Validator,
    7: jsonschema_rs.Draft7Validator,
    2019: jsonschema_rs.Draft201909Validator,
    2020: jsonschema_rs.Draft202012Validator,
}
_IMPROPER: Final = ("", " ", "\\", "[", "{", "a b", "~2", "/~2", "%", "\x7f", "-", "😀", "x" * 300)
"""Texts of which every format rejects one."""

SAMPLES: Final[dict[str, tuple[str, ...]]] = {
    "date-time": ("2024-02-29T12:30:00Z", "1999-12-31T23:59:59.5+01:00", "0001-01-01T00:00:00Z"),
    "date": ("2024-02-29", "1999-12-31", "0001-01-01"),
    "time": ("12:30:00Z", "23:59:59.5+01:00", "00:00:00Z"),
    "duration": ("P1D", "PT1H30M", "P1Y2M3D"),
    "email": ("a@example.com", "first.last@example.org", "x@y.zz"),
    "idn-email": ("a@example.com", "é@example.com", "x@y.zz"),
    "hostname": ("example.com", "a", "www.example.org"),
    "idn-hostname": ("example.com", "bücher.example", "a"),
    "ipv4": ("192.0.2.1", "10.0.0.1", "255.255.255.255"),
    "ipv6": ("::1", "2001:db8::1", "fe80::1:2:3"),
    "uri": ("https://example.com/a", "urn:x:y", "http://a.b"),
    "uri-reference": ("https://example.com/a", "a", "#a", "/a/b"),
    "iri": ("https://example.com/a", "https://example.com/é", "urn:x:y"),
    "iri-reference": ("https://example.com/a", "é", "#a", "a"),
    "uri-template": ("https://example.com/{id}", "a", "{a}"),
    "uuid": ("12345678-1234-4234-8234-123456789abc", "ABCDEFAB-1234-1234-9234-ABCDEFABCDEF"),
    "json-pointer": ("/a", "", "/a/0"),
    "relative-json-pointer": ("0", "1/a", "0#"),
    "regex": ("a", "^[a-z]+$", ""),
}
"""Texts of each format, with which a search for a document begins."""

SHAPES: Final[dict[str, str]] = {
    "date": r"^[\s\S]{4}-[\s\S]{2}-[\s\S]{2}$",
    "date-time": r"^[\s\S]{4}-[\s\S]{2}-[\s\S]{2}[\s\S]+$",
    "time": r"^[\s\S]{2}:[\s\S]{2}:[\s\S]+$",
    "duration": r"^P[0-9YMWDTHS]+$",
    "email": r"@",
    "idn-email": r"@",
    "ipv4": r"^\d{1,3}(\.\d{1,3}){3}$",
    "ipv6": r"^[0-9A-Fa-f:.]{2,45}$",
    "uri": r"^[A-Za-z][A-Za-z0-9+.-]*:",
    "iri": r"^[A-Za-z][A-Za-z0-9+.-]*:",
    "uuid": r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
    "hostname": r"^[A-Za-z0-9.-]{1,254}$",
    "json-pointer": r"^(/.*)?",
    "relative-json-pointer": r"^\d",
}
"""A pattern that every text of the format matches: what a format is known to rule out.

Not what the standards say but what the validator does: it takes "19,9-12-31" for a date.
"""

IMPLIED: Final = frozenset(
    (
        ("uri", "iri"),
        ("uri", "uri-reference"),
        ("uri", "iri-reference"),
        ("iri", "iri-reference"),
        ("uri-reference", "iri-reference"),
    )
)
"""Pairs of formats of which the first implies the second."""


def is_asserted(name: str, draft: int) -> bool:
    """Tell whether the validator checks a format in schemas of a draft."""
    return not all(_holds(draft, (("format", name),), text) for text in _IMPROPER)


def has_format(name: str, text: str) -> bool:
    """Tell whether a text satisfies a format that the validator checks."""
    return _holds(2020, (("format", name),), text)


def has_content(content: tuple[str, str], text: str) -> bool:
    """Tell whether a text is of an encoding and a media type, as far as the validator checks."""
    named = zip(("contentEncoding", "contentMediaType"), content, strict=True)
    return _holds(7, tuple((keyword, value) for keyword, value in named if value), text)


def is_content_asserted(content: tuple[str, str]) -> bool:
    """Tell whether the validator checks both an encoding and a media type, where they are given."""
    alone = (content[0], ""), ("", content[1])
    return all(
        not any(each) or not all(has_content(each, text) for text in _IMPROPER) for each in alone
    )


def matches(pattern: str, text: str) -> bool:
    """Tell whether a text matches a pattern.

    Raises:
        Undecided: the pattern is no regular expression, or the text has half a surrogate pair.
    """
    return _holds(2020, (("pattern", pattern),), text)


def _holds(draft: int, keywords: tuple[tuple[str, str], ...], text: str) -> bool:
    try:
        return _check(draft, keywords)(text)
    except ValueError:
        keyword, value = keywords[0]
        raise Undecided(f"{keyword} {value!r:.100}") from None


@lru_cache(maxsize=4096)
def _check(draft: int, keywords: tuple[tuple[str, str], ...]) -> Callable[[Any], bool]:
    return VALIDATORS[draft](dict(keywords), validate_formats=True).is_valid
