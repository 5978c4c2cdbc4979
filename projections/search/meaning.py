"""What a question means, given the words in use: forms, continuations, corrections, frequencies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from projections.search.asking import Asked, Phrase
from projections.search.lookup import Known
from projections.search.words import resemblance, tolerance

Forms = Mapping[str, Sequence[Known]]
"""The words in use that a typed one stands for, the word itself first."""

MOST_CORRECTIONS = 4


@dataclass(frozen=True)
class Sought:
    """What a phrase is looked for as: for each place in turn the words any of which may stand."""

    places: tuple[tuple[Known, ...], ...]


@dataclass(frozen=True)
class Meaning:
    """What is looked for, and how it differs from what was typed.

    `corrected` are words that nobody uses with those taken for them; `unknown` are those that
    resemble none, so that nothing can be found.
    """

    wanted: tuple[Sought, ...] = ()
    unwanted: tuple[Sought, ...] = ()
    typed: frozenset[str] = frozenset()
    corrected: Mapping[str, Sequence[str]] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    @property
    def lexemes(self) -> list[str]:
        """The words that are looked for, in any place."""
        return sorted(
            {known.lexeme for each in self.wanted for place in each.places for known in place}
        )


def forms(rows: Iterable[Sequence[Any]] | None) -> dict[str, list[Known]]:
    """Return a look-up's first array by the words that were asked for."""
    found: dict[str, list[Known]] = {}
    for word, *known in rows or ():
        found.setdefault(word, []).append(Known(*known))
    return found


def unused(asked: Asked, known: Forms) -> list[str]:
    """Return the words wanted that nobody uses in any form, and that are not in quotes."""
    return [
        word
        for phrase in asked.wanted
        if not phrase.quoted
        for word in dict.fromkeys(phrase.words)
        if word not in known
    ]


def similar(word: str, candidates: Iterable[Known]) -> list[Known]:
    """Return the words that a mistyped one may have meant, the nearest and most frequent first."""
    near = [
        (far, -known.shared - known.own, known.lexeme, known)
        for known in candidates
        if (far := resemblance(word, known.lexeme)) <= tolerance(word)
    ]
    near.sort(key=lambda each: each[:3])
    return [known for far, *_, known in near if far == near[0][0]][:MOST_CORRECTIONS]


def halves(word: str, parts: Mapping[str, Known]) -> tuple[Known, Known] | None:
    """Return the two words that one is made up of, the more frequent the better; None if none."""
    pairs = [
        (parts[word[:at]], parts[word[at:]])
        for at in range(2, len(word) - 1)
        if word[:at] in parts and word[at:] in parts
    ]
    return max(
        pairs, default=None, key=lambda pair: min(known.shared + known.own for known in pair)
    )


def understood(asked: Asked, known: Forms, alike: Forms, parts: Mapping[str, Known]) -> Meaning:
    """Return what was asked for in words that are in use."""
    corrected: dict[str, Sequence[str]] = {}
    unknown: list[str] = []

    def places(word: str, quoted: bool) -> list[tuple[Known, ...]]:
        if word in known:
            exact = tuple(each for each in known[word] if each.lexeme == word)
            return [exact or (Known(word, 0, 0),)] if quoted else [tuple(known[word])]
        if not quoted and (pair := halves(word, parts)):
            corrected[word] = [" ".join(each.lexeme for each in pair)]
            return [(each,) for each in pair]
        if not quoted and (near := similar(word, alike.get(word, ()))):
            corrected[word] = [each.lexeme for each in near]
            return [tuple(near)]
        unknown.append(word)
        return [(Known(word, 0, 0),)]

    def sought(phrase: Phrase) -> Sought:
        return Sought(
            tuple(place for word in phrase.words for place in places(word, phrase.quoted))
        )

    wanted = tuple(map(sought, asked.wanted))
    missing = tuple(dict.fromkeys(unknown))
    unwanted = tuple(
        sought(phrase) for phrase in asked.unwanted if all(word in known for word in phrase.words)
    )
    typed = frozenset(word for phrase in asked.wanted for word in phrase.words)
    return Meaning(wanted, unwanted, typed, corrected, missing)
