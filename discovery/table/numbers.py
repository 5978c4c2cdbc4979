"""Numbers as people and programs write them."""

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import Final

from discovery.table.column_class import ColumnClass, Plain, Reading

_CURRENCY: Final = (
    r"(?:US\$|A\$|C\$|R\$|[$€£¥₹₽₩₪₺฿]|USD|EUR|GBP|JPY|CHF|CNY|INR|CAD|AUD|SEK|NOK|DKK|PLN|kr|zł)"
)
_SIGN: Final = r"[+\-−]?"
_SPACES: Final = "[ \u00a0\u2009\u202f]"
_EXPONENT: Final = r"(?:[eE][+-]?\d{1,3})"

_LEADING_ZERO: Final = re.compile(rf"{_SIGN}0\d+")
_DIALLED: Final = re.compile(r"\+\d{7,}")
_BARE_EXPONENT: Final = re.compile(r"[+-]?\d+[eE][+-]?\d+")
_CANONICAL_INTEGER: Final = re.compile(r"0|-?[1-9]\d*")
_CANONICAL_NUMBER: Final = re.compile(rf"-?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+){_EXPONENT}?")
_UNGROUPED: Final = re.compile(r"(?<!\d)[1-9]\d{3,}")
_DECORATION: Final = re.compile(rf"{_CURRENCY}|[%‰()]")
_FRACTIONAL: Final = re.compile(rf"{_CURRENCY}|[%‰eE]")
_MOST_64_BIT_DIGITS: Final = 18


@dataclass(frozen=True, kw_only=True)
class NumberStyle:
    """A way to write numbers."""

    whole: str
    """Regular expression of the digits before the decimals, without a sign."""
    decimals: str
    """Regular expression of the decimals and the exponent."""
    point: str = "."
    """The decimal sign."""

    def pattern(self, *, decorated: bool) -> str:
        """Return the regular expression of a cell: with currency and percent signs if decorated."""
        number = f"(?:{self.whole}(?:{self.decimals})?|{self.decimals})"
        space = f"{_SPACES}*"
        if not decorated:
            return f"{space}{_SIGN}{number}{space}"
        before, after = rf"(?:{_CURRENCY}{space})?", rf"(?:{space}(?:{_CURRENCY}|[%‰]))?"
        signed = f"{_SIGN}{space}{before}{_SIGN}{number}{after}"
        return rf"{space}(?:{signed}|\({before}{number}{after}\)){space}"

    def matches_all(self, texts: Iterable[str], *, decorated: bool) -> bool:
        """Return whether every text is a number of this style."""
        matches = re.compile(self.pattern(decorated=decorated)).fullmatch
        return all(matches(text) for text in texts)


def _grouped(separator: str) -> str:
    return rf"(?:[1-9]\d{{0,2}}(?:{separator}\d{{3}})+|\d+)"


PLAIN: Final = NumberStyle(
    whole=r"\d+", decimals=rf"(?:\.\d+{_EXPONENT}?|\.{_EXPONENT}?|{_EXPONENT})"
)
COMMA_GROUPS: Final = NumberStyle(whole=_grouped(","), decimals=r"\.\d+")
DECIMAL_COMMA: Final = NumberStyle(whole=_grouped(r"\."), decimals=rf",\d+{_EXPONENT}?", point=",")
STYLES: Final = (
    PLAIN,
    COMMA_GROUPS,
    DECIMAL_COMMA,
    NumberStyle(whole=_grouped(_SPACES), decimals=r"\.\d+"),
    NumberStyle(whole=_grouped(_SPACES), decimals=r",\d+", point=","),
    NumberStyle(whole=_grouped("['’]"), decimals=r"\.\d+"),
)
"""The ways to write numbers, the likeliest first."""


