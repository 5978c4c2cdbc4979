"""Checks whether a text looks like a telephone number or a postal address."""

import re
from typing import Final

from registry.inference.formats import is_valid

_PHONE: Final = re.compile(
    r"(?:[Tt]el\.?:? ?)?\+?[ ]?[(]?[0-9][0-9 ().\-/\u2010-\u2013\u00a0]{4,24}[0-9)]"
    r"(?: ?(?:x|ext\.?|Ext\.?|#) ?[0-9]{1,6})?"
)
_DECIMAL: Final = re.compile(
    r"[0-9]+\.[0-9]+|[0-9]{4}[-./][0-9]{2}[-./][0-9]{2}.*|[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{4}"
)
_INTERNATIONAL: Final = re.compile(r"(?:\+|00)[1-9][0-9 ().\-/]{7,22}[0-9]")
_AREA_IN_BRACKETS: Final = re.compile(
    r"\((?:[2-9][0-9]{2}\) ?[0-9]{3}-[0-9]{4}|0[0-9]{1,5}\) ?[0-9 /-]{5,12})"
)
# The North American Numbering Plan: neither area nor exchange begins with 0 or 1.
_NORTH_AMERICAN: Final = re.compile(
    r"(?:1[-. ])?[2-9][0-9]{2}(?P<mark>[-. ])[2-9][0-9]{2}(?P=mark)[0-9]{4}(?: ?x[0-9]{1,5})?"
)

_DIGIT: Final = re.compile(r"\d")
_STREET_WORDS: Final = (
    "street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|way|court|ct|place|pl|square|sq|"
    "terrace|ter|highway|hwy|parkway|pkwy|crescent|close|grove|gardens|row|mews|trail|circle|cir|alley"
)
_NUMBER_FIRST: Final = re.compile(
    rf"\d{{1,6}}[A-Za-z]?(?:[-/]\d+)?,? (?:[\w.'’-]+ ){{1,4}}(?:{_STREET_WORDS})\b.*"
    r"|\d{1,4}(?: ?bis| ?ter)?,? (?:rue|avenue|boulevard|place|chemin|impasse|quai|allée)\b .+",
    re.IGNORECASE,
)
_NUMBER_LAST: Final = re.compile(
    r"(?:[\w.'’-]+ ){0,3}[\w'’-]*(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|damm|ufer|"
    r"straat|laan|plein|gracht|gatan|vägen|vej|gade|veien|gata|katu|tie)\s+\d{1,5} ?[a-zA-Z]?\b.*"
    r"|(?:calle|c/|avenida|av\.|avda\.|plaza|paseo|via|viale|piazza|corso|rua|travessa|praça|"
    r"ul\.|ulica) .+?,? \d{1,5}\b.*",
    re.IGNORECASE,
)
_PO_BOX: Final = re.compile(
    r"(?:P\.? ?O\.? ?Box|Postfach|Apartado|Case postale) \d+.*", re.IGNORECASE
)
_NO_ADDRESS: Final = re.compile(
    r"0x[0-9a-fA-F]+|[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5}|\S*[@\\]\S*|\S+://\S*"
)


def may_be_phone(text: str) -> bool:
    """Tell whether a text can be a telephone number, where the field's name says that it is one."""
    digits = sum(map(str.isdecimal, text))
    return (
        6 <= digits <= 17
        and _PHONE.fullmatch(text) is not None
        and _DECIMAL.fullmatch(text) is None
        and not is_valid("ipv4", text)
    )


def is_international_phone(text: str) -> bool:
    """Tell whether a text is a telephone number with its country's or a bracketed area's code."""
    if _AREA_IN_BRACKETS.fullmatch(text):
        return True
    return _INTERNATIONAL.fullmatch(text) is not None and 9 <= sum(map(str.isdecimal, text)) <= 17


def is_north_american_phone(text: str) -> bool:
    """Tell whether a text is written as a telephone number of North America."""
    return _NORTH_AMERICAN.fullmatch(text) is not None


def may_be_address(text: str) -> bool:
    """Tell whether a text can be a postal address, where the field's name says that it is one."""
    if not 4 <= len(text) <= 300 or _NO_ADDRESS.fullmatch(text) or is_valid("ipv6", text):
        return False
    return is_address(text) or (
        sum(map(str.isalpha, text)) >= 3
        and any(map(str.isdecimal, text))
        and any(mark in text for mark in " ,\n")
    )


def may_be_street(text: str) -> bool:
    """Tell whether a text can be a street, with or without a number."""
    return (
        3 <= len(text) <= 200
        and text[0].isalnum()
        and not _NO_ADDRESS.fullmatch(text)
        and (sum(map(str.isalpha, text)) >= 3)
    )


def is_address(text: str) -> bool:
    """Tell whether a text is written as a street with a number, or as a post-office box."""
    if _DIGIT.search(text) is None:
        return False
    line = text.replace("\n", ", ")
    return any(grammar.fullmatch(line) for grammar in (_NUMBER_FIRST, _NUMBER_LAST, _PO_BOX))
