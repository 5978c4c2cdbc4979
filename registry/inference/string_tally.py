"""The tally of strings."""

from collections.abc import Sequence
from operator import mul
from typing import Final, Self

from registry.inference.fixed_layouts import left_open
from registry.inference.formats import all_show, recognise
from registry.inference.tally import Counts, SampledTally
from registry.inference.text_block import TextBlock, digest_of_text

WAITING_CHARACTERS: Final = 1024
"""Characters of a text that may wait; a longer one is worked in at once."""

KEPT_CHARACTERS: Final = 101
"""Characters kept of a text; its digest, length and format are those of the whole."""


class StringTally(SampledTally[str]):
    """The strings at one path.

    Attributes:
        characters: the length of all of them together, in Unicode code points.
        fewest_characters: the length of the shortest; 0 if there is none.
        most_characters: the length of the longest; 0 if there is none.
        format: the format every one of them shows, or None.
    """

    __slots__ = ("characters", "fewest_characters", "format", "most_characters")

    def __init__(self) -> None:
        super().__init__()
        self.characters = 0
        self.fewest_characters = 0
        self.most_characters = 0
        self.format: str | None = None

    def observe(self, values: list[str]) -> None:
        """Let strings wait, and work in all that wait when they have become many or long."""
        super().observe(values)
        if self._waiting and max(map(len, values)) > WAITING_CHARACTERS:
            self.settle()

    def merge(self, other: Self) -> None:
        """Take in the other; a format remains if all strings of both show it."""
        self.settle()
        other.settle()
        if not other.count:
            return
        if not self.count:
            self.format, self.fewest_characters = other.format, other.fewest_characters
        elif other.format != self.format:
            self.format = None
        self.characters += other.characters
        self.fewest_characters = min(self.fewest_characters, other.fewest_characters)
        self.most_characters = max(self.most_characters, other.most_characters)
        super().merge(other)

    def _work_in(self, values: Sequence[str], counts: Counts) -> None:
        block = TextBlock(values)
        name = self._format_expected(values)
        self.format = name if name and all_show(name, left_open(name, values, block)) else None
        lengths = block.characters
        self.characters += int(lengths @ counts)
        self._widen_lengths(int(lengths.min()), int(lengths.max()))
        self._widen(*map(_kept_form_of, block.extremes()))
        self.sketch.absorb(values, block.digests(), counts, _kept_form_of)

    def _work_in_few(self, values: list[str], counts: list[int]) -> None:
        name = self._format_expected(values)
        self.format = name if name and all_show(name, values) else None
        lengths = list(map(len, values))
        self.characters += sum(map(mul, lengths, counts))
        self._widen_lengths(min(lengths), max(lengths))
        self._widen(_kept_form_of(min(values)), _kept_form_of(max(values)))
        self.sketch.absorb_few(values, list(map(digest_of_text, values)), counts, _kept_form_of)

    def _format_expected(self, values: Sequence[str]) -> str | None:
        return recognise(values[0]) if self.minimum is None else self.format

    def _widen_lengths(self, shortest: int, longest: int) -> None:
        is_first = self.minimum is None
        self.fewest_characters = shortest if is_first else min(self.fewest_characters, shortest)
        self.most_characters = max(self.most_characters, longest)

    def _facts(self) -> tuple[object, ...]:
        lengths = self.characters, self.fewest_characters, self.most_characters
        return *super()._facts(), self.format, *lengths


def _kept_form_of(text: str) -> str:
    return text[:KEPT_CHARACTERS]
