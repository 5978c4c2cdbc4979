"""The conditions of a text: its length, patterns and formats."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from registry.compatibility.answer import NONE, Answer
from registry.compatibility.conditions import Conditions
from registry.compatibility.expressions import machine_of
from registry.compatibility.formats import IMPLIED, SAMPLES, SHAPES
from registry.compatibility.formula import Condition
from registry.compatibility.languages import Language, shortest

if TYPE_CHECKING:
    from registry.compatibility.search import Search

MAX_LENGTH: Final = 10_000
"""Characters that a document may have for a text."""
MAX_TRIES: Final = 30
"""Texts that are tried against what no automaton describes."""


class StringConditions(Conditions):
    """A range of lengths, and the patterns and formats that the text has and has not."""

    def __init__(self, search: "Search", kind: str):
        super().__init__(search, kind)
        self._least = 0
        self._most: int | None = None
        self._signs: dict[tuple[str, object], bool] = {}

    def _take(self, condition: Condition) -> bool:
        match condition:
            case ("size", least, most):
                self._least = max(self._least, least)
                if most is not None:
                    self._most = most if self._most is None else min(self._most, most)
                return self._most is None or self._least <= self._most
            case (name, about, sign):
                if self._contradicts(name, about, sign):
                    return False
                self._signs[name, about] = sign
        return True

    def _admits(self, condition: Condition) -> bool:
        return self.copied()._take(condition)

    def _contradicts(self, name: str, about: object, sign: bool) -> bool:
        if self._signs.get((name, about), sign) is not sign:
            return True
        if name != "format":
            return False
        pairs = ((about, other) if sign else (other, about) for other in self._formats(not sign))
        return any(pair in IMPLIED for pair in pairs)

    def _formats(self, sign: bool) -> list[str]:
        return [
            str(about)
            for (name, about), found in self._signs.items()
            if name == "format" and found is sign
        ]

    def _made(self) -> Answer:
        if self._most is not None and self._least > self._most:
            return NONE
        samples = [text for name in self._formats(True) for text in SAMPLES.get(name, ())]
        if (found := self.chosen(samples)).is_sure:
            return found
        if self._least > MAX_LENGTH:
            return Answer(False, doubt=f"minLength {self._least}")
        languages = self._languages()
        excluded = {key[1]: None for key in self.excluded if key[0] == "string"}
        if not languages and self._least > 50:
            return self._filled(set(excluded))
        unsure = [key for key in self._signs if key[0] != "pattern" or not self._is_covered(key)]
        for _ in range(MAX_TRIES):
            text = shortest(languages, self._least, self._most, excluded, self.search.spend)
            if text is None:
                return NONE
            if not unsure:
                return Answer(True, text, self.doubt)
            if (found := self._tried(text)).is_found:
                return found
            excluded[text] = None
        name, about = unsure[0]
        return Answer(False, doubt=f"{name} {about!r:.100}")

    def _is_covered(self, key: tuple[str, object]) -> bool:
        return machine_of(str(key[1])) is not None

    def _languages(self) -> list[Language]:
        """Return what is known of the text as regular languages; it may be more than they say."""
        languages = []
        for (name, about), sign in self._signs.items():
            text = str(about)
            pattern = text if name == "pattern" else SHAPES.get(text) if sign else None
            if pattern is not None and (machine := machine_of(pattern)):
                languages.append(self.search.language(machine, pattern, sign))
        return languages

    def _filled(self, excluded: set[object]) -> Answer:
        """Return a long text on which no pattern has a say."""
        for text in _lettered(self._least):
            if text not in excluded and (found := self._tried(text)).is_found:
                return found
        return Answer(False, doubt=f"minLength {self._least}")


def _lettered(length: int) -> Iterator[str]:
    for first in "abcdefghij":
        for last in "abcdefghij":
            yield first + "a" * (length - 2) + last
