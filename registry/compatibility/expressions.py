"""Regular expressions of ECMA-262 as automata, as far as they describe regular languages.

What is not covered (look-around, back references, word boundaries, Unicode properties, flags) is
told, never guessed. A pattern is searched for, so it holds for a text that has it anywhere.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeAlias

Ranges: TypeAlias = tuple[tuple[int, int], ...]
"""Characters: pairs of the first and the last of each run of code points, in order."""

MAX_STATES: Final = 4_000
"""States that one pattern may need."""
LAST: Final = 0x10FFFF

_DIGIT: Final[Ranges] = ((48, 57),)
_WORD: Final[Ranges] = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACE: Final[Ranges] = (
    *((9, 13), (32, 32), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A)),
    *((0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)),
)
_CONTROLS: Final = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
_SYNTAX: Final = set("^$\\.*+?()[]{}|/-")


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


@lru_cache(maxsize=512)
def machine_of(pattern: str) -> Machine | None:
    """Return the automaton of a pattern, or None if the pattern has what is not covered."""
    parser = _Parser(pattern)
    machine = Machine()
    try:
        part = parser.alternatives()
        if parser.rest:
            return None
        machine.start = machine.state()
        machine.final = part(machine, machine.start)
    except (Unsupported, RecursionError):
        return None
    return machine


class _Parser:
    def __init__(self, pattern: str):
        self._pattern = pattern
        self._at = 0

    @property
    def rest(self) -> str:
        """What is not read yet."""
        return self._pattern[self._at :]

    def alternatives(self) -> Part:
        branches = [self._sequence()]
        while self._takes("|"):
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else _either(branches)

    def _takes(self, text: str) -> bool:
        found = self._pattern.startswith(text, self._at)
        self._at += len(text) * found
        return found

    def _next(self) -> str:
        if self._at >= len(self._pattern):
            raise Unsupported
        self._at += 1
        return self._pattern[self._at - 1]

    def _sequence(self) -> Part:
        parts = []
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            parts.append(self._repeated())
        return _following(parts)

    def _repeated(self) -> Part:
        part = self._piece()
        least, most = self._count()
        if (least, most) == (1, 1):
            return part
        self._takes("?")  # what a lazy repetition matches first makes no difference
        if self._at < len(self._pattern) and self._pattern[self._at] in "*+?{":
            raise Unsupported
        return _times(part, least, most)

    def _count(self) -> tuple[int, int | None]:
        for sign, count in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._takes(sign):
                return count
        if not self._takes("{"):
            return 1, 1
        text, closed, _ = self.rest.partition("}")
        least, comma, most = text.partition(",")
        if not closed or not least.isdecimal() or (most and not most.isdecimal()):
            raise Unsupported
        self._at += len(text) + 1
        if len(least) > 4 or len(most) > 4:
            raise Unsupported
        if not comma:
            return int(least), int(least)
        return int(least), int(most) if most else None

    def _piece(self) -> Part:
        match self._next():
            case "(":
                return self._group()
            case "[":
                return _one_of(self._set())
            case ".":
                return _one_of(complement(((10, 10),)))
            case "^" | "$" as anchor:
                return _anchored(anchor)
            case "\\":
                return _one_of(self._escaped())
            case "*" | "+" | "?" | "{" | "}" | "]":
                raise Unsupported
            case other:
                return _one_of(((ord(other), ord(other)),))

    def _group(self) -> Part:
        if self._takes("?") and not self._takes(":"):
            raise Unsupported
        part = self.alternatives()
        if not self._takes(")"):
            raise Unsupported
        return part

    def _escaped(self) -> Ranges:
        match self._next():
            case "d":
                return _DIGIT
            case "D":
                return complement(_DIGIT)
            case "w":
                return _WORD
            case "W":
                return complement(_WORD)
            case "s":
                return _SPACE
            case "S":
                return complement(_SPACE)
            case "x":
                return self._code(2)
            case "u":
                return self._code(4)
            case letter if letter in _CONTROLS:
                return ((_CONTROLS[letter],) * 2,)
            case sign if sign in _SYNTAX:
                return ((ord(sign),) * 2,)
        raise Unsupported

    def _code(self, digits: int) -> Ranges:
        text = self.rest[:digits]
        self._at += digits
        try:
            code = int(text, 16) if len(text) == digits and text.isalnum() else -1
        except ValueError:
            code = -1
        if code < 0 or 0xD800 <= code <= 0xDFFF:
            raise Unsupported
        return ((code, code),)

    def _set(self) -> Ranges:
        is_negated = self._takes("^")
        found: list[tuple[int, int]] = []
        while not self._takes("]"):
            first = self._member()
            if self.rest.startswith("-") and not self.rest.startswith("-]"):
                self._at += 1
                last = self._member()
                if len(first) > 1 or len(last) > 1 or first[0][0] > last[0][1]:
                    raise Unsupported
                if first[0][0] != first[0][1] or last[0][0] != last[0][1]:
                    raise Unsupported
                first = ((first[0][0], last[0][1]),)
            found.extend(first)
        if not found:
            raise Unsupported
        return complement(union(found)) if is_negated else union(found)

    def _member(self) -> Ranges:
        character = self._next()
        if character == "\\":
            return self._escaped()
        if character in "[&~" and self.rest.startswith(character):
            raise Unsupported  # the operators of sets in newer editions
        return ((ord(character), ord(character)),)


def _one_of(ranges: Ranges) -> Part:
    def add(machine: Machine, state: int) -> int:
        after = machine.state()
        machine.moves[state].append((ranges, after))
        return after

    return add


def _anchored(anchor: str) -> Part:
    def add(machine: Machine, state: int) -> int:
        after = machine.state()
        machine.jumps[state].append((anchor, after))
        return after

    return add


def _following(parts: list[Part]) -> Part:
    def add(machine: Machine, state: int) -> int:
        for part in parts:
            state = part(machine, state)
        return state

    return add


def _either(branches: list[Part]) -> Part:
    def add(machine: Machine, state: int) -> int:
        after = machine.state()
        for branch in branches:
            before = machine.state()
            machine.jumps[state].append(("", before))
            machine.jumps[branch(machine, before)].append(("", after))
        return after

    return add


def _times(part: Part, least: int, most: int | None) -> Part:
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
