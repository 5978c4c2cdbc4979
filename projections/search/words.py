"""Words: how texts and code-like names are split, folded and told apart from noise."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, pairwise
from unicodedata import combining, normalize

MOST_CHARACTERS = 60
"""Characters of a word that count; what follows is cut off."""

STOP_WORDS = frozenset(
    """
    a an and are as at be by for from has have how in is it of on or that the this to was what which
    with
    """.split()  # noqa: SIM905 - a list of quoted words is harder to read
)
"""Words that are not looked for when a user types others beside them."""

_RUNS = re.compile(r"[^\W\d_]+|\d+")
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


NAME = 100
"""Characters up to which a text may be a name, which is met again and again."""


def split_words(text: str) -> tuple[str, ...]:
    """Return the words of a text in order, without accents and case; names of code are split.

    Example:
        `accountId`, `account_id` and `Account-ID` all give account, id; `HTTPServer2` gives http,
        server, 2; `Größe` gives grosse.
    """
    return _split_name(text) if len(text) <= NAME else _split(text)


def _split(text: str) -> tuple[str, ...]:
    if not text.isascii():
        text = "".join(each for each in normalize("NFKD", text) if not combining(each))
    return tuple(
        word.casefold()[:MOST_CHARACTERS]
        for run in _RUNS.findall(text)
        for word in _HUMPS.split(run)
    )


_split_name = lru_cache(maxsize=65_536)(_split)


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield where in a text its words stand, as it is written: from where to where."""
    for run in _RUNS.finditer(text):
        humps = [run.start() + hump.start() for hump in _HUMPS.finditer(run[0])]
        yield from pairwise((run.start(), *humps, run.end()))


@lru_cache(maxsize=65_536)
def slips(word: str, most: int = 1) -> tuple[str, ...]:
    """Return the word, and what is left of it after leaving out up to `most` of its characters.

    Two words that differ by one slip of the finger have one of these in common: the symmetric
    delete algorithm (W. Garbe, SymSpell, 2012). A plural has those of its singular as well.
    """
    left = set()
    for form in {word, _singular(word)}:
        left.add(form)
        for count in range(1, min(most, len(form) - 1) + 1):
            left.update("".join(kept) for kept in combinations(form, len(form) - count))
    return tuple(sorted(left))


def tolerance(word: str) -> int:
    """Return how many slips a word may hold and still be taken for another one."""
    if word.isdigit() or len(word) < 4:
        return 0
    return 1 if len(word) < 8 else 2


def distance(one: str, other: str) -> int:
    """Return how many insertions, deletions, replacements and swaps of neighbours tell two apart.

    This is the optimal string alignment distance (restricted Damerau-Levenshtein).
    """
    older: list[int] = []
    before = list(range(len(other) + 1))
    for row, left in enumerate(one, 1):
        now = [row]
        for column, right in enumerate(other, 1):
            least = min(before[column] + 1, now[-1] + 1, before[column - 1] + (left != right))
            if row > 1 and column > 1 and (left, one[row - 2]) == (other[column - 2], right):
                least = min(least, older[column - 2] + 1)
            now.append(least)
        older, before = before, now
    return before[-1]


def resemblance(one: str, other: str) -> int:
    """Return how many slips tell two words apart, be they in the plural or not."""
    return min(distance(one, other), distance(_singular(one), _singular(other)))


def _singular(word: str) -> str:
    return word.removesuffix("s")
