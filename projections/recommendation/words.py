"""Words: how names and phrases are taken apart, and which spellings mean the same."""

import re
from collections.abc import Iterable
from functools import lru_cache

_BOUNDARY = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=65_536)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a phrase or a code-like name (`accountId`, `account_id`), in order."""
    return tuple(_WORD.findall(_BOUNDARY.sub(" ", text).casefold()))


STOP_WORDS = frozenset(
    words(
        "a about all also an and any are as at be because been being but by can company could"
        " data dataset datasets do does during each etc every first for from get give had has"
        " have help how i if in into is it its just kind know like made make many may more"
        " most much must need needs new no not of on one only or other our ours out over own"
        " per please same see several should show so some such sure template templates than"
        " that the their them then there these they thing things this those through to too up"
        " us use used uses using very want wants was we well were what when where which while"
        " who whose will with would you your"
    )
)
"""Words that tell nothing of what is wanted."""


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return what a word has in common with its plural and its form in -ing."""
    if len(word) > 6 and word.endswith("ing"):
        return word[:-3]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@lru_cache(maxsize=65_536)
def stems(text: str) -> tuple[str, ...]:
    """Return the stems of a text's words, in order."""
    return tuple(map(stem, words(text)))


def squeezed(parts: Iterable[str]) -> str:
    """Return stems without what is between them: `git hub` and `GitHub` are one."""
    return "".join(parts)


def telling(text: str) -> frozenset[str]:
    """Return the stems of the words that tell something."""
    return frozenset(stem(word) for word in words(text) if word not in STOP_WORDS and len(word) > 1)


class Spellings:
    """Finds the known word nearest to a misspelt one.

    Words that differ by one letter have a form in common from which a letter is missing
    (symmetric deletion), so a few look-ups find what could be meant.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known: dict[str, list[str]] = {}
        for word in known:
            for form in _forms(word):
                self._known.setdefault(form, []).append(word)

    def nearest(self, word: str) -> str | None:
        """Return the known word that is one letter away, or two if it is long."""
        allowed = 0 if len(word) < 4 else 1 if len(word) < 8 else 2
        near = {
            (distance(word, known), known)
            for form in _forms(word)
            for known in self._known.get(form, ())
        }
        found = min(near, default=(allowed + 1, ""))
        return found[1] if found[0] <= allowed else None


def _forms(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def distance(one: str, other: str) -> int:
    """Return how many letters were added, left out, replaced or swapped with their neighbours."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        further = [i]
        for j, wanted in enumerate(other, 1):
            least = min(row[j] + 1, further[j - 1] + 1, row[j - 1] + (letter != wanted))
            if before and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                least = min(least, before[j - 2] + 1)
            further.append(least)
        before, row = row, further
    return row[-1]
