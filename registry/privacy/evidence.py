"""Evidence for a semantic class: what a field's name has to say and its values have to be."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import Final

from registry.privacy import vocabulary
from registry.privacy.field_names import FieldName
from registry.privacy.words import words

Check = Callable[[str], bool]
Agreement = Callable[[FieldName], bool]

_UNITS: Final = words("deg degree dd decimal wgs start end origin")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A way to come to a class: what the name has to say and what the values have to be.

    Attributes:
        name_agrees: whether this way is open to a field of the name.
        holds: the check of each value.
        share: the share of the distinct values that must pass.
        distinct: the number of distinct values that must pass; a weak grammar needs more.
        certainty: what the certainty is if all values pass.
        beside: a second check, and the share of the distinct values that must pass it.
    """

    name_agrees: Callable[[FieldName], bool]
    holds: Check
    share: float
    distinct: int = 1
    certainty: float = 0.99
    beside: tuple[Check, float] | None = None

    def certainty_of(self, texts: Sequence[str]) -> float:
        """Return how sure it is that distinct texts are of the class, 0 if they do not show it."""
        count = len(texts)
        if count < self.distinct:
            return 0.0
        passed = _passing(self.holds, texts, max(self.share * count, self.distinct))
        if passed and self.beside:
            check, share = self.beside
            passed *= bool(_passing(check, texts, share * count))
        return self.certainty * passed / count


def _passing(check: Check, texts: Sequence[str], needed: float) -> int:
    """Return how many texts pass, or 0 as soon as fewer will than are needed."""
    missing = len(texts) - needed
    failed = 0
    for text in texts:
        if not check(text):
            failed += 1
            if failed > missing:
                return 0
    return len(texts) - failed


def anything(name: FieldName) -> bool:
    """Agree with every name."""
    return True


def says(words: Set[str], but_not: Set[str] = frozenset()) -> Agreement:
    """Return whether a name says one of the words, and does not end in one of the others."""
    return lambda name: name.says(words) and not name.ends_with(but_not - words)


def says_no_more_than(words: Set[str]) -> Agreement:
    """Return whether a name is one of the words and nothing more."""
    return lambda name: len(name.words) == 1 and name.says(words)


def is_silent_on(words: Set[str]) -> Agreement:
    """Return whether a name says none of the words."""
    return lambda name: not name.says(words)


def names_a_part_of_a_name(name: FieldName) -> bool:
    """Tell whether it is a part of a person's name, or the name of someone in a role of people."""
    if name.says(vocabulary.PART_OF_NAME):
        return not name.ends_with(vocabulary.MEASURES | vocabulary.GOODS)
    return (
        name.belongs_to(vocabulary.PERSON)
        and name.ends_with(vocabulary.NAME)
        and (not frozenset(name.words[:-1]) & vocabulary.THINGS - vocabulary.PERSON)
    )


def names_a_person(name: FieldName) -> bool:
    """Tell whether it is someone in a role that only people have."""
    return name.ends_with(vocabulary.PERSON) or (
        name.says(vocabulary.PERSON) and name.ends_with(vocabulary.PARTY)
    )


def names_a_party(name: FieldName) -> bool:
    """Tell whether it is the name of someone, or of a company or a team."""
    if name.ends_with(vocabulary.PARTY):
        return True
    return (
        name.ends_with(vocabulary.NAME)
        and not frozenset(name.words[:-1]) & vocabulary.THINGS - vocabulary.PARTY
        and (len(name.words) == 1 or name.belongs_to(vocabulary.PARTY | vocabulary.PERSON))
    )


def may_name_anyone(name: FieldName) -> bool:
    """Tell whether nothing says that it is a thing or a measure."""
    return not name.says(vocabulary.THINGS | vocabulary.GOODS | vocabulary.MEASURES)


def names_a_street(name: FieldName) -> bool:
    """Tell whether it is a street, or a line of an address."""
    if name.says(vocabulary.STREET - {"line"}):
        return not name.ends_with(vocabulary.MEASURES | vocabulary.GOODS)
    return name.ends_with(frozenset({"line"})) and name.belongs_to(vocabulary.ADDRESS)


def names_degrees(direction: Set[str]) -> Agreement:
    """Return whether a name ends in a latitude's or longitude's word, but for its unit."""

    def agrees(name: FieldName) -> bool:
        words = list(name.words)
        while words and words[-1] in _UNITS:
            words.pop()
        return bool(words) and words[-1] in direction

    return agrees
