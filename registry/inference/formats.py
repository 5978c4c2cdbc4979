"""The formats of JSON Schema 2020-12: which strings satisfy them, which one a string shows.

Verdicts come from `jsonschema_rs`, the validator every record later meets: a format that is
inferred here can never be refused there. It follows the grammars the specification names:
RFC 3339 (dates, times, durations), 5321 and 6531 (e-mail), 1123 and 5890 (host names), 2673 and
4291 (addresses), 3986 and 3987 (URIs, IRIs), 4122 (UUIDs), 6570 (templates), 6901 (pointers) and
ECMA-262 (regular expressions).
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

import jsonschema_rs

FORMATS: Final = (
    *("date-time", "date", "time", "duration"),
    *("email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6"),
    *("uri", "uri-reference", "iri", "iri-reference", "uri-template", "uuid"),
    *("json-pointer", "relative-json-pointer", "regex"),
)

LONGEST_RECOGNISED: Final = 2048
"""Characters beyond which no format is looked for: such a text is content, not an identifier."""

# Cheap necessary conditions: they keep most texts from the full grammar and everyday ones out.
_LOOKS: Final = {
    "date-time": r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt].+",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "time": r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[+-].+)",
    "duration": r"P[0-9TYMWDHS]+",
    "uuid": r"[0-9A-Fa-f]{8}-.{27}",
    "ipv4": r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}",
    "ipv6": r"[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]*",
    "uri": r"(?:[A-Za-z][A-Za-z0-9+.-]*://|(?:data|mailto|tel|urn):).+",
    "email": r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}",
}
_ANY_LOOK: Final = re.compile("|".join(_LOOKS.values()))


def is_valid(format_name: str, text: str) -> bool:
    """Tell whether a text satisfies a format; a text with a lone surrogate satisfies none.

    Raises:
        ValueError: the format is not one of JSON Schema 2020-12, `FORMATS`.
    """
    try:
        return _validator(format_name).is_valid(text)
    except UnicodeEncodeError:
        return False


def recognise(text: str) -> str | None:
    """Return the one format a text unmistakably shows, or None.

    Narrower than `is_valid`, so that at most one format fits and everyday text shows none: host
    names are left out because most plain words are valid ones, a URI needs `//` or a scheme that
    never needs it (data, mailto, tel, urn), an e-mail address a domain that ends in letters.
    """
    if _ANY_LOOK.fullmatch(text) is None:
        return None
    return next((name for name in _LOOKS if all_show(name, [text])), None)


def all_show(format_name: str, texts: Iterable[str]) -> bool:
    """Tell whether every text shows the format, one of those that `recognise` returns."""
    looks_so = re.compile(_LOOKS[format_name]).fullmatch
    return all(
        len(text) <= LONGEST_RECOGNISED and looks_so(text) and is_valid(format_name, text)
        for text in texts
    )


@cache
def _validator(format_name: str) -> jsonschema_rs.Draft202012Validator:
    if format_name not in FORMATS:
        known = ", ".join(FORMATS)
        raise ValueError(
            f"{format_name!r} is not a format of JSON Schema 2020-12; use one of {known}"
        )
    return jsonschema_rs.Draft202012Validator({"format": format_name}, validate_formats=True)