def number_readings(texts: Set[str], delimiter: str = ",") -> list[Reading]:
    """Return the ways to read all texts as numbers, the likeliest first; none if there is none.

    A leading zero marks a code (a zip code, an account), unless decimals follow, and so do digits
    after a plus sign that are as many as in a telephone number. Where every comma may group
    digits as well as begin decimals ("1,234"), both readings are returned, the decimal comma
    first if semicolons delimit the cells. Beside thousands without a comma ("12345") such a comma
    is neither, nor is a comma in few texts of a table whose cells commas delimit: it separates the
    items of a list.
    """
    if not all(any(sign.isdecimal() for sign in text) for text in texts):
        return []
    if any(has_leading_zeros(text) or _DIALLED.fullmatch(text.strip()) for text in texts):
        return []
    if all(_BARE_EXPONENT.fullmatch(text) or text.startswith("(") for text in texts):
        return []
    decorated = any(_DECORATION.search(text) for text in texts)
    styles = [style for style in STYLES if style.matches_all(texts, decorated=decorated)]
    readings = [_reading(style, texts, decorated) for style in styles]
    if styles[:1] == [DECIMAL_COMMA] and delimiter == "," and _is_rare(",", texts):
        return []
    if styles[:2] != [COMMA_GROUPS, DECIMAL_COMMA]:
        return readings[:1]
    if delimiter == ";":
        return [readings[1], readings[0]]
    return [] if any(_UNGROUPED.search(text) for text in texts) else readings[:2]


def _is_rare(mark: str, texts: Set[str]) -> bool:
    return 0 < 2 * sum(mark in text for text in texts) < len(texts)


def has_leading_zeros(text: str) -> bool:
    """Return whether a text is digits after a zero, as codes are written."""
    return _LEADING_ZERO.fullmatch(text.strip()) is not None


def _reading(style: NumberStyle, texts: Set[str], decorated: bool) -> Reading:
    whole = not any(style.point in text or _FRACTIONAL.search(text) for text in texts)
    kind = ColumnClass.INTEGER if whole else ColumnClass.NUMBER
    if style is PLAIN and not decorated:
        if whole and max(map(_digits, texts)) > _MOST_64_BIT_DIGITS:
            return Reading(
                kind=kind, value=_guarded(rf" *{_SIGN}\d+ *", "{v}", "DOUBLE"), exact=False
            )
        canonical = _CANONICAL_INTEGER if whole else _CANONICAL_NUMBER
        if all(canonical.fullmatch(text) for text in texts):
            if whole:
                return Reading(kind=kind, value=_WHOLE, plain=Plain.INTEGER)
            return Reading(kind=kind, value=_FRACTION, plain=Plain.NUMBER)
    digits = "{v}"
    if style.point == ",":
        digits = f"replace(replace({digits}, '.', ''), ',', '.')"
    strange = "[^0-9.+-]" if decorated else "[^0-9.eE+-]"
    digits = f"regexp_replace(replace({digits}, '−', '-'), '{strange}', '', 'g')"
    if decorated:
        digits = f"if(contains({{v}}, '('), '-', '') || {digits}"
    pattern = style.pattern(decorated=decorated)
    if whole:
        pattern = pattern.replace(style.decimals, r"[^\s\S]")
    return Reading(kind=kind, value=_guarded(pattern, digits, "BIGINT" if whole else "DOUBLE"))


def _digits(text: str) -> int:
    return sum(sign.isdecimal() for sign in text)


_WHOLE: Final = "CASE WHEN TRY_CAST({v} AS BIGINT)::VARCHAR = {v} THEN TRY_CAST({v} AS BIGINT) END"
"""The integer of a text that is written in no other way than DuckDB would write it."""

_FRACTION: Final = (
    "CASE WHEN isfinite(TRY_CAST({v} AS DOUBLE)) AND NOT contains({v}, '_')"
    " AND NOT ({v} >= '00' AND {v} < '0:') AND NOT ({v} >= '-00' AND {v} < '-0:')"
    " AND NOT ({v} >= '+' AND {v} < ',') THEN TRY_CAST({v} AS DOUBLE) END"
)
"""The number of a text, unless it begins with a plus or a zero before digits.

Comparisons tell prefixes far faster than regular expressions: a text between "00" and "0:",
the character after "9", is a zero and a digit.
"""


def _guarded(pattern: str, digits: str, type_: str) -> str:
    escaped = pattern.replace("'", "''")
    return f"CASE WHEN regexp_full_match({{v}}, '{escaped}') THEN TRY_CAST({digits} AS {type_}) END"
