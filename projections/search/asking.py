"""What a user asks for: words, "phrases" and -exclusions, read from the text of a search box."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from projections.search.words import STOP_WORDS, split_words

MOST_WORDS = 16
"""Words that are looked for; what is typed beyond them is left out."""

_PIECES = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')


@dataclass(frozen=True)
class Phrase:
    """Words that follow each other: what stood in quotes, a name such as `accountId`, or one word.

    One in `quotes` is wanted to the letter; other words also stand for their inflected forms and,
    where nobody uses them, for those that look like them. With `open_end` the last word may go on.
    """

    words: tuple[str, ...]
    quoted: bool = False
    open_end: bool = False


@dataclass(frozen=True)
class Asked:
    """What is wanted, all of it, and what is not; `left_out` are words beyond the limit."""

    wanted: tuple[Phrase, ...] = ()
    unwanted: tuple[Phrase, ...] = ()
    left_out: int = 0


def read(text: str) -> Asked:
    """Return what a text asks for; there is none that cannot be read.

    The last word may be unfinished, unless a space or a quotation mark follows it. Words such as
    "the" are looked for only in quotes or on their own.
    """
    pieces = list(_pieces(text))
    telling = [piece for piece in pieces if piece[0] or _tells_something(piece[1])]
    if any(not unwanted for unwanted, _ in telling):
        pieces = telling
    kept, count = [], 0
    for unwanted, phrase in pieces:
        if room := max(0, MOST_WORDS - count):
            kept.append((unwanted, replace(phrase, words=phrase.words[:room])))
        count += len(phrase.words)
    return Asked(
        wanted=tuple(dict.fromkeys(phrase for unwanted, phrase in kept if not unwanted)),
        unwanted=tuple(dict.fromkeys(phrase for unwanted, phrase in kept if unwanted)),
        left_out=max(0, count - MOST_WORDS),
    )


def _pieces(text: str) -> Iterator[tuple[bool, Phrase]]:
    for piece in _PIECES.finditer(text):
        minus, quoted, plain = piece.groups()
        words = split_words(quoted if plain is None else plain)
        if words:
            open_end = plain is not None and not minus and piece.end() == len(text)
            yield bool(minus), Phrase(words, quoted=plain is None, open_end=open_end)


def _tells_something(phrase: Phrase) -> bool:
    return phrase.quoted or not STOP_WORDS.issuperset(phrase.words)
