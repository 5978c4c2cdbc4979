"""The choice among candidates for the references of single columns."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from discovery.keys.field import Field
from discovery.keys.inclusion import NOTHING, Inclusion, Source
from discovery.keys.keys import ForeignKey
from discovery.keys.likeness import Likeness
from discovery.keys.weighing import Weighing

_NEAR: Final = 1.0
"""Points by which rivals may be behind."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Reference:
    """A candidate for a foreign key of one column."""

    source: Source
    target: Field
    likeness: Likeness
    weighing: Weighing
    inclusion: Inclusion = NOTHING

    @property
    def rank(self) -> tuple[float, float, int, str, int]:
        """What orders candidates of one column, the best first.

        Of targets that are equally likely, the smallest is the closest one.
        """
        points, reached = round(-self.weighing.points, 1), round(-self.inclusion.reached, 6)
        return (points, reached, -self.target.width, self.target.table, self.target.place)

    def foreign_key(self) -> ForeignKey:
        """Return the candidate with its evidence."""
        found = self.inclusion
        return ForeignKey(
            table=self.source.field.table,
            columns=(self.source.field.column.name,),
            to_table=self.target.table,
            to_columns=(self.target.column.name,),
            separator=self.source.separator,
            coverage=found.coverage,
            distinct=found.distinct,
            to_distinct=found.target_distinct,
            name_points=self.likeness.points,
            certainty=self.weighing.certainty,
            evidence=tuple(self.weighing.evidence),
            against=tuple(self.weighing.against),
        )


def likely_references(references: Sequence[Reference]) -> list[Reference]:
    """Return the likely ones of all candidates, at most one of each column.

    Where a key is itself a reference to another target, that one is no rival; and if their keys
    are the same, it is the better target: that of the things themselves.
    """
    refers = {_numbers((one.source.field, one.target)) for one in references}
    by_column: dict[int, list[Reference]] = defaultdict(list)
    for one in references:
        by_column[one.source.field.number].append(one)
    kept = []
    for candidates in by_column.values():
        best, *others = sorted(candidates, key=lambda one: one.rank)
        near = [one for one in others if one.weighing.points > best.weighing.points - _NEAR]
        for one in near:
            same = one.target.column.distinct == best.target.column.distinct
            there, back = (best.target, one.target), (one.target, best.target)
            if same and _numbers(there) in refers and _numbers(back) not in refers:
                best = one
        rivals = {
            one.target.table for one in near if _numbers((one.target, best.target)) not in refers
        } - {best.target.table}
        if rivals and not best.likeness.names_target:
            reason = f"as well keys of {', '.join(sorted(rivals))}"
            best.weighing.add(-1.0 * len(rivals), reason)
        if best.weighing.points >= 0:
            kept.append(best)
    return _without_returns(_without_repeats(kept))


def _numbers(pair: tuple[Field, Field]) -> tuple[int, int]:
    return pair[0].number, pair[1].number


def _without_repeats(references: Sequence[Reference]) -> list[Reference]:
    """Return one reference for each relation of two tables.

    A table that has both `home_team_id` and `home_team_code` refers to teams by the better one.
    """
    targets: dict[tuple[str, str, str], Field] = {}
    kept = []
    for one in sorted(references, key=lambda one: one.rank):
        source, target = "".join(one.source.field.name.words), "".join(one.target.name.words)
        relation = (one.source.field.table, one.target.table, source.removesuffix(target))
        if targets.setdefault(relation, one.target) is one.target:
            kept.append(one)
    return kept


def _without_returns(references: Sequence[Reference]) -> list[Reference]:
    """Return the references without those that lead back, where two keys refer to each other.

    The references come in the order of their rank; of those in a circle the last is left out.
    """
    kept: dict[int, Reference] = {}
    for one in references:
        seen = {one.source.field.number}
        step: Reference | None = one
        while step is not None and step.target.number not in seen:
            seen.add(step.target.number)
            step = kept.get(step.target.number)
        if step is None:
            kept[one.source.field.number] = one
    return sorted(kept.values(), key=lambda one: one.source.field.number)
