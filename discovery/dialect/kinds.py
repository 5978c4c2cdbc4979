"""What a cell looks like: a number, a date, an address or just text."""

import re
from functools import lru_cache

_DATE = (
    r"\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d\d)"
    r"|\d{1,2}[-/. ][A-Za-z]{3,9}[-/., ]{1,2}\d{2,4}|[A-Za-z]{3,9}[-. ]\d{1,2}, ?\d{4}"
    r"|[A-Z][a-z]{2}[- ]\d{2,4}|\d{4}-?Q[1-4]|Q[1-4][- ]\d{4}"
)
_TIME = (
    r"\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?[AaPp]\.?[Mm]\.?)?"
    r"(?: ?(?:Z|UTC|GMT|[-+]\d\d(?::?\d\d)?))?"
)
_NUMBER = (
    r"[-+(]?[$€£¥]? ?[-+]?(?:\d{1,3}(?:[,.' \u00a0\u202f]\d{3})+|\d+)?(?<=\d)(?:[.,]\d*)?"
    r"(?:[eE][-+]?\d+)?\)? ?[%$€£¥]?|[-+]?[$€£¥]? ?[.,]\d+(?:[eE][-+]?\d+)?%?|[-+]?(?:inf|Inf)"
)
_KINDS = re.compile(
    r"(?P<missing>NA|N/A|n/a|NULL|Null|null|None|none|NaN|nan|NAN|-{1,3}|\?|#N/A|\\N|\.\.?|n\.a\.)"
    rf"|(?P<number>{_NUMBER})"
    rf"|(?P<datetime>(?:{_DATE})(?:[T ]| - )(?:{_TIME}))|(?P<date>{_DATE})|(?P<time>{_TIME})"
    r"|(?P<boolean>true|false|TRUE|FALSE|True|False|yes|no|Yes|No|YES|NO|[YN])"
    r"|(?P<address>[a-z][a-z0-9+.-]{1,12}://\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\d{1,3}(?:\.\d{1,3}){3}"
    r"|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2})"
)
SPECIFIC = frozenset({"number", "datetime", "date", "time", "address", "boolean"})
"""The kinds that a name of a column seldom has."""


@lru_cache(maxsize=16384)
def kind_of(cell: str) -> str:
    """Return the kind of a cell: "empty", "missing", "text" or one of the specific kinds."""
    cell = cell.strip()
    if not cell:
        return "empty"
    if len(cell) > 200:
        return "text"
    found = _KINDS.fullmatch(cell)
    return (found.lastgroup or "text") if found else "text"
