"""What a text that is being typed may go on as."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from projections.search.asking import Asked
from projections.search.lookup import Known
from projections.search.meaning import Forms, similar


@dataclass(frozen=True)
class Suggestion:
    """A whole text, and in how many things its last word is."""

    text: str
    count: int


def suggestions(
    asked: Asked, known: Forms, alike: Mapping[str, Sequence[Known]], limit: int
) -> list[Suggestion]:
    """Return texts that go on from the one typed, those with the most frequent last word first.

    Where no word goes on from the last one, or is it, those are suggested that resemble it; the
    words before it stay as they are, in lower case and without accents.
    """
    if not asked.wanted:
        return []
    *before, last = [word for phrase in asked.wanted for word in phrase.words]
    ends = [each for each in known.get(last, ()) if each.lexeme.startswith(last)]
    ends = ends or list(known.get(last, ())) or similar(last, alike.get(last, ()))
    used = sorted((each for each in ends if each.shared + each.own), key=_likelihood)
    return [
        Suggestion(" ".join((*before, each.lexeme)), each.shared + each.own)
        for each in used[:limit]
    ]


def _likelihood(known: Known) -> tuple[int, str]:
    return -known.shared - known.own, known.lexeme
