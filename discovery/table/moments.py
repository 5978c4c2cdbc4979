"""Reading texts as dates, times, months and years."""

import re
from collections.abc import Iterator, Set
from typing import Final

from discovery.table.column_class import ColumnClass, Plain, Reading
from discovery.table.dates import (
    DATE_FORMATS,
    MONTH_FORMATS,
    TIME_FORMATS,
    WHOLE_FORMATS,
    Format,
)

_DATE_AND_TIME: Final = re.compile(r"(?P<date>.+?)(?P<mark>T|, | )(?P<time>\d{1,2}:\d\d.*)")
_COMPACT: Final = Format(kind=ColumnClass.DATE, directives="%Y%m%d", padded=True)
_MOST_FORMATS: Final = 3
_FEWEST_COMPACT_DATES: Final = 3
_YEAR_WORDS: Final = frozenset(
    ["year", "yr", "jahr", "année", "annee", "ano", "año", "anno", "år", "rok", "jaar", "год"]
)
_DATE_WORDS: Final = frozenset(["date", "day", "datum", "fecha", "data", "dt", "ymd", "yyyymmdd"])
_SEASON: Final = re.compile(r"\d\d(?P<year>\d\d)[-/](?P<next>\d\d)")
_WORD: Final = re.compile(r"[^\W\d_]+?(?=[A-Z][a-z]|[\W\d_]|$)")

_YEAR: Final = "CASE WHEN regexp_full_match({v}, '[12][0-9]{3}') THEN TRY_CAST({v} AS BIGINT) END"
YEAR: Final = Reading(kind=ColumnClass.YEAR, value=_YEAR)


def moment_readings(texts: Set[str]) -> list[Reading]:
    """Return the ways to read all texts as dates, date-times, times or months.

    There are two where every text is a date with the day first as well as with the month first,
    and none where texts are of different classes, in more than three formats, where some are dates
    only with the day first and some only with the month first, or where all are seasons.
    """
    formats = _covering_formats({" ".join(text.split()) for text in texts})
    kinds = {format_.kind for format_ in formats}
    if not formats or (len(kinds) > 1 and kinds != {ColumnClass.DATE, ColumnClass.DATETIME}):
        return []
    if kinds == {ColumnClass.YEARMONTH} and all(map(_is_season, texts)):
        return []
    swapped = [format_.swapped for format_ in formats]
    if any(format_ in formats for format_ in swapped):
        return []
    kind = ColumnClass.DATETIME if len(kinds) > 1 else formats[0].kind
    readings = [_reading(kind, formats)]
    if len(formats) == 1 and swapped[0] and all(map(swapped[0].matches, texts)):
        readings.append(_reading(kind, [swapped[0]]))
        if _is_constant(texts, formats[0], "month"):
            return readings[::-1][:1]
        if _is_constant(texts, formats[0], "day"):
            return readings[:1]
    return readings


def compact_date_reading(texts: Set[str], name: str) -> Reading | None:
    """Return how to read integers as dates such as 20240131, or None.

    Three different ones are no chance (fewer than 1 in 100 numbers of eight digits is a date);
    fewer have to stand below a name that speaks of a date.
    """
    if len(texts) < _FEWEST_COMPACT_DATES and not _words(name) & _DATE_WORDS:
        return None
    return _reading(ColumnClass.DATE, [_COMPACT]) if all(map(_COMPACT.matches, texts)) else None


def year_reading(texts: Set[str], name: str) -> Reading | None:
    """Return how to read integers as years: from 1000 to 2999, below a name that says so."""
    if not _words(name) & _YEAR_WORDS:
        return None
    return YEAR if all(len(text) == 4 and "1000" <= text < "3000" for text in texts) else None


def _covering_formats(texts: Set[str]) -> list[Format]:
    """Return the fewest formats that cover all texts; none if there would be too many."""
    chosen: list[Format] = []
    left = set(texts)
    while left:
        candidates = list(_formats_of(min(left)))
        if not candidates or len(chosen) == _MOST_FORMATS:
            return []
        covered = [{text for text in left if format_.matches(text)} for format_ in candidates]
        best = max(range(len(candidates)), key=lambda index: len(covered[index]))
        chosen.append(candidates[best])
        left -= covered[best]
    return chosen


