"""One way through the alternatives of formulas, down to conditions that all have to be met."""

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Final

from registry.compatibility.arrays import ArrayConditions
from registry.compatibility.conditions import Conditions
from registry.compatibility.formula import FALSE, TRUE, Formula, Signed, both, negated
from registry.compatibility.numbers import NumberConditions
from registry.compatibility.objects import ObjectConditions
from registry.compatibility.strings import StringConditions

if TYPE_CHECKING:
    from registry.compatibility.search import Search

MAX_LOOK: Final = 6
"""Schemas within schemas that are looked into before one is chosen."""

_CONDITIONS: Final[dict[str, type[Conditions]]] = {
    "null": Conditions,
    "boolean": Conditions,
    "number": NumberConditions,
    "string": StringConditions,
    "array": ArrayConditions,
    "object": ObjectConditions,
}


class Branch:
    """What is certain, and the alternatives that are still to be chosen from.

    Attributes:
        conditions: what is to be met in any case.
        choices: formulas of which no part is certain, and for each whether it says what is to be
            refused. These are chosen from first: a proof by cases goes by what may be violated.
    """

    def __init__(self, search: "Search", kind: str, formulas: list[Formula]):
        self.conditions = _CONDITIONS[kind](search, kind)
        self.choices: list[tuple[Formula, bool]] = []
        self._search = search
        self._kind = kind
        self._waiting = [(each, False) for each in formulas]
        self._seen: set[Signed] = set()

    def settle(self) -> bool:
        """Gather all that is certain, and tell whether it is free of contradiction."""
        while True:
            while self._waiting:
                if not self._take(*self._waiting.pop()):
                    return False
            remaining = []
            for choice, is_refusal in self.choices:
                found = self._reduced(choice)
                if found == FALSE:
                    return False
                if found[0] in ("or", "one"):
                    remaining.append((found, is_refusal))
                elif found != TRUE:
                    self._waiting.append((found, is_refusal))
            self.choices = remaining
            if not self._waiting:
                return True

    def split(self) -> Iterator["Branch"]:
        """Yield a branch for each alternative of one choice, in their order."""
        first = min(self.choices, key=lambda each: (not _is_case(*each), _width(each[0])))
        self.choices.remove(first)
        choice, is_refusal = first
        for formula in _alternatives(choice):
            self._search.spend(1 + len(self.choices) // 8)
            branch = Branch(self._search, self._kind, [])
            branch.conditions = self.conditions.copied()
            branch.choices = self.choices.copy()
            branch._seen = self._seen.copy()
            branch._waiting = [(formula, is_refusal)]
            yield branch

    def _take(self, formula: Formula, is_refusal: bool) -> bool:
        self._search.spend(1)
        match formula:
            case ("and", *parts):
                self._waiting.extend((each, is_refusal) for each in reversed(parts))
            case ("or" | "one", *_):
                self.choices.append((formula, is_refusal))
            case ("schema", (number, sign) as signed):
                if (number, not sign) in self._seen:
                    return False
                if signed not in self._seen:
                    self._seen.add(signed)
                    inner = self._search.formulas.of(signed, self._kind)
                    self._waiting.append((inner, is_refusal or not sign))
            case _:
                return self.conditions.take(formula)
        return True

    def _reduced(self, choice: Formula) -> Formula:
        """Return a choice without what is refuted, `TRUE` if it is certain."""
        if choice[0] == "one":
            return self._reduced_one(choice)
        found: dict[Formula, None] = {}
        waiting = list(reversed(choice[1:]))
        while waiting:
            part = waiting.pop()
            if part[0] == "or":
                waiting.extend(reversed(part[1:]))
                continue
            truth = self._truth(part)
            if truth:
                return TRUE
            if truth is None:
                found[part] = None
        return next(iter(found)) if len(found) == 1 else ("or", *found)

    def _reduced_one(self, choice: Formula) -> Formula:
        _, sign, *parts = choice
        truths = [(part, self._truth(part)) for part in parts]
        certain = sum(truth is True for _, truth in truths)
        unsure = [part for part, truth in truths if truth is None]
        if certain > 1 or not unsure:
            return TRUE if (certain == 1) is sign else FALSE
        if certain == 1:
            return both([negated(each) for each in unsure]) if sign else _either(unsure)
        if len(unsure) == 1:
            return unsure[0] if sign else negated(unsure[0])
        return ("one", sign, *unsure)

    def _truth(self, part: Formula, level: int = 0) -> bool | None:
        """Tell whether a formula is certain or refuted, or None if neither is seen at a glance."""
        self._search.spend(1)
        match part:
            case ("and", *parts):
                return self._truth_of_all(parts, True, level)
            case ("or", *parts):
                return self._truth_of_all(parts, False, level)
            case ("one", *_):
                return None
            case ("schema", (number, sign) as signed):
                if signed in self._seen:
                    return True
                if (number, not sign) in self._seen:
                    return False
                inner = self._search.formulas.of(signed, self._kind)
                return self._truth(inner, level + 1) if level < MAX_LOOK else None
        if not self.conditions.admits(part):
            return False
        opposite = negated(part)
        if opposite[0] in ("and", "or"):
            return None
        return None if self.conditions.admits(opposite) else True

    def _truth_of_all(self, parts: list[Formula], sign: bool, level: int) -> bool | None:
        """Return the truth of an "and" if the sign is true, of an "or" if it is false."""
        found: bool | None = sign
        for part in parts:
            truth = self._truth(part, level)
            if truth is (not sign):
                return truth
            found = None if truth is None else found
        return found


def _either(parts: list[Formula]) -> Formula:
    return parts[0] if len(parts) == 1 else ("or", *parts)


def _is_case(choice: Formula, is_refusal: bool) -> bool:
    """Tell whether a choice is between the ways of being refused."""
    return is_refusal and choice[0] == "or"


def _width(choice: Formula) -> int:
    """Return how many branches a choice leads to."""
    if choice[0] == "or":
        return len(choice) - 1
    _, sign, *parts = choice
    return len(parts) if sign else 1 + len(parts) * (len(parts) - 1) // 2


def _alternatives(choice: Formula) -> list[Formula]:
    if choice[0] == "or":
        return list(choice[1:])
    _, sign, *parts = choice
    opposites = [negated(each) for each in parts]
    if not sign:
        return [both(opposites), *(both(list(pair)) for pair in combinations(parts, 2))]
    return [
        both([part, *opposites[:index], *opposites[index + 1 :]])
        for index, part in enumerate(parts)
    ]
