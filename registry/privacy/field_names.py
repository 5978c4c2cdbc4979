"""The words of a field's name, whatever way they are joined."""

import re
import unicodedata
from collections.abc import Set
from functools import lru_cache
from typing import Final

from registry.privacy.vocabulary import UNSPECIFIC

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\dA-Za-z_]+")
_LONGEST_PHRASE: Final = 5
_INFLECTED: Final = {"addresses": "address", "countries": "country", "currencies": "currency"}


class FieldName:
    """A field's name, read as words.

    `billingAddress`, `BILLING_ADDRESS` and `billing address` are the words "billing" and
    "address"; accents, digits and the plural do not count. In a path, `customer.phones[]`, the
    last step is the name and the steps before tell where it belongs. The `number` or `value` of a
    phone is named by both steps.

    Attributes:
        words: the words of the name.
        owners: the words of the steps before it.
    """

    def __init__(self, path: str) -> None:
        steps = [step for step in re.split(r"[.\[\]{}/$]+", path) if step]
        self.words = words_of(steps[-1]) if steps else ()
        if len(steps) > 1 and UNSPECIFIC.issuperset(self.words):
            self.words = words_of(steps[-2]) + self.words
        self.owners = frozenset(word for step in steps[:-1] for word in words_of(step))
        self._phrases = _phrases_of(self.words)

    def says(self, phrases: Set[str]) -> bool:
        """Tell whether some words of the name, in a row and joined, are one of the phrases."""
        return not self._phrases.isdisjoint(phrases)

    def ends_with(self, words: Set[str]) -> bool:
        """Tell whether the last word, which tells what a thing is, is one of these."""
        return bool(self.words) and self.words[-1] in words

    def belongs_to(self, words: Set[str]) -> bool:
        """Tell whether a word of the steps before, or of the name but for its last, is one."""
        return not (self.owners | set(self.words[:-1])).isdisjoint(words)


def folded(text: str) -> str:
    """Return the text in lower case without accents; `ß` becomes `ss`."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of one step of a path, folded and in the singular."""
    unaccented = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", name.replace("ß", "ss"))
        if not unicodedata.combining(letter)
    )
    return tuple(_singular(folded(word)) for word in _WORD.findall(unaccented))


def _singular(word: str) -> str:
    if word in _INFLECTED:
        return _INFLECTED[word]
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] not in "sui" else word


def _phrases_of(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(
        "".join(words[start:stop])
        for start in range(len(words))
        for stop in range(start + 1, min(len(words), start + _LONGEST_PHRASE) + 1)
    )
