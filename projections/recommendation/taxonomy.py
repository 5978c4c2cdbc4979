"""Taxonomies: what industries and use cases are called, and how near they are to each other."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

from projections.recommendation.words import Spellings, squeezed, stems, telling, words

LONGEST = 4
"""How many words the name of a concept has at most."""

SURE_LETTERS = 8
"""From how many letters on a word in passing is taken for a name that it nearly spells."""

SPELT_RIGHT, MISSPELT, MENTIONED = 1.0, 0.97, 0.95
"""How sure it is that a concept is meant, by how it was found."""

PART, WHOLE, SIBLING = 0.85, 0.8, 0.5
"""How well the templates of a concept serve a broader one, a narrower one, and one beside it."""


class Match(NamedTuple):
    """A concept that a text names, how sure that is, and the words by which it does."""

    concept: str
    certainty: float
    said: str


@dataclass(frozen=True, kw_only=True)
class Concept:
    """An industry or a use case: other names, what it is a part of, and what is near it."""

    also: Sequence[str] = ()
    broader: str | None = None
    near: Mapping[str, float] = field(default_factory=dict)


class Taxonomy:
    """Concepts by the slug that templates use, found by any of their names."""

    def __init__(self, concepts: Mapping[str, Concept]) -> None:
        self._concepts = concepts
        names = [
            (name, slug) for slug, concept in concepts.items() for name in (slug, *concept.also)
        ]
        self._names = {squeezed(stems(name)): slug for name, slug in names}
        self._spelt = {squeezed(words(name)): slug for name, slug in names}
        self._spellings = Spellings(self._spelt)

    @classmethod
    def shipped(cls, name: str) -> "Taxonomy":
        """Return the taxonomy of the table that ships under that name."""
        table = shipped_table(name)
        return cls({slug: Concept(**(concept or {})) for slug, concept in table.items()})

    @property
    def slugs(self) -> Sequence[str]:
        """The concepts as templates name them."""
        return list(self._concepts)

    def concept(self, slug: str) -> str:
        """Return the concept that a template's slug means; a slug unknown is one of its own."""
        return self._names.get(squeezed(stems(slug)), slug)

    def find(self, text: str) -> list[Match]:
        """Return the concepts that a short text names: as a whole, misspelt, or in passing."""
        key = squeezed(stems(text))
        if key in self._names:
            return [Match(self._names[key], SPELT_RIGHT, text)]
        spelt = squeezed(words(text))
        if near := self._spellings.nearest(spelt):
            return [Match(self._spelt[near], SPELT_RIGHT if near == spelt else MISSPELT, text)]
        found = self.mentions(text)
        share = _understood(text, found)
        return [match._replace(certainty=match.certainty * math.sqrt(share)) for match in found]

    def mentions(self, text: str) -> list[Match]:
        """Return the concepts that a text mentions, each once, by the longest names first."""
        said, parts = words(text), stems(text)
        found: dict[str, Match] = {}
        taken: set[int] = set()
        for start, end in _spans(len(parts)):
            slug = self._names.get(squeezed(parts[start:end]))
            if slug and taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                before = f"{found[slug].said} " if slug in found else ""
                found[slug] = Match(slug, MENTIONED, before + " ".join(said[start:end]))
        for place, word in enumerate(said):
            near = self._spellings.nearest(word) if len(word) >= SURE_LETTERS else None
            if near and place not in taken:
                slug = self._spelt[near]
                found.setdefault(slug, Match(slug, MENTIONED, word))
        return list(found.values())

    @cache  # noqa: B019 - there are a few taxonomies, as long as the process lives
    def likeness(self, one: str, other: str) -> float:
        """Return how well the templates of one concept serve another, 0 to 1."""
        if one == other:
            return 1.0
        this, that = self._concept(one), self._concept(other)
        told = max(this.near.get(other, 0.0), that.near.get(one, 0.0))
        if that.broader == one:
            return max(told, PART)
        if this.broader == other:
            return max(told, WHOLE)
        if this.broader and this.broader == that.broader:
            return max(told, SIBLING)
        return told

    @cache  # noqa: B019
    def relatives(self, concept: str) -> Mapping[str, float]:
        """Return every slug under which templates may serve the concept, with how well."""
        relatives = {concept: 1.0}
        for slug, other in self._concepts.items():
            if likeness := self.likeness(concept, slug):
                names = (slug, *("_".join(words(name)) for name in other.also))
                relatives |= {name: max(likeness, relatives.get(name, 0.0)) for name in names}
        return relatives

    def _concept(self, slug: str) -> Concept:
        return self._concepts.get(slug, _UNKNOWN)


_UNKNOWN = Concept()


def shipped_table(name: str) -> dict[str, Any]:
    """Return the table `name`.yaml of this package."""
    table: dict[str, Any] = yaml.safe_load((files(__package__) / f"{name}.yaml").read_text("utf-8"))
    return table


def _understood(phrase: str, found: Sequence[Match]) -> float:
    """Return which share of a phrase names concepts or regions: half of `diving school`."""
    said = (match.said for match in (*found, *regions().mentions(phrase)))
    known = telling(" ".join(said))
    about = telling(phrase) | known
    return len(known) / len(about) if about else 1.0


def _spans(count: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of so many words, the longest first."""
    for length in range(min(LONGEST, count), 0, -1):
        for start in range(count - length + 1):
            yield start, start + length


@cache
def industries() -> Taxonomy:
    """Return the taxonomy of industries."""
    return Taxonomy.shipped("industries")


@cache
def regions() -> Taxonomy:
    """Return the taxonomy of regions."""
    return Taxonomy.shipped("regions")


@cache
def use_cases() -> Taxonomy:
    """Return the taxonomy of use cases."""
    return Taxonomy.shipped("use_cases")
