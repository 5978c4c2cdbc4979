"""The ways to write dates, times, and months."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from discovery.table.column_class import ColumnClass

_MONTHS: Final = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
]
_PARTS: Final = {
    "%Y": r"(?P<year>\d{4})",
    "%y": r"(?P<year>\d{2})",
    "%m": r"(?P<month>1[0-2]|0?[1-9])",
    "%d": r"(?P<day>3[01]|[12]\d|0?[1-9])",
    "%b": r"(?P<name>(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))",
    "%B": r"(?P<name>(?i:january|february|march|april|may|june|july|august|september|october"
    r"|november|december))",
    "%a": r"(?i:mon|tue|wed|thu|fri|sat|sun)",
    "%A": r"(?i:monday|tuesday|wednesday|thursday|friday|saturday|sunday)",
    "%H": r"(?:2[0-3]|[01]?\d)",
    "%I": r"(?:1[0-2]|0?[1-9])",
    "%M": r"[0-5]\d",
    "%S": r"[0-5]\d",
    "%f": r"\d{1,9}",
    "%p": r"(?i:[ap]m)",
    "%z": r"(?:Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)",
}
_DIRECTIVE: Final = re.compile("%[A-Za-z]")


@dataclass(frozen=True, kw_only=True)
class Format:
    """A way to write a date, a time or both."""

    kind: ColumnClass
    directives: str
    """The format with the directives of `strptime`."""
    padded: bool = False
    """Whether days and months always have two digits."""

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    @cached_property
    def pattern(self) -> str:
        """The regular expression of a text in this format, the same in Python and in RE2."""
        place, pattern = 0, ""
        for found in _DIRECTIVE.finditer(self.directives):
            pattern += re.escape(self.directives[place : found.start()]) + _PARTS[found.group()]
            place = found.end()
        pattern += re.escape(self.directives[place:])
        return pattern.replace("0?", "0") if self.padded else pattern

    @property
    def swapped(self) -> "Format | None":
        """The format with day and month in each other's place, if both are digits."""
        if "%d" not in self.directives or "%m" not in self.directives:
            return None
        if self.directives.startswith("%Y"):
            return None
        swap = {"%d": "%m", "%m": "%d"}
        directives = re.sub("%[dm]", lambda found: swap[found.group()], self.directives)
        return Format(kind=self.kind, directives=directives, padded=self.padded)

    def matches(self, text: str) -> bool:
        """Return whether a text is in the format, with a day that exists in the calendar."""
        found = self._compiled.fullmatch(text)
        if not found:
            return False
        parts = found.groupdict()
        year, day = parts.get("year"), parts.get("day")
        if year and len(year) == 4 and not (1000 <= int(year) <= 2999 or year in ("9999", "0001")):
            return False
        if day and int(day) > 28:
            month = _MONTHS.index(parts["name"][:3].lower()) + 1 if parts.get("name") else None
            return _exists(int(year or 2000), month or int(parts["month"]), int(day))
        return True


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year or 2000, month, day)
    except ValueError:
        return False
    return True


def _date_formats() -> Iterator[Format]:
    kind = ColumnClass.DATE
    for mark in "-/.":
        yield Format(kind=kind, directives=f"%Y{mark}%m{mark}%d", padded=True)
        yield Format(kind=kind, directives=f"%Y{mark}%m{mark}%d")
    yield Format(kind=kind, directives="%Y%m%d", padded=True)
    for mark in "/-.":
        first, second = ("%m", "%d") if mark == "/" else ("%d", "%m")
        for day_month in (f"{first}{mark}{second}{mark}", f"{second}{mark}{first}{mark}"):
            yield Format(kind=kind, directives=f"{day_month}%Y")
            # With unpadded parts "1.2.10" would be a date, and is a version.
            yield Format(kind=kind, directives=f"{day_month}%y", padded=mark != "/")
    for name in ("%b", "%B"):
        for day_month in (f"%d {name} ", f"%d-{name}-", f"%d/{name}/", f"%d. {name} ", f"%d{name}"):
            yield Format(kind=kind, directives=f"{day_month}%Y")
        yield Format(kind=kind, directives=f"%d-{name}-%y")
        yield Format(kind=kind, directives=f"%d {name} %y")
        yield Format(kind=kind, directives=f"%d {name}, %Y")
        yield Format(kind=kind, directives=f"{name} %d, %Y")
        yield Format(kind=kind, directives=f"{name} %d %Y")
        yield Format(kind=kind, directives=f"{name}-%d-%Y")
        yield Format(kind=kind, directives=f"%Y-{name}-%d")
        yield Format(kind=kind, directives=f"%Y {name} %d")
        for weekday in ("%a, ", "%A, ", "%a ", "%A "):
            yield Format(kind=kind, directives=f"{weekday}%d {name} %Y")
            yield Format(kind=kind, directives=f"{weekday}{name} %d, %Y")
    for mark in "-/.":
        yield Format(kind=kind, directives=f"%y{mark}%m{mark}%d", padded=True)


def _month_formats() -> Iterator[Format]:
    kind = ColumnClass.YEARMONTH
    for directives in ("%Y-%m", "%Y/%m", "%YM%m", "%m/%Y", "%m-%Y"):
        yield Format(kind=kind, directives=directives, padded=True)
    for name in ("%b", "%B"):
        for mark in " -":
            yield Format(kind=kind, directives=f"{name}{mark}%Y")
            yield Format(kind=kind, directives=f"%Y{mark}{name}")
        yield Format(kind=kind, directives=f"{name}-%y")
        yield Format(kind=kind, directives=f"{name}, %Y")


TIMES: Final = (
    *("%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%H:%M:%S,%f"),
    *("%I:%M %p", "%I:%M:%S %p", "%I:%M%p", "%I:%M:%S%p"),
)
DATE_FORMATS: Final = tuple(_date_formats())
MONTH_FORMATS: Final = tuple(_month_formats())
TIME_FORMATS: Final = tuple(
    Format(kind=ColumnClass.TIME, directives=directives + zone)
    for zone in ("", "%z")
    for directives in TIMES
)
WHOLE_FORMATS: Final = tuple(
    Format(kind=ColumnClass.DATETIME, directives=directives)
    for directives in (
        "%a %b %d %H:%M:%S %z %Y",
        "%a %b %d %H:%M:%S %Y",
        "%d/%b/%Y:%H:%M:%S %z",
        "%Y%m%dT%H%M%S",
        "%Y%m%dT%H%M%S%z",
    )
)
"""Date-times that are not a date followed by a time."""
