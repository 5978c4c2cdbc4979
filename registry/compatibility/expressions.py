"""Regular expressions of ECMA-262 as automata, as far as they describe regular languages.

What is not covered (look-around, back references, word boundaries, Unicode properties, flags) is
told, never guessed. A pattern is searched for, so it holds for a text that has it anywhere.
"""

from functools import lru_cache
from typing import Final

from registry.compatibility.automata import (
    Machine,
    Part,
    Ranges,
    Unsupported,
    anchored,
    complement,
    either,
    following,
    one_of,
    times,
    union,
)

_DIGIT: Final[Ranges] = ((48, 57),)
_WORD: Final[Ranges] = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACE: Final[Ranges] = (
    *((9, 13), (32, 32), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A)),
    *((0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)),
)
_CONTROLS: Final = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
_SYNTAX: Final = set("^$\\.*+?()[]{}|/-")


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
        return branches[0] if len(branches) == 1 else either(branches)

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
        return following(parts)

    def _repeated(self) -> Part:
        part = self._piece()
        least, most = self._count()
        if (least, most) == (1, 1):
            return part
        self._takes("?")  # what a lazy repetition matches first makes no difference
        if self._at < len(self._pattern) and self._pattern[self._at] in "*+?{":
            raise Unsupported
        return times(part, least, most)

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
                return one_of(self._set())
            case ".":
                return one_of(complement(((10, 10),)))
            case "^" | "$" as anchor:
                return anchored(anchor)
            case "\\":
                return one_of(self._escaped())
            case "*" | "+" | "?" | "{" | "}" | "]":
                raise Unsupported
            case other:
                return one_of(((ord(other), ord(other)),))

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
