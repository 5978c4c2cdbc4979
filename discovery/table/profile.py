"""The profile of a column: counts, extremes, and how the values spread."""

import math
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

import duckdb
import numpy as np

from discovery.table.column_class import ColumnClass, Reading
from discovery.table.distribution import Bin, Distribution, distribution
from registry.inference.distribution import QUANTILES

TOP_VALUES: Final = 10
_EPOCH: Final = datetime(1970, 1, 1)
_FEW_IN_SAMPLE: Final = 0.3

Value = str | int | float | bool


@dataclass(frozen=True, kw_only=True)
class Lengths:
    """How many characters (Unicode code points) the texts of a column have."""

    minimum: int
    mean: float
    maximum: int


@dataclass(frozen=True, kw_only=True)
class TopValue:
    """A frequent value and the number of cells that hold it."""

    value: Value
    count: int


@dataclass(frozen=True, kw_only=True)
class TimeBin:
    """A span of time and how many values lie in it; the ends as in `Bin`, in ISO 8601."""

    low: str
    high: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What the values of a column are like, over all rows; all figures are exact.

    Dates and times are given in ISO 8601, date-times with an offset in UTC. The different texts
    of a column with many are counted by 64-bit hashes: with 100 million different ones, the
    count is one too low in 1 of 4 000 such columns.
    """

    rows: int
    nulls: int
    """Cells that hold no value of the column's class: empty, missing-value words, misfits."""
    distinct: int
    minimum: Value | None = None
    """The least value; of texts the first by code point."""
    maximum: Value | None = None
    mean: float | None = None
    standard_deviation: float | None = None
    """That of a sample, with n - 1 in the denominator."""
    quantiles: dict[str, Value] = field(default_factory=dict)
    """By name (p01, p05 … p99) the least value that is not below that share of the cells."""
    lengths: Lengths | None = None
    top_values: list[TopValue] = field(default_factory=list)
    """The most frequent values; none where every value is there but once."""
    histogram: list[Bin] | list[TimeBin] = field(default_factory=list)

    @property
    def null_share(self) -> float:
        """Share of the rows without a value, 0 to 1."""
        return self.nulls / self.rows if self.rows else 0.0


