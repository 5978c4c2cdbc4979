"""The one format a string unmistakably shows.

Recognised is what satisfies both the format's grammar and the validator that every record later
meets, so a format that is inferred can never be refused.
"""

import re
from collections.abc import Iterable
from typing import Final

from registry.inference.formats.verdicts import acceptance

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
    looks_so, accepts = re.compile(_LOOKS[format_name]).fullmatch, acceptance(format_name)
    try:
        return all(
            len(text) <= LONGEST_RECOGNISED and looks_so(text) and accepts(text) for text in texts
        )
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
