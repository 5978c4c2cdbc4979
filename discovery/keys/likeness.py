"""How much the name of a column says that it refers to a key of some table."""

from dataclasses import dataclass
from typing import Final

from discovery.keys.lexicon import ENDS, PEOPLE, RELATIVES, ROLES, SUPERIORS
from discovery.keys.names import ColumnName, Words

_SHORTEST: Final = 3
_SHORTEST_SKELETON: Final = 4


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """What the names say for a reference, in points of log-odds, and why."""

    points: float
    reason: str

    @property
    def names_target(self) -> bool:
        """Whether the name points to this target rather than to any."""
        return self.points >= _ROLE

    @property
    def names_table(self) -> bool:
        """Whether the name has the name of the target's table in it."""
        return self.points in (_TABLE, _TABLE_LAST)


_TABLE: Final = 5.0
_SAME: Final = 4.6
_TABLE_LAST: Final = 4.4
_TABLE_FIRST: Final = 3.5
_PART: Final = 3.0
_ABBREVIATED: Final = 2.9
_ROLE: Final = 2.5
_END: Final = 2.0
_KEY: Final = 1.0


def likeness(source: ColumnName, target: ColumnName, table: Words, *, within: bool) -> Likeness:
    """Compare the name of a column with those of a key and of the key's table.

    Args:
        source: the column that may refer.
        target: the key.
        table: the words that name the entity of the key's table.
        within: whether the column is in the same table.
    """
    for found in (
        _by_table(source, target, table),
        _by_column(source, target),
        _by_role(source, table, within=within),
        _by_part(source, table),
    ):
        if found:
            return found
    if source.is_key and not source.is_number:
        return Likeness(points=_KEY, reason="named as a key")
    return Likeness(points=0.0, reason="")


def _by_table(source: ColumnName, target: ColumnName, table: Words) -> Likeness | None:
    entity = "".join(table)
    if not entity:
        return None
    forms = {entity + "".join(target.words)}
    if not target.is_title or target.words == source.words:
        forms.add(entity)
    whole, stem = "".join(source.words), "".join(source.stem)
    named = source.is_key and (target.is_number or not source.is_number)
    if whole in forms or (stem in forms and named):
        return Likeness(points=_TABLE, reason="names the table")
    ends = source.words[-len(table) - len(target.words) :] == (*table, *target.words)
    if ends or (not target.is_title and _ends_with(source.stem, table)):
        return Likeness(points=_TABLE_LAST, reason="names the table after a role")
    if source.is_key and source.stem[: len(table)] == table and source.stem != target.stem:
        return Likeness(points=_TABLE_FIRST, reason="names the table before a role")
    return None


def _by_column(source: ColumnName, target: ColumnName) -> Likeness | None:
    if target.is_bare or (target.is_title and len(target.words) == 1):
        return None
    same = "".join(source.words) == "".join(target.words)
    if same:
        return Likeness(points=_SAME, reason="has the same name")
    if target.is_key and _ends_with(source.words, target.words):
        return Likeness(points=_TABLE_LAST, reason="has the same name after a role")
    return None


def _by_role(source: ColumnName, table: Words, *, within: bool) -> Likeness | None:
    said = set(source.words)
    if source.is_title or source.is_measure:
        return None
    holds_people = bool(PEOPLE & set(table))
    if within and said & (RELATIVES | SUPERIORS if holds_people else RELATIVES):
        return Likeness(points=_ROLE + 1.5, reason="names a row above or beside this one")
    if said & ROLES and holds_people:
        return Likeness(points=_ROLE, reason="names a role of people")
    if said & ENDS:
        return Likeness(points=_END, reason="names an end of a link")
    return None


def _by_part(source: ColumnName, table: Words) -> Likeness | None:
    stem = source.stem
    if not stem or not table or source.is_title or source.is_measure:
        return None
    if source.is_number:
        return None
    if stem[-1] == table[-1] or (source.is_key and stem[-1] == table[0]):
        return Likeness(points=_PART, reason="names a part of the table's name")
    if source.is_key and _abbreviates(stem[-1], table):
        return Likeness(points=_ABBREVIATED, reason="abbreviates the table's name")
    return None


def _abbreviates(short: str, table: Words) -> bool:
    """Return whether a word is the beginning, the skeleton or the initials of a table's name."""
    if len(table) > 1 and short == "".join(word[0] for word in table):
        return True
    name = "".join(table)
    if len(short) < _SHORTEST or len(short) >= len(name):
        return False
    if name.startswith(short) or table[-1].startswith(short):
        return True
    letters = iter(name)
    skeleton = short[0] == name[0] and all(letter in letters for letter in short)
    return skeleton and len(short) >= _SHORTEST_SKELETON


def _ends_with(found: Words, end: Words) -> bool:
    return bool(end) and found[-len(end) :] == end
