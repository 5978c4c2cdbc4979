"""The conditions of an array: how long it is, and what its elements are."""

from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from registry.compatibility.answer import NONE, Answer, better
from registry.compatibility.conditions import Conditions
from registry.compatibility.formula import Condition, Signed
from registry.compatibility.json_value import Key, key_of

if TYPE_CHECKING:
    from registry.compatibility.search import Search

Goal = frozenset[Signed]

MAX_SIZE: Final = 1_000
"""Elements that a document may have."""
_NO_GOAL: Final[Goal] = frozenset()


class ArrayConditions(Conditions):
    """A range of lengths, and what is asked of elements: at a place, of all, of some, of two."""

    def __init__(self, search: "Search", kind: str):
        super().__init__(search, kind)
        self._least = 0
        self._most: int | None = None
        self._at: dict[int, Goal] = {}
        self._rest: list[tuple[int, Signed]] = []
        self._some: list[tuple[int, Signed]] = []
        self._contained: list[tuple[Signed, int, int | None]] = []
        self._is_unique: bool | None = None

    def _take(self, condition: Condition) -> bool:
        match condition:
            case ("size", least, most):
                self._bound(least, most)
            case ("at", index, signed):
                self._at[index] = self._at.get(index, _NO_GOAL) | {signed}
            case ("has at", index, signed):
                self._at[index] = self._at.get(index, _NO_GOAL) | {signed}
                self._bound(index + 1, None)
            case ("rest", start, signed):
                self._rest.append((start, signed))
            case ("some rest", start, signed):
                self._some.append((start, signed))
                self._bound(start + 1, None)
            case ("contains", signed, least, most):
                self._contained.append((signed, least, most))
                self._bound(least, None)
                return most is None or least <= most
            case ("unique", sign):
                if self._is_unique is not None and self._is_unique is not sign:
                    return False
                self._is_unique = sign
                self._bound(0 if sign else 2, None)
        return self._most is None or self._least <= self._most

    def _bound(self, least: int, most: int | None) -> None:
        self._least = max(self._least, least)
        if most is not None:
            self._most = most if self._most is None else min(self._most, most)

    def _admits(self, condition: Condition) -> bool:
        if condition[0] == "has at":
            _, index, signed = condition
            if self._most is not None and index >= self._most:
                return False
            return not self.search.goal(self._goal(index) | {signed}).is_none
        return self.copied()._take(condition)

    def _goal(self, index: int) -> Goal:
        rest = (signed for start, signed in self._rest if start <= index)
        return self._at.get(index, _NO_GOAL).union(rest)

    def _made(self) -> Answer:
        starts = [
            *(index + 1 for index in self._at),
            *(start for start, _ in self._rest + self._some),
        ]
        needs = len(self._some) + sum(least for _, least, _ in self._contained)
        # An element beyond the places that are told apart and the needs could be left out.
        longest = max(self._least, max(starts, default=0) + needs + 2)
        # What differs from excluded documents is found at one more length than there are of them.
        longest += len(self.excluded)
        longest = longest if self._most is None else min(longest, self._most)
        best = NONE
        for length in range(self._least, longest + 1):
            if length > MAX_SIZE:
                return better(best, Answer(False, doubt=f"arrays of more than {MAX_SIZE} elements"))
            if length and self.search.goal(self._goal(length - 1)).is_none:
                break
            best = better(best, self._of_length(length))
            if best.is_sure:
                break
        return best

    def _of_length(self, length: int) -> Answer:
        self.search.spend(1 + length)
        goals = [self._goal(index) for index in range(length)]
        needs: list[tuple[int, Signed, int | None]] = [(*each, None) for each in self._some]
        for number, (signed, least, _) in enumerate(self._contained):
            needs.extend([(0, signed, number)] * least)
        return self._placed(goals, needs, [set() for _ in self._contained])

    def _placed(
        self,
        goals: list[Goal],
        needs: list[tuple[int, Signed, int | None]],
        counted: list[set[int]],
    ) -> Answer:
        """Find a place for each element that has to be somewhere."""
        self.search.spend(1 + len(goals))
        if not needs:
            return self._limited(goals, counted)
        (start, signed, number), *others = needs
        best = NONE
        tried: set[tuple[Any, ...]] = set()
        for index in range(start, len(goals)):
            memberships = tuple(index in places for places in counted)
            key = (goals[index], memberships)
            if key in tried or (number is not None and index in counted[number]):
                continue
            tried.add(key)
            goal = goals[index] | {signed}
            if self.search.goal(goal).is_none:
                continue
            placed = [*goals[:index], goal, *goals[index + 1 :]]
            now = [
                places | {index} if each == number else places
                for each, places in enumerate(counted)
            ]
            best = better(best, self._placed(placed, others, now))
            if best.is_sure:
                break
        return best

    def _limited(self, goals: list[Goal], counted: list[set[int]]) -> Answer:
        """Keep to the most elements that may be of a kind, by saying of each whether it is."""
        for number, (signed, _, most) in enumerate(self._contained):
            opposite = (signed[0], not signed[1])
            if most is None:
                continue
            if len(counted[number]) > most:
                return NONE
            for index, goal in enumerate(goals):
                if index in counted[number] or opposite in goal:
                    continue
                self.search.spend(1 + len(goals))
                best = NONE
                for each, places in ((opposite, set()), (signed, {index})):
                    if self.search.goal(goal | {each}).is_none:
                        continue
                    now = [*counted[:number], counted[number] | places, *counted[number + 1 :]]
                    said = [*goals[:index], goal | {each}, *goals[index + 1 :]]
                    best = better(best, self._limited(said, now))
                    if best.is_sure:
                        break
                return best
        return self._filled(goals)

    def _filled(self, goals: list[Goal]) -> Answer:
        if self._is_unique is False:
            return self._with_equals(goals)
        if any(self.search.goal(goal).is_none for goal in goals):
            return NONE
        if self._is_unique:
            return self._with_differences(goals)
        return self._answer([self.search.goal(goal) for goal in goals])

    def _answer(self, elements: list[Answer]) -> Answer:
        """Put elements together."""
        missing = [each for each in elements if not each.is_found]
        if missing:
            return min(missing, key=lambda each: each.doubt)
        document = [each.document for each in elements]
        if key_of(document) in self.excluded:
            return Answer(False, doubt="another array than those that are excluded")
        doubts = [each.doubt for each in elements if each.doubt]
        return Answer(True, document, self.doubt or next(iter(doubts), ""))

    def _with_differences(self, goals: list[Goal]) -> Answer:
        elements: list[Answer] = []
        taken: dict[Key, None] = {}
        for goal in goals:
            self.search.spend(1 + len(taken))
            element = self.search.goal(goal)
            if element.is_found and key_of(element.document) in taken:
                element = self.search.apart_from(goal, taken)
            if element.is_none:  # all that there are are taken, perhaps by those with a choice
                is_proof = len(set(goals)) == 1
                return NONE if is_proof else Answer(False, doubt="uniqueItems")
            if not element.is_found:
                return element
            elements.append(element)
            taken[key_of(element.document)] = None
        return self._answer(elements)

    def _with_equals(self, goals: list[Goal]) -> Answer:
        best = NONE
        tried: set[frozenset[Goal]] = set()
        for one, other in combinations(range(len(goals)), 2):
            pair = frozenset((goals[one], goals[other]))
            if pair in tried:
                continue
            tried.add(pair)
            shared = goals[one] | goals[other]
            joined = [shared if index in (one, other) else goal for index, goal in enumerate(goals)]
            best = better(best, self._answer([self.search.goal(goal) for goal in joined]))
            if best.is_sure:
                break
        return best