@dataclass(frozen=True, kw_only=True)
class Profiler:
    """Profiles the columns of a relation."""

    connection: duckdb.DuckDBPyConnection
    relation: str
    rows: int

    def values(self, column: str, reading: Reading, *, few: bool) -> Distribution:
        """Return the distribution of the values of a column; of texts, that of their hashes."""
        key = key_of(column, reading)
        return distribution(self.connection, self.relation, column, key, few=few, most=self.rows)

    def profile(self, column: str, reading: Reading, *, few: bool = False) -> Profile:
        """Return the profile of a column."""
        if reading.kind == ColumnClass.STRING:
            return self.text_profile(column, few=few)
        return self.typed_profile(column, reading, self.values(column, reading, few=few))

    def typed_profile(self, column: str, reading: Reading, found: Distribution) -> Profile:
        """Return the profile of a column whose distribution is known."""
        if not found.total:
            return Profile(rows=self.rows, nulls=self.rows, distinct=0)
        shown = _SHOWN[reading.kind]
        nulls = self.rows - found.total
        distinct = len(found.values)
        top = [TopValue(value=shown(v), count=n) for v, n in found.top(TOP_VALUES)]
        if reading.kind == ColumnClass.BOOLEAN:
            return Profile(
                rows=self.rows,
                nulls=nulls,
                distinct=distinct,
                minimum=bool(found.values[0]),
                maximum=bool(found.values[-1]),
                mean=found.mean,
                top_values=top,
            )
        if not reading.exact:
            texts = self.text_profile(column, few=False)
            distinct, top = texts.distinct, texts.top_values
        is_number = reading.kind in _NUMBERS
        bins = found.histogram()
        return Profile(
            rows=self.rows,
            nulls=nulls,
            distinct=distinct,
            minimum=shown(found.values[0]),
            maximum=shown(found.values[-1]),
            mean=found.mean if is_number and math.isfinite(found.mean) else None,
            standard_deviation=found.standard_deviation if is_number else None,
            quantiles={
                f"p{share * 100:02.0f}": shown(value)
                for share, value in zip(QUANTILES, found.quantiles(), strict=True)
            },
            top_values=top,
            histogram=bins
            if is_number
            else [TimeBin(low=shown(b.low), high=shown(b.high), count=b.count) for b in bins],
        )

    def text_profile(self, column: str, *, few: bool) -> Profile:
        """Return the profile of a column of texts."""
        if few:
            counted = f'SELECT {column} AS t, count(*) AS n FROM "{self.relation}" GROUP BY 1'  # noqa: S608
            [(first, last, shortest, mean, longest, total, distinct, tops)] = (
                self.connection.execute(
                    f"SELECT min(t), max(t), min(length(t)), sum(length(t) * n) / sum(n),"  # noqa: S608
                    f" max(length(t)), coalesce(sum(n), 0)::BIGINT, count(*),"
                    f" list({{t: t, n: n}} ORDER BY n DESC, t)[:{TOP_VALUES}]"
                    f" FROM ({counted}) WHERE t IS NOT NULL"
                ).fetchall()
            )
            top = [TopValue(value=pair["t"], count=pair["n"]) for pair in tops or ()]
            if distinct == total:
                top = []
        else:
            hashes = self.values(column, _TEXT, few=False)
            total, distinct = hashes.total, len(hashes.values)
            [(first, last, shortest, mean, longest)] = self.connection.execute(
                f"SELECT min({column}), max({column}), min(length({column})),"  # noqa: S608
                f' avg(length({column})), max(length({column})) FROM "{self.relation}"'
            ).fetchall()
            top = self._texts_of(column, dict(hashes.top(TOP_VALUES)))
        lengths = Lengths(minimum=shortest, mean=mean, maximum=longest) if total else None
        return Profile(
            rows=self.rows,
            nulls=self.rows - total,
            distinct=distinct,
            minimum=first,
            maximum=last,
            lengths=lengths,
            top_values=top,
        )

    def _texts_of(self, column: str, counts: dict[Any, int]) -> list[TopValue]:
        """Return the texts that have some hashes."""
        if not counts:
            return []
        listed = ", ".join(f"{int(key)}::UBIGINT" for key in counts)
        rows = self.connection.execute(
            f'SELECT hash({column}), any_value({column}) FROM "{self.relation}"'  # noqa: S608
            f" WHERE hash({column}) IN ({listed}) AND {column} IS NOT NULL GROUP BY 1"
        ).fetchall()
        found = [(counts[np.uint64(key)], text) for key, text in rows]
        found.sort(key=lambda pair: (-pair[0], pair[1]))
        return [TopValue(value=text, count=count) for count, text in found]


def has_few(distinct: int, sampled: int) -> bool:
    """Return whether a sample hints at so few different values that grouping beats sorting."""
    return distinct < _FEW_IN_SAMPLE * sampled


_TEXT: Final = Reading(kind=ColumnClass.STRING, value="{v}")
_NUMBERS: Final = (ColumnClass.INTEGER, ColumnClass.NUMBER, ColumnClass.YEAR)


def key_of(column: str, reading: Reading) -> str:
    """Return the SQL of a number that stands for the value of a cell."""
    value = reading.of(column)
    match reading.kind:
        case ColumnClass.STRING:
            return f"CASE WHEN {value} IS NOT NULL THEN hash({value}) END"
        case ColumnClass.BOOLEAN:
            return f"({value})::BIGINT"
        case ColumnClass.DATE | ColumnClass.YEARMONTH:
            return f"(({value}) - DATE '1970-01-01')::BIGINT"
        case ColumnClass.DATETIME | ColumnClass.TIME:
            return f"epoch_us({value})"
    return value


def _day(days: float) -> str:
    return (date(1970, 1, 1) + timedelta(days=int(days))).isoformat()


def _month(days: float) -> str:
    return _day(days)[:7]


def _moment(microseconds: float) -> str:
    return (_EPOCH + timedelta(microseconds=int(microseconds))).isoformat()


def _time(microseconds: float) -> str:
    return _moment(microseconds)[11:]


_SHOWN: Final[dict[ColumnClass, Any]] = {
    ColumnClass.INTEGER: int,
    ColumnClass.YEAR: int,
    ColumnClass.NUMBER: float,
    ColumnClass.BOOLEAN: bool,
    ColumnClass.DATE: _day,
    ColumnClass.YEARMONTH: _month,
    ColumnClass.DATETIME: _moment,
    ColumnClass.TIME: _time,
}
