"""Automata that accept texts, and the parts that they are put together from.

A part is added to an automaton after a state; Thompson's construction, with the anchors of regular
expressions as jumps (Thompson, "Regular expression search algorithm", 1968).
"""

from collections.abc import Callable
from typing import Final, TypeAlias

Ranges: TypeAlias = tuple[tuple[int, int], ...]
"""Characters: pairs of the first and the last of each run of code points, in order."""

MAX_STATES: Final = 4_000
"""States that one pattern may need."""
LAST: Final = 0x10FFFF


class Unsupported(Exception):
    """The pattern has a construct that is not covered."""


def complement(ranges: Ranges) -> Ranges:
    """Return all other characters."""
    found, start = [], 0
    for first, last in ranges:
        if start < first:
            found.append((start, first - 1))
        start = last + 1
    return (*found, (start, LAST)) if start <= LAST else tuple(found)


def union(ranges: list[tuple[int, int]]) -> Ranges:
    """Return runs in order, those that touch as one."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)


class Machine:
    """A nondeterministic automaton of one pattern.

    Attributes:
        moves: per state, the characters that lead on and the state that they lead to.
        jumps: per state, the states that nothing leads to, each with the anchor it needs: "^" the
            start of the text, "$" its end, or "".
        start: the state before the pattern.
        final: the state after it.
    """

    def __init__(self) -> None:
        self.moves: list[list[tuple[Ranges, int]]] = []
        self.jumps: list[list[tuple[str, int]]] = []
        self.start = self.final = 0

    def state(self) -> int:
        """Return a new state.

        Raises:
            Unsupported: there are too many.
        """
        if len(self.moves) >= MAX_STATES:
            raise Unsupported
        self.moves.append([])
        self.jumps.append([])
        return len(self.moves) - 1


Part: TypeAlias = Callable[[Machine, int], int]
"""Adds a part of a pattern to a machine after a state, and returns the state after the part."""


def one_of(ranges: Ranges) -> Part:
    """Return the part that is one of some characters."""
    """Return the part that is one of some characters."""

    def add(machine: Machine, state: int) -> int:
        after = machine.state()
        machine.moves[state].append((ranges, after))
        return after

    return add


def anchored(anchor: str) -> Part:
    """Return the part that is empty, where the anchor is."""
    """Return the part that is empty, where the anchor is."""

    def add(machine: Machine, state: int) -> int:
        after = machine.state()
        machine.jumps[state].append((anchor, after))
        return after

    return add


def following(parts: list[Part]) -> Part:
    """Return the part that is some parts one after the other."""
    """Return the part that is some parts one after the other."""

    def add(machine: Machine, state: int) -> int:
        for part in parts:
            state = part(machine, state)
        return state

    return add


def either(branches: list[Part]) -> Part:
    """Return the part that is any one of some parts."""
    """Return the part that is any one of some parts."""

    def add(machine: Machine, state: int) -> int:
        after = machine.state()
        for branch in branches:
            before = machine.state()
            machine.jumps[state].append(("", before))
            machine.jumps[branch(machine, before)].append(("", after))
        return after

    return add


def times(part: Part, least: int, most: int | None) -> Part:
    """Return the part that is another one so many times; with no bound if `most` is None."""
    """Return the part that is another one so many times; with no bound if `most` is None."""

    def add(machine: Machine, state: int) -> int:
        for _ in range(least):
            state = part(machine, state)
        if most is None:
            before = machine.state()
            machine.jumps[state].append(("", before))
            machine.jumps[part(machine, before)].append(("", before))
            state = machine.state()
            machine.jumps[before].append(("", state))
            return state
        after = machine.state()
        machine.jumps[state].append(("", after))
        for _ in range(most - least):
            state = part(machine, state)
            machine.jumps[state].append(("", after))
        return after

    return add
