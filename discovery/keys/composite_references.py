"""References of several columns to composite primary keys."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from discovery.keys.choice import Reference
from discovery.keys.field import TOLERANCE, Field
from discovery.keys.key_sets import KeySets
from discovery.keys.keys import ForeignKey, PrimaryKey
from discovery.keys.likeness import Likeness, likeness
from discovery.keys.weighing import Weighing

_BASE: Final = -2.0
_NAMED: Final = 3.5
"""Points from which on the names of two columns are enough alike."""


@dataclass(frozen=True, kw_only=True)
class CompositeReferences:
    """Finds the references to composite keys, by the names of the columns and their values."""

    fields: Sequence[Field]
    primary: Mapping[str, PrimaryKey]
    sets: KeySets

    def find(self) -> list[ForeignKey]:
        """Return the likely references."""
        columns: dict[str, list[Field]] = defaultdict(list)
        for one in self.fields:
            columns[one.table].append(one)
        found: list[ForeignKey] = []
        for table, key in sorted(self.primary.items()):
            if len(key.columns) > 1:
                target = [one for one in columns[table] if one.column.name in key.columns]
                for other in sorted(columns):
                    if other != table:
                        found += self._references(columns[other], target)
        returns = {(one.to_table, one.table): one.certainty for one in found}
        return [one for one in found if not _leads_back(one, returns)]

    def _references(
        self, columns: Sequence[Field], target: Sequence[Field]
    ) -> Iterator[ForeignKey]:
        for source, points in _matches(columns, target):
            coverage, distinct = self.sets.tuple_coverage(source, target)
            if coverage < 1 - TOLERANCE:
                continue
            weighing = self._weighed(source, target, points, coverage)
            if weighing.points >= 0:
                yield ForeignKey(
                    table=source[0].table,
                    columns=tuple(one.column.name for one in source),
                    to_table=target[0].table,
                    to_columns=tuple(one.column.name for one in target),
                    coverage=coverage,
                    distinct=distinct,
                    to_distinct=target[0].column.rows,
                    name_points=points,
                    certainty=weighing.certainty,
                    evidence=tuple(weighing.evidence),
                    against=tuple(weighing.against),
                )

    def _weighed(
        self, source: Sequence[Field], target: Sequence[Field], points: float, coverage: float
    ) -> Weighing:
        weighing = Weighing(points=_BASE)
        weighing.add(points, "all columns have the names of the key's")
        weighing.add(-50 * (1 - coverage), f"{1 - coverage:.1%} of the rows have no such key")
        own = self.primary.get(source[0].table)
        if own and set(own.columns) == {one.column.name for one in source}:
            weighing.add(-2.5, "they are the key of their own table")
        if any(one.name.is_temporal for one in target):
            weighing.add(-1.5, "a part of the key is a time")
        return weighing


def without_detours(
    single: Sequence[Reference], composite: Sequence[ForeignKey]
) -> list[Reference]:
    """Return the references of single columns that no composite one implies.

    If (a, b) refers to a key whose part a refers to a table, then so does a, by way of the key.
    """
    to = {(r.source.field.table, r.source.field.column.name): _end(r) for r in single}
    implied = {
        (key.table, column): to.get((key.to_table, part))
        for key in composite
        for column, part in zip(key.columns, key.to_columns, strict=True)
    }
    return [
        reference
        for reference in single
        if implied.get((reference.source.field.table, reference.source.field.column.name))
        != _end(reference)
    ]


def _end(reference: Reference) -> tuple[str, str]:
    return reference.target.table, reference.target.column.name


def _matches(
    columns: Sequence[Field], target: Sequence[Field]
) -> Iterator[tuple[list[Field], float]]:
    """Yield the columns that are named as those of a key, in its order, with points.

    If several are named as one part of the key, as `home_id` and `away_id` are, each of them is
    taken once with all the others.
    """
    named = [[(one, _likeness(one, part).points) for one in columns] for part in target]
    fitting = [[(one, p) for one, p in found if p >= _NAMED] for found in named]
    if not all(fitting):
        return
    exact = [max(found, key=lambda pair: (pair[1], -pair[0].place)) for found in fitting]
    seen: set[tuple[int, ...]] = set()
    for place, found in enumerate(fitting):
        for one in found:
            chosen = [*exact[:place], one, *exact[place + 1 :]]
            numbers = tuple(field.number for field, _ in chosen)
            if len(set(numbers)) == len(target) and numbers not in seen:
                seen.add(numbers)
                yield [field for field, _ in chosen], min(points for _, points in chosen)


def _likeness(source: Field, part: Field) -> Likeness:
    if (source.is_integer, source.kind) != (part.is_integer, part.kind) and not (
        source.is_integer and part.is_integer
    ):
        return Likeness(points=0.0, reason="")
    return likeness(source.name, part.name, (), within=False)


def _leads_back(one: ForeignKey, returns: Mapping[tuple[str, str], float]) -> bool:
    back = returns.get((one.table, one.to_table))
    return back is not None and (back, one.to_table) > (one.certainty, one.table)