def _formats_of(text: str) -> Iterator[Format]:
    """Yield the formats of a text, the likeliest first."""
    if not any(sign.isdecimal() for sign in text):
        return
    known = (*DATE_FORMATS, *MONTH_FORMATS, *TIME_FORMATS, *WHOLE_FORMATS)
    yield from (format_ for format_ in known if format_.matches(text))
    if found := _DATE_AND_TIME.fullmatch(text):
        times = [format_ for format_ in TIME_FORMATS + _SPACED if format_.matches(found["time"])]
        for date_format in DATE_FORMATS:
            if date_format.matches(found["date"]):
                for time_format in times:
                    yield Format(
                        kind=ColumnClass.DATETIME,
                        directives=date_format.directives + found["mark"] + time_format.directives,
                        padded=date_format.padded,
                    )


_SPACED: Final = tuple(
    Format(kind=ColumnClass.TIME, directives=format_.directives.replace("%z", mark))
    for format_ in TIME_FORMATS
    for mark in (" %z", " UTC", " GMT")
    if "%z" in format_.directives
)
"""Times with a space before the zone."""


def _is_season(text: str) -> bool:
    """Return whether a text names two years that follow each other, as "2009/10" does."""
    found = _SEASON.fullmatch(text)
    return found is not None and (int(found["year"]) + 1) % 100 == int(found["next"])


def _is_constant(texts: Set[str], format_: Format, part: str) -> bool:
    """Return whether one part of all dates is the same while the other varies.

    That is how a monthly series looks, with the day constant.
    """
    other = {"day": "month", "month": "day"}[part]
    found = [re.fullmatch(format_.pattern, text) for text in texts]
    seen = [{match[name].zfill(2) for match in found if match} for name in (part, other)]
    return len(seen[0]) == 1 and len(seen[1]) >= 3


def _reading(kind: ColumnClass, formats: list[Format]) -> Reading:
    values = [_value(format_, kind) for format_ in formats]
    only = formats[0] if len(formats) == 1 else None
    return Reading(
        kind=kind,
        value=values[0] if only else f"COALESCE({', '.join(values)})",
        format=only.directives if only else None,
        standard=only is not None and _is_standard(only),
        plain=_plain(kind, only) if only else None,
    )


def _is_standard(format_: Format) -> bool:
    directives = format_.directives.replace(".%f", "")
    return format_.padded and directives in ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%z")


def _plain(kind: ColumnClass, format_: Format) -> Plain | None:
    if not format_.padded:
        return None
    wanted = {ColumnClass.DATE: Plain.DATE, ColumnClass.DATETIME: Plain.DATETIME}.get(kind)
    return wanted if format_.directives == wanted else None


def _value(format_: Format, kind: ColumnClass) -> str:
    directives = format_.directives
    type_ = "DATE" if kind in (ColumnClass.DATE, ColumnClass.YEARMONTH) else "TIMESTAMP"
    if _plain(kind, format_):
        cast = f"TRY_CAST({{v}} AS {type_})"
        return f"CASE WHEN {cast}::VARCHAR = {{v}} THEN {cast} END"
    text = "trim(regexp_replace({v}, '\\s+', ' ', 'g'))"
    pattern = format_.pattern.replace("'", "''")
    if kind == ColumnClass.TIME and "%I" not in directives and "%z" not in directives:
        value = f"DATE '1970-01-01' + TRY_CAST(replace({text}, ',', '.') AS TIME)"
    elif directives.startswith("%Y-%m-%d") and "%H" in directives and "%z" not in directives:
        value = f"TRY_CAST(replace({text}, ',', '.') AS TIMESTAMP)"
    elif "%z" in directives:
        value = f"make_timestamp(epoch_us(TRY_CAST({text} AS TIMESTAMPTZ)))"
    else:
        value = f"try_strptime({text}, '{directives}')"
    return f"CASE WHEN regexp_full_match({text}, '{pattern}') THEN ({value})::{type_} END"


def _words(name: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(name)}
