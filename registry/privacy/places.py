"""Checks whether a text is a position, a code of a country or currency, a path or a day."""

import re
from typing import Final

from registry.privacy.codes import (
    COUNTRIES_BY_THREE_LETTERS,
    COUNTRIES_BY_TWO_LETTERS,
    CURRENCIES,
)

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]+)?")
_PAIR: Final = re.compile(
    r"[(\[]?([+-]?[0-9]{1,3}\.[0-9]{2,})[,; ] ?([+-]?[0-9]{1,3}\.[0-9]{2,})[)\]]?"
)
_DEGREES: Final = re.compile(
    r"[0-9]{1,3}° ?[0-9]{1,2}['′] ?(?:[0-9]{1,2}(?:\.[0-9]+)?[\"″] ?)?[NSEWO]"
    r"(?:[, ]+[0-9]{1,3}° ?[0-9]{1,2}['′] ?(?:[0-9]{1,2}(?:\.[0-9]+)?[\"″] ?)?[NSEWO])?"
)
_POINT: Final = re.compile(r"POINT ?\(([+-]?[0-9.]+) ([+-]?[0-9.]+)\)", re.IGNORECASE)

_ROOTS: Final = (
    "usr|home|var|etc|opt|tmp|mnt|data|srv|s?bin|lib|dev|root|Users|Volumes|Library|System|proc|run|"
    "Applications|media|boot|sys|workspace"
)
_ABSOLUTE_PATH: Final = re.compile(
    rf"/(?:{_ROOTS})(?:/[^/\0\n]+)+/?|[A-Za-z]:[\\/](?:[^\\/:*?\"<>|\n]+[\\/]?)+"
    r"|\\\\[\w.$-]+(?:\\[^\\/:*?\"<>|\n]+)+|(?:/[^/\0\n?#]+)+/[^/\0\n?#]*\.[A-Za-z][A-Za-z0-9]{0,4}"
    r"|(?:~|\.\.?)(?:/[^/\0\n]+)+/?"
)
_RELATIVE_PATH: Final = re.compile(
    r"(?:[^/\\\0\n:?#@]+[/\\])+[^/\\\0\n:?#@]*\.[A-Za-z][A-Za-z0-9]{0,9}"
)
_ANY_PATH: Final = re.compile(
    r"[^/\\\0\n:?#@]+\.[A-Za-z][A-Za-z0-9]{0,9}|/?[\w. -]+(?:[/\\][\w. ()-]+)+[/\\]?|/[\w. -]+/?"
)
_DATE: Final = re.compile(
    r"[0-9]{4}[-/. ]?[0-9]{2}[-/. ]?[0-9]{2}(?:[T ][0-9:.]+(?:Z|[+-][0-9:]+)?)?"
    r"|[0-9]{1,2}[-/. ]+(?:[0-9]{1,2}|[^\W\d_]{3,10}\.?)[-/., ]+(?:[0-9]{4}|[0-9]{2})"
    r"|[^\W\d_]{3,10}\.? [0-9]{1,2},? [0-9]{4}"
)


def is_latitude(text: str) -> bool:
    """Tell whether a text is a number of degrees within ±90, or degrees, minutes and seconds."""
    return _is_within(90, text) or _DEGREES.fullmatch(text) is not None


def is_longitude(text: str) -> bool:
    """Tell whether a text is a number of degrees within ±180, or degrees, minutes and seconds."""
    return _is_within(180, text) or _DEGREES.fullmatch(text) is not None


def is_position(text: str) -> bool:
    """Tell whether a text is a pair of a latitude and a longitude, in either order."""
    if _DEGREES.fullmatch(text):
        return True
    found = _PAIR.fullmatch(text) or _POINT.fullmatch(text)
    if not found:
        return False
    smaller, larger = sorted(abs(float(each)) for each in found.groups() if each.count(".") <= 1)
    return smaller <= 90 and larger <= 180


def has_fraction(text: str) -> bool:
    """Tell whether a text is a decimal number with digits behind the point that are not all 0."""
    return "." in text and text.partition(".")[2].strip("0") != ""


def is_country_code(text: str) -> bool:
    """Tell whether a text is a country's code of two or three letters, all of the same case."""
    return (text.isupper() or text.islower()) and (
        text.upper() in COUNTRIES_BY_TWO_LETTERS or text.upper() in COUNTRIES_BY_THREE_LETTERS
    )


def is_currency_code(text: str) -> bool:
    """Tell whether a text is a currency's code, all letters of the same case."""
    return (text.isupper() or text.islower()) and text.upper() in CURRENCIES


def is_absolute_path(text: str) -> bool:
    """Tell whether a text is a path from a root, a drive, a share, or with `.` or `~` in front."""
    return _ABSOLUTE_PATH.fullmatch(text) is not None


def is_file_path(text: str) -> bool:
    """Tell whether a text is a path from a root, or one below a folder to a file with a suffix."""
    return is_absolute_path(text) or _RELATIVE_PATH.fullmatch(text) is not None


def may_be_path(text: str) -> bool:
    """Tell whether a text can be a path or file name, where the field's name says it is one."""
    return is_file_path(text) or _ANY_PATH.fullmatch(text) is not None


def is_date(text: str) -> bool:
    """Tell whether a text is written as a day, in the spellings in use, perhaps with a time."""
    return _DATE.fullmatch(text) is not None


def _is_within(limit: int, text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None and abs(float(text)) <= limit
