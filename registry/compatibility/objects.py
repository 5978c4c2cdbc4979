"""The conditions of an object: its names, and the values below them."""

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from registry.compatibility.answer import NONE, Answer, better
from registry.compatibility.conditions import Conditions
from registry.compatibility.evaluation import is_selected
from registry.compatibility.formula import Condition, Formula, Signed
from registry.compatibility.json_value import key_of

if TYPE_CHECKING:
    from registry.compatibility.search import Search

Wanted = dict[str, frozenset[Signed]]
"""Names, and what is asked of the values there beyond what is asked of all such names."""

MAX_SIZE: Final = 1_000
"""Properties that a document may have."""
_NO_GOAL: Final[frozenset[Signed]] = frozenset()


class ObjectConditions(Conditions):
    """Names that are there or not, what is asked of the values of some, and how many they are."""

    def __init__(self, search: "Search", kind: str):
        super().__init__(search, kind)
        self._least = 0
        self._most: int | None = None
        self._present: dict[str, None] = {}
        self._absent: dict[str, None] = {}
        self._named: Wanted = {}
        self._each: list[tuple[Condition, Signed]] = []
        self._names: dict[Signed, None] = {}
        self._some: list[tuple[Condition | None, Signed]] = []

    def _take(self, condition: Condition) -> bool:
        match condition:
            case ("size", least, most):
                self._least = max(self._least, least)
                if most is not None:
                    self._most = most if self._most is None else min(self._most, most)
            case ("present", name):
                self._present[name] = None
                return name not in self._absent
            case ("absent", name):
                self._absent[name] = None
                return name not in self._present
            case ("each", ("name", name), signed):
                self._named[name] = self._named.get(name, _NO_GOAL) | {signed}
            case ("some", ("name", name), signed):
                self._named[name] = self._named.get(name, _NO_GOAL) | {signed}
                self._present[name] = None
                return name not in self._absent
            case ("each", selector, signed):
                self._each.append((selector, signed))
            case ("some", selector, signed):
                self._some.append((selector, signed))
            case ("each name", signed):
                self._names[signed] = None
            case ("some name", signed):
                self._some.append((None, signed))
        return self._most is None or max(self._least, len(self._present)) <= self._most

    def _admits(self, condition: Condition) -> bool:
        match condition:
            case ("present", name):
                return self._is_possible(name, _NO_GOAL)
            case ("absent", name):
                return name not in self._present
            case ("some", ("name", name), signed):
                return self._is_possible(name, frozenset((signed,)))
            case ("each", ("name", name), signed):
                return name not in self._present or self._is_possible(name, frozenset((signed,)))
            case ("size", least, most):
                found = max(self._least, least, len(self._present))
                return all(bound is None or found <= bound for bound in (most, self._most))
        return self._most != 0 or condition[0] not in ("some", "some name")

    def _is_possible(self, name: str, also: frozenset[Signed]) -> bool:
        """Tell whether a property may be there with a value of which more is asked."""
        if name in self._absent or self._most == 0:
            return False
        return not self.search.goal(self._goal(name) | also).is_none

    def _goal(self, name: str) -> frozenset[Signed]:
        goal = self._named.get(name, _NO_GOAL)
        if not self._each:
            return goal
        return goal.union(signed for selector, signed in self._each if is_selected(selector, name))

    def _made(self) -> Answer:
        for name in self._present:
            if self.search.goal(self._goal(name)).is_none or self._is_ruled_out(name):
                return NONE
        return self._placed(0, dict.fromkeys(self._present, _NO_GOAL))

    def _is_ruled_out(self, name: str) -> bool:
        is_met = self.search.evaluation.is_met
        return name in self._absent or any(is_met(each, name) is False for each in self._names)

    def _placed(self, index: int, wanted: Wanted) -> Answer:
        """Find a name for each property that has to be somewhere, from an index on."""
        self.search.spend(1 + len(wanted) // 4)
        if self._most is not None and len(wanted) > self._most:
            return NONE
        if index == len(self._some):
            return self._filled(wanted)
        selector, signed = self._some[index]
        best = NONE
        for name in self._candidates(selector, signed, wanted):
            if name is None:
                best = better(best, Answer(False, doubt="a name that fits all patterns"))
                continue
            also = wanted.get(name, _NO_GOAL) | ({signed} if selector else _NO_GOAL)
            if self.search.goal(self._goal(name) | also).is_none:
                continue
            best = better(best, self._placed(index + 1, {**wanted, name: also}))
            if best.is_sure:
                break
        return best

    def _candidates(
        self, selector: Condition | None, signed: Signed, wanted: Wanted
    ) -> Iterator[str | None]:
        """Yield the names a property may have, None where one could not be found."""
        also = [] if selector else [("schema", signed)]
        if self._most is None or len(wanted) < self._most:
            yield from self._fresh(selector, also, wanted)
        for name in self._mentioned(wanted):
            if selector and not is_selected(selector, name):
                continue
            if not selector and self.search.evaluation.is_met(signed, name) is False:
                continue
            if not self._is_ruled_out(name):
                yield name

    def _mentioned(self, wanted: Wanted) -> dict[str, None]:
        """Return all names that a condition is about."""
        names = dict.fromkeys((*wanted, *self._named))
        for selector, _ in [*self._each, *self._some]:
            if selector and selector[0] == "others":
                names.update(dict.fromkeys(sorted(selector[1])))
        return names

    def _fresh(
        self, selector: Condition | None, also: list[Formula], wanted: Wanted
    ) -> Iterator[str | None]:
        """Yield names that no condition mentions, one for each way they may fit the patterns."""
        taken = {**self._mentioned(wanted), **self._absent}
        patterns = self._patterns(selector)
        if not (patterns or self._names or also):
            yield next(each for each in _plain_names() if each not in taken)
            return
        names: list[Formula] = [("schema", each) for each in self._names]
        unused = ("value", frozenset(map(key_of, taken)), False)
        yield from self._fitting(selector, patterns, [*also, *names, unused])

    def _fitting(
        self, selector: Condition | None, patterns: list[str], conditions: list[Formula]
    ) -> Iterator[str | None]:
        """Yield a name for each way in which names fit the patterns and are of a selector."""
        waiting: list[tuple[dict[str, bool], list[Formula]]] = [({}, conditions)]
        while waiting:
            fits, conditions = waiting.pop()
            if not _is_chosen(selector, fits):
                continue
            answer = self.search.of_type("string", conditions)
            if answer.is_none:
                continue
            if len(fits) == len(patterns):
                yield answer.document if answer.is_found else None
                continue
            pattern = patterns[len(fits)]
            for sign in (True, False):
                also: Formula = ("pattern", pattern, sign)
                waiting.append(({**fits, pattern: sign}, [*conditions, also]))

    def _patterns(self, selector: Condition | None) -> list[str]:
        found: dict[str, None] = {}
        for each in (selector, *(one for one, _ in self._each)):
            if each and each[0] == "matching":
                found[each[1]] = None
            elif each and each[0] == "others":
                found.update(dict.fromkeys(sorted(each[2])))
        return list(found)

    def _filled(self, wanted: Wanted) -> Answer:
        """Make the object: all that is wanted, and what else it takes to be large enough."""
        document: dict[str, Any] = {}
        doubt = self.doubt
        for name, also in wanted.items():
            value = self.search.goal(self._goal(name) | also)
            if not value.is_found:
                return value
            document[name] = value.document
            doubt = doubt or value.doubt
        least = self._least
        while True:
            if len(document) < least:
                lack = self._grown(document, least)
                if lack is not None:
                    return lack
            if key_of(document) not in self.excluded:
                return Answer(True, document, doubt)
            least = len(document) + 1
            if self._most is not None and least > self._most:
                return Answer(False, doubt="another object than those that are excluded")

    def _grown(self, document: dict[str, Any], least: int) -> Answer | None:
        """Add properties until there are enough, or return why there cannot be."""
        if least > MAX_SIZE:
            return Answer(False, doubt=f"minProperties {least}")
        doubt = ""
        for name in self._mentioned(dict.fromkeys(document, _NO_GOAL)):
            if len(document) >= least:
                return None
            if name not in document and not self._is_ruled_out(name):
                value = self.search.goal(self._goal(name))
                doubt = doubt or ("" if value.is_found else value.doubt)
                if value.is_found:
                    document[name] = value.document
        is_growing = True
        while is_growing and len(document) < least:
            is_growing = False
            for fresh in self._fresh(None, [], dict.fromkeys(document, _NO_GOAL)):
                if fresh is None:
                    doubt = "a name that fits all patterns"
                    continue
                value = self.search.goal(self._goal(fresh))
                doubt = doubt or ("" if value.is_found else value.doubt)
                if value.is_found and len(document) < least:
                    document[fresh] = value.document
                    is_growing = True
        if len(document) >= least:
            return None
        return Answer(False, doubt=doubt)


def _is_chosen(selector: Condition | None, fits: dict[str, bool]) -> bool:
    """Tell whether names that fit some patterns and not others are those of a selector."""
    match selector:
        case ("matching", pattern):
            return fits.get(pattern, True)
        case ("others", _, patterns):
            return not any(fits.get(each, False) for each in patterns)
    return True


def _plain_names() -> Iterator[str]:
    yield from "abcdefghijklmnopqrstuvwxyz"
    yield from (f"a{number}" for number in count(1))
