"""Texts that match some patterns and not others: the shortest one, or the proof of none."""

from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import pairwise
from typing import Final, TypeAlias

from registry.compatibility.automata import LAST, Machine

State: TypeAlias = tuple[frozenset[int], bool]
"""The states a machine may be in, and whether the text is at its start; see `Machine`."""

_PREFERRED: Final = tuple(map(ord, "a0A -_./:@b1Bc"))


class Language:
    """The texts in which a pattern is found, or those in which it is not."""

    def __init__(self, machine: Machine, is_wanted: bool):
        self._machine = machine
        self._is_wanted = is_wanted
        self._steps: dict[tuple[State, int], State] = {}
        self._verdicts: dict[State, bool] = {}
        self.start: State = (self._closed({machine.start}, at_start=True), True)

    def step(self, state: State, character: int) -> State:
        """Return the state after one more character."""
        key = (state, character)
        if key not in self._steps:
            machine = self._machine
            if machine.final in state[0]:
                self._steps[key] = state
            else:
                reached = {
                    after
                    for before in state[0]
                    for ranges, after in machine.moves[before]
                    if any(first <= character <= last for first, last in ranges)
                }
                self._steps[key] = (self._closed(reached | {machine.start}), False)
        return self._steps[key]

    def accepts(self, state: State) -> bool:
        """Tell whether a text that ends in a state belongs to the language."""
        if state not in self._verdicts:
            ended = self._closed(set(state[0]), at_start=state[1], at_end=True)
            self._verdicts[state] = (self._machine.final in ended) is self._is_wanted
        return self._verdicts[state]

    def is_settled(self, state: State) -> bool:
        """Tell whether no text that begins so belongs to the language."""
        return not self._is_wanted and self._machine.final in state[0]

    @cached_property
    def bounds(self) -> frozenset[int]:
        """The code points at which a run of characters begins."""
        return frozenset(
            bound
            for moves in self._machine.moves
            for ranges, _ in moves
            for first, last in ranges
            for bound in (first, last + 1)
        )

    def _closed(
        self, states: set[int], *, at_start: bool = False, at_end: bool = False
    ) -> frozenset[int]:
        waiting = list(states)
        while waiting:
            for anchor, after in self._machine.jumps[waiting.pop()]:
                may_pass = not anchor or (at_start if anchor == "^" else at_end)
                if may_pass and after not in states:
                    states.add(after)
                    waiting.append(after)
        return frozenset(states)


def shortest(
    languages: list[Language],
    least: int,
    most: int | None,
    excluded: Iterable[str],
    spend: Callable[[int], None],
) -> str | None:
    """Return a shortest text that belongs to all languages, or None if there is none.

    Args:
        languages: what the text has to belong to.
        least: the fewest characters.
        most: the most characters.
        excluded: texts that are not wanted.
        spend: called with the work done, which it may refuse by an exception.
    """
    alphabet = _alphabet(languages, excluded)
    prefixes = {text[:end] for text in excluded for end in range(len(text) + 1)}
    unwanted = set(excluded)
    start = (tuple(each.start for each in languages), 0, "" if prefixes else None)
    texts: dict[object, str] = {start: ""}
    waiting = [start]
    for at in waiting:
        states, length, prefix = at
        text = texts[at]
        is_accepted = all(map(Language.accepts, languages, states))
        if is_accepted and len(text) >= least and text not in unwanted:
            return text
        if len(text) == most:
            continue
        spend(len(alphabet) * (1 + sum(len(each) for each, _ in states) // 4))
        for character in alphabet:
            longer = text + chr(character)
            after = tuple(
                each.step(state, character) for each, state in zip(languages, states, strict=True)
            )
            if any(map(Language.is_settled, languages, after)):
                continue
            kept = longer if prefix is not None and longer in prefixes else None
            reached = (after, min(length + 1, least), kept)
            if reached not in texts:
                texts[reached] = longer
                waiting.append(reached)
    return None


def _alphabet(languages: list[Language], excluded: Iterable[str]) -> list[int]:
    """Return one character of each run of those that no language tells apart."""
    told = {code for text in excluded for letter in text for code in (ord(letter), ord(letter) + 1)}
    bounds = sorted(
        {0, 1, LAST + 1, 0xD800, 0xE000}.union(told, *(each.bounds for each in languages))
    )
    alphabet = []
    for first, after in pairwise(bounds):
        if 0xD800 <= first < 0xE000 or first > LAST:
            continue
        liked = (each for each in _PREFERRED if first <= each < after)
        printable = 161 if first < 161 < after else first
        alphabet.append(next(liked, printable))
    return sorted(alphabet, key=lambda code: (code not in _PREFERRED, code < 33, code))
