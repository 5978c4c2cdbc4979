"""The class of each column, decided over all its cells."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final

import duckdb

from discovery.table.cells import Cells
from discovery.table.column_class import TEXT, ColumnClass, Reading
from discovery.table.decision import Verdict, decide
from discovery.table.distribution import Distribution, distribution_of
from discovery.table.missing import is_missing, is_unknown
from discovery.table.plain import plain_values
from discovery.table.profile import Profile, Profiler, has_few

_MOST_ROUNDS: Final = 6
_MOST_MISFITS: Final = 2000
_MOST_SHARED_ROWS: Final = 5_000_000
"""Rows up to which there is memory for several columns at a time."""


@dataclass(frozen=True, kw_only=True)
class ColumnFindings:
    """What was found about a column."""

    verdict: Verdict
    profile: Profile
    missing: Counter[str] = field(default_factory=Counter)
    """Words for missing values, each with its cells."""
    contradicting: Counter[str] = field(default_factory=Counter)
    """Other texts that are not read as the column's class, each with its cells."""
    codes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, kw_only=True)
class ColumnInference:
    """Decides the class of the columns of a table.

    A verdict on a sample is checked against all cells; texts that do not fit it join the sample
    for the next verdict, until one fits.
    """

    cells: Cells
    connection: duckdb.DuckDBPyConnection
    relation: str
    """The relation that has the column."""
    delimiter: str = ","

    @property
    def _profiler(self) -> Profiler:
        return Profiler(connection=self.connection, relation=self.relation, rows=self.cells.rows)

    def profile(self, place: int, reading: Reading) -> Profile:
        """Return the profile of a column that is read in some way."""
        return self._profiler.profile(f"c{place}", reading)

    def findings(self, place: int, name: str) -> ColumnFindings:
        """Return what is found about one column."""
        texts = self.cells.sample(place)
        few = self.cells.is_sample_whole or has_few(len(texts), texts.total())
        column = f"c{place}"
        for _ in range(_MOST_ROUNDS):
            verdict = decide(texts, name=name, delimiter=self.delimiter)
            if verdict.reading.kind == ColumnClass.STRING:
                break
            found, misfits = self._distribution(place, verdict.reading, texts, few=few)
            strangers = self._strangers(misfits, verdict)
            if not strangers:
                return self._typed(place, verdict, found, misfits)
            if not strangers - texts:
                break
            texts |= strangers
        else:
            verdict = Verdict(reading=TEXT)
        if verdict.reading.kind != ColumnClass.STRING:
            verdict = Verdict(reading=TEXT)
        codes = Counter({text: texts[text] for text in verdict.codes})
        profile = self._profiler.text_profile(column, few=few)
        return ColumnFindings(verdict=verdict, profile=profile, codes=codes)

    def _distribution(
        self, place: int, reading: Reading, texts: Counter[str], *, few: bool
    ) -> tuple[Distribution, Counter[str]]:
        """Return the distribution of the values and the texts without one."""
        if reading.plain:
            missing = filter(is_unknown, texts)
            most = self.cells.rows - self.cells.nulls[place]
            plain = plain_values(self.cells.batches(place), reading.plain, missing, most)
            if plain:
                values, words = plain
                del plain  # the values of a long column fill much memory
                return distribution_of(values), words
        found = self._profiler.values(f"c{place}", reading, few=few)
        return found, self._misfits(place, reading, found)

    def _typed(
        self, place: int, verdict: Verdict, found: Distribution, misfits: Counter[str]
    ) -> ColumnFindings:
        rivals = verdict.rivals
        if not self.cells.is_sample_whole:
            rivals = tuple(rival for rival in rivals if self._fits(place, rival, found.total))
        return ColumnFindings(
            verdict=Verdict(reading=verdict.reading, rivals=rivals, markers=verdict.markers),
            profile=self._profiler.typed_profile(f"c{place}", verdict.reading, found),
            missing=Counter({t: n for t, n in misfits.items() if t not in verdict.markers}),
            contradicting=Counter({t: n for t, n in misfits.items() if t in verdict.markers}),
        )

    def _misfits(self, place: int, reading: Reading, found: Distribution) -> Counter[str]:
        """Return the texts that a reading gives no value for, the most frequent of them."""
        cells = self.cells
        if found.total + cells.nulls[place] == cells.rows:
            return Counter()
        column = f"c{place}"
        rows = self.connection.execute(
            f'SELECT {column}, count(*) FROM "{self.relation}" WHERE {column} IS NOT NULL'  # noqa: S608
            f" AND ({reading.of(column)}) IS NULL GROUP BY 1"
            f" ORDER BY 2 DESC, 1 LIMIT {_MOST_MISFITS}"
        ).fetchall()
        return Counter(dict(rows))

    def _fits(self, place: int, reading: Reading, values: int) -> bool:
        """Return whether a reading gives as many values."""
        ((count,),) = self.connection.execute(
            f'SELECT count({reading.of(f"c{place}")}) FROM "{self.relation}"'  # noqa: S608
        ).fetchall()
        return bool(count == values)

    @staticmethod
    def _strangers(misfits: Counter[str], verdict: Verdict) -> Counter[str]:
        known = is_missing if verdict.reading.kind == ColumnClass.BOOLEAN else is_unknown
        return Counter(
            {t: n for t, n in misfits.items() if not known(t) and t not in verdict.markers}
        )


def all_findings(cells: Cells, names: Sequence[str], delimiter: str) -> list[ColumnFindings]:
    """Return what is found about each column; of a long table, several columns at a time."""

    def find(place: int) -> ColumnFindings:
        with _inference(cells, place, delimiter) as inference:
            return inference.findings(place, names[place])

    alone = cells.is_sample_whole or cells.rows > _MOST_SHARED_ROWS
    threads = 1 if alone else os.cpu_count()
    with ThreadPoolExecutor(threads) as pool:
        findings = list(pool.map(find, range(cells.width)))
    return with_one_day_order(cells, findings)


@contextmanager
def _inference(cells: Cells, place: int, delimiter: str = ",") -> Iterator[ColumnInference]:
    with cells.column(place) as (connection, relation):
        yield ColumnInference(
            cells=cells, connection=connection, relation=relation, delimiter=delimiter
        )


def with_one_day_order(cells: Cells, findings: Sequence[ColumnFindings]) -> list[ColumnFindings]:
    """Return the findings with ambiguous dates read in the order that the other columns show.

    One file seldom has both orders. Where the others show both or none, nothing is changed.
    """
    orders = {
        _day_first(found.verdict.reading)
        for found in findings
        if not found.verdict.rivals and _day_first(found.verdict.reading) is not None
    }
    if len(orders) != 1:
        return list(findings)
    return [
        _turned(cells, place, found, next(iter(orders))) for place, found in enumerate(findings)
    ]


def _turned(
    cells: Cells, place: int, found: ColumnFindings, day_first: bool | None
) -> ColumnFindings:
    verdict = found.verdict
    if not verdict.rivals or _day_first(verdict.reading) in (None, day_first):
        return found
    turned = replace(verdict, reading=verdict.rivals[0], rivals=(verdict.reading,))
    with _inference(cells, place) as inference:
        return replace(found, verdict=turned, profile=inference.profile(place, turned.reading))


def _day_first(reading: Reading) -> bool | None:
    """Return whether a date has its day before its month; None if that is no question."""
    directives = reading.format or ""
    if "%d" not in directives or "%m" not in directives or directives.startswith(("%Y", "%y")):
        return None
    return directives.index("%d") < directives.index("%m")
