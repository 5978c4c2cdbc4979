"""Which columns refer to which keys: the candidates, and what speaks for and against them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from discovery.keys.choice import Reference, likely_references
from discovery.keys.field import TOLERANCE, Field
from discovery.keys.inclusion import Source
from discovery.keys.key_sets import KeySets
from discovery.keys.keys import PrimaryKey
from discovery.keys.likeness import Likeness, likeness
from discovery.keys.lists import list_sources
from discovery.keys.names import Words, is_plural, is_time
from discovery.keys.values import can_include, weigh_values
from discovery.keys.weighing import Weighing

_BASE: Final = -3.0
_MOST_BY_VALUES: Final = 3.0
_MOST_IF_UNNAMED: Final = 2.0
"""More points than a reference has whose name says no more than that it is a key."""
_COPIED: Final = 0.5


@dataclass(frozen=True, kw_only=True)
class References:
    """Finds the references of single columns among the columns of a scan."""

    fields: Sequence[Field]
    primary: Mapping[str, PrimaryKey]
    sets: KeySets

    def find(self) -> list[Reference]:
        """Return the likely references, at most one of each column.

        Columns are compared with the targets they are named for first; one that has been settled
        so is not compared with all others.
        """
        targets = [one for one in self.fields if one.is_target]
        plain = [Source(field=one) for one in self.fields if one.can_hold_keys and one.values]
        pairs = self._promising(plain, targets)
        found = self._included([one for one in pairs if one.likeness.names_target])
        settled = {
            one.source.field.number for one in found if one.weighing.points > _MOST_IF_UNNAMED
        }
        found += self._included(
            [
                one
                for one in pairs
                if not one.likeness.names_target and one.source.field.number not in settled
            ]
        )
        whole = {one.source.field.number for one in found if one.inclusion.coverage == 1}
        others = [one for one in self.fields if one.number not in whole]
        lists = list_sources(self.sets, others, targets)
        found += self._included(self._promising(lists, targets))
        return likely_references(found)

    def _promising(self, sources: Sequence[Source], targets: Sequence[Field]) -> list[Reference]:
        """Return the pairs that profiles and names allow, so that few sets need be compared."""
        found = []
        for source in sources:
            for target in targets:
                if source.field is target:
                    continue
                if source.separator is None and not can_include(source.field, target, TOLERANCE):
                    continue
                reference = self._weighed(source, target)
                if reference.weighing.points + _MOST_BY_VALUES >= 0:
                    found.append(reference)
        return found

    def _weighed(self, source: Source, target: Field) -> Reference:
        within = source.field.table == target.table
        names = likeness(source.field.name, target.name, target.entity, within=within)
        weighing = Weighing(points=_BASE)
        weighing.add(names.points, names.reason)
        self._weigh_target(weighing, source.field, target, names)
        self._weigh_source(weighing, source.field, target, names)
        if source.separator is not None:
            plural = is_plural(source.field.column.name)
            weighing.add(0.5 if plural else -0.5, "a list" + (", as the name says" * plural))
        return Reference(source=source, target=target, likeness=names, weighing=weighing)

    def _weigh_target(
        self, weighing: Weighing, source: Field, target: Field, names: Likeness
    ) -> None:
        if self._is_primary(target):
            weighing.add(0.5, "refers to the primary key")
        else:
            weighing.add(-1.5, "refers to another column than the primary key")
        if target.name.words[-1:] == ("id",):
            weighing.add(0.2, "named as an id")
        if not target.is_unique:
            weighing.add(-1.0, "some keys occur twice")
        if target.name.is_title:
            weighing.add(-1.5, "refers to a text for people")
        if target.is_measure and not is_time(target.entity):
            weighing.add(-2.0, "refers to a measure")
        if target.name.is_temporal and not is_time(target.entity):
            weighing.add(-5.0, "refers to a time in a table of other things")
        if target.column.distinct == 1:
            weighing.add(-2.0, "the table has one row")
        elsewhere = not names.names_target and source.table != target.table
        if elsewhere and (target.table, source.name.words) in self._named:
            weighing.add(-2.0, "the table has a column of that name")

    def _weigh_source(
        self, weighing: Weighing, source: Field, target: Field, names: Likeness
    ) -> None:
        name = source.name
        if name.is_title and not names.names_table:
            weighing.add(-2.0 if target.name.is_title else -1.0, "named as a text for people")
        if source.is_integer and not name.is_key and is_plural(source.column.name):
            weighing.add(-4.0, "numbers under a name in the plural are counts")
        elif source.is_measure and not (names.names_table or is_time(target.entity)):
            weighing.add(-2.5, "named as a measure")
        if source.is_numbering and target.is_numbering and not names.names_table:
            weighing.add(-4.0, "both columns number the rows of their tables")
        if self._is_primary(source) and (name.is_bare or name.stem == source.entity):
            weighing.add(-3.0, "is the key of its own table")
        elif source.is_unique and source.is_complete:
            weighing.add(-0.5, "no value occurs twice")

    def _included(self, references: Sequence[Reference]) -> list[Reference]:
        """Return the references that the values bear out, with what they say."""
        pairs = [(one.source, Source(field=one.target)) for one in references]
        found = []
        for one, inclusion in zip(references, self.sets.compare(pairs), strict=True):
            source = one.source
            if inclusion.coverage < 1 - TOLERANCE or self._is_copy(source.field, one.target):
                continue
            is_list = source.separator is not None
            weigh_values(one.weighing, source.field, one.target, inclusion, is_list=is_list)
            found.append(replace(one, inclusion=inclusion))
        return found

    def _is_copy(self, source: Field, target: Field) -> bool:
        """Return whether a column of the same table repeats the key of its own row."""
        if source.table != target.table:
            return False
        return self.sets.equal_rows(source, target) > _COPIED

    def _is_primary(self, one: Field) -> bool:
        key = self.primary.get(one.table)
        return key is not None and key.columns == (one.column.name,)

    @cached_property
    def _named(self) -> frozenset[tuple[str, Words]]:
        return frozenset((one.table, one.name.words) for one in self.fields)
