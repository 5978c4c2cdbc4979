"""The search for a document that is valid under some schemas and invalid under others.

A document is of one of the JSON types. For each, the schemas are formulas; a branch of each "or" is
chosen until only conditions are left, and from these a document is made, its parts being searched
for in the same way. When all branches contradict themselves, there is none: a proof by cases.

Recursive schemas come back to a search that is still open. A smallest document has no part that
answers the same search, so that the inner one need not find any: it is taken for empty, and what
follows from that is kept for good only if the outer one turns out to be empty too.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from registry.compatibility.answer import NONE, Answer, better
from registry.compatibility.arrays import ArrayConditions
from registry.compatibility.conditions import Conditions
from registry.compatibility.evaluation import Evaluation
from registry.compatibility.expressions import Machine
from registry.compatibility.formula import Formula, Formulas, Signed
from registry.compatibility.graph import ALWAYS, NEVER, Graph
from registry.compatibility.languages import Language
from registry.compatibility.numbers import NumberConditions
from registry.compatibility.objects import ObjectConditions
from registry.compatibility.reader import TYPES
from registry.compatibility.strings import StringConditions
from registry.compatibility.undecided import Undecided

Goal = frozenset[Signed]

STEPS: Final = 150_000
"""The work that one question may take; a step is a microsecond or a few."""
LEVELS: Final = 90
"""Levels of a document that are looked into."""

_CONDITIONS: Final[dict[str, type[Conditions]]] = {
    "null": Conditions,
    "boolean": Conditions,
    "number": NumberConditions,
    "string": StringConditions,
    "array": ArrayConditions,
    "object": ObjectConditions,
}


class Search:
    """All searches in one graph; they share what they have found and the work they may do."""

    def __init__(self, graph: Graph, steps: int = STEPS):
        self.formulas = Formulas(graph)
        self.evaluation = Evaluation(self.formulas, self.spend)
        self.values: dict[Any, Any] = {}
        for node in graph.nodes:
            self.values |= node.values or {}
        self._steps = steps
        self._found: dict[Goal, Answer] = {}
        self._languages: dict[tuple[str, bool], Language] = {}
        self._open: dict[Goal, int] = {}
        self._assumed = LEVELS + 1
        self._provisional: dict[Goal, int] = {}

    def spend(self, steps: int) -> None:
        """Count work that was done.

        Raises:
            Undecided: it was too much.
        """
        self._steps -= steps
        if self._steps < 0:
            raise Undecided("schemas too large to decide")

    def language(self, machine: Machine, pattern: str, is_wanted: bool) -> Language:
        """Return the language of a pattern's automaton."""
        key = (pattern, is_wanted)
        if key not in self._languages:
            self._languages[key] = Language(machine, is_wanted)
        return self._languages[key]

    def goal(self, signed: Iterable[Signed]) -> Answer:
        """Return a document that is valid and invalid under schemas as they are signed."""
        goal = frozenset(signed) - {(ALWAYS, True), (NEVER, False)}
        if (NEVER, True) in goal or any((kind, not sign) in goal for kind, sign in goal):
            return NONE
        if goal in self._found:
            return self._found[goal]
        if goal in self._provisional:
            self._assumed = min(self._assumed, self._provisional[goal])
            return NONE
        if goal in self._open:
            self._assumed = min(self._assumed, self._open[goal])
            return NONE
        if len(self._open) >= LEVELS:
            return Answer(False, doubt=f"documents of more than {LEVELS} levels")
        return self._sought(goal)

    def _sought(self, goal: Goal) -> Answer:
        level = self._open[goal] = len(self._open)
        outer, self._assumed = self._assumed, LEVELS + 1
        earlier = len(self._provisional)
        answer = self.apart_from(goal, ())
        del self._open[goal]
        assumed = self._assumed
        self._assumed = outer
        since = list(self._provisional)[earlier:]
        if not answer.is_none:
            for each in since:
                del self._provisional[each]
            if answer.is_sure or assumed >= level:
                self._found[goal] = answer
            else:
                self._assumed = min(outer, assumed)
        elif assumed >= level:
            for each in since:
                del self._provisional[each]
            self._found |= dict.fromkeys((*since, goal), NONE)
        else:
            self._provisional[goal] = assumed
            self._assumed = min(outer, assumed)
        return answer

    def root(self, goal: Goal, is_right: Callable[[Any], bool]) -> Answer:
        """Return a document for a goal; one that is in doubt is asked of `is_right`."""
        best = NONE
        for kind in TYPES:
            for answer in self._of_type(kind, [("schema", each) for each in sorted(goal)]):
                if answer.is_sure or (answer.is_found and is_right(answer.document)):
                    return Answer(True, answer.document)
                best = better(best, answer)
        return best

    def apart_from(self, goal: Goal, excluded: Iterable[Any]) -> Answer:
        """Return a document for a goal whose key is not among some."""
        others = ("value", frozenset(excluded), False)
        best = NONE
        for kind in TYPES:
            formulas = [*(("schema", each) for each in sorted(goal)), others]
            best = better(best, self.of_type(kind, formulas))
            if best.is_sure:
                break
        return best

    def of_type(self, kind: str, formulas: list[Formula]) -> Answer:
        """Return a document of a JSON type on which all formulas hold."""
        best = NONE
        for answer in self._of_type(kind, formulas):
            best = better(best, answer)
            if best.is_sure:
                break
        return best

    def _of_type(self, kind: str, formulas: list[Formula]) -> Iterator[Answer]:
        """Yield what each branch of the formulas leads to."""
        branches = [_Branch(self, kind, formulas)]
        while branches:
            branch = branches.pop()
            if not branch.settle():
                continue
            if branch.choices:
                branches.extend(reversed(branch.split()))
            else:
                yield branch.conditions.solve()


class _Branch:
    """One way of choosing among the alternatives of formulas.

    Attributes:
        conditions: what is to be met in any case.
        choices: the alternatives still to be chosen from.
    """

    def __init__(self, search: Search, kind: str, formulas: list[Formula]):
        self.conditions = _CONDITIONS[kind](search, kind)
        self.choices: list[Formula] = []
        self._search = search
        self._kind = kind
        self._waiting = formulas
        self._seen: set[Signed] = set()

    def settle(self) -> bool:
        """Gather all that is certain, and tell whether it is free of contradiction."""
        while True:
            while self._waiting:
                if not self._take(self._waiting.pop()):
                    return False
            remaining = []
            for choice in self.choices:
                open_parts = self._open_parts(choice)
                if not open_parts:
                    return False
                if len(open_parts) == 1:
                    self._waiting.append(open_parts[0])
                elif ("and",) not in open_parts:
                    remaining.append(("or", *open_parts))
            self.choices = remaining
            if not self._waiting:
                return True

    def split(self) -> list["_Branch"]:
        """Return a branch for each alternative of the smallest choice, in their order."""
        smallest = min(self.choices, key=len)
        self.choices.remove(smallest)
        found = []
        for part in smallest[1:]:
            branch = _Branch(self._search, self._kind, [part])
            branch.conditions = self.conditions.copied()
            branch.choices = self.choices.copy()
            branch._seen = self._seen.copy()
            found.append(branch)
        self._search.spend(len(found) * (1 + len(self.choices) // 8))
        return found

    def _take(self, formula: Formula) -> bool:
        self._search.spend(1)
        match formula:
            case ("and", *parts):
                self._waiting.extend(reversed(parts))
            case ("or", *_):
                self.choices.append(formula)
            case ("schema", (number, sign) as signed):
                if (number, not sign) in self._seen:
                    return False
                if signed not in self._seen:
                    self._seen.add(signed)
                    self._waiting.append(self._search.formulas.of(signed, self._kind))
            case _:
                return self.conditions.take(formula)
        return True

    def _open_parts(self, choice: Formula) -> list[Formula]:
        """Return the alternatives that do not contradict what is certain, each once.

        One that is certain is returned as the formula that always holds.
        """
        found: dict[Formula, None] = {}
        waiting = list(reversed(choice[1:]))
        while waiting:
            self._search.spend(1)
            part = waiting.pop()
            match part:
                case ("or", *parts):
                    waiting.extend(reversed(parts))
                case ("schema", (number, sign) as signed):
                    inner = self._search.formulas.of(signed, self._kind)
                    if signed in self._seen:
                        return [("and",)]
                    if (number, not sign) in self._seen or inner == ("or",):
                        continue
                    if inner[0] not in ("and", "or", "schema") and not self.conditions.admits(
                        inner
                    ):
                        continue
                    found[part] = None
                case ("and", *parts):
                    if not any(self._is_refuted(each) for each in parts):
                        found[part] = None
                case _ if self.conditions.admits(part):
                    found[part] = None
        return list(found)

    def _is_refuted(self, part: Formula) -> bool:
        match part:
            case ("schema", (number, sign)):
                return (number, not sign) in self._seen
            case ("and" | "or", *_):
                return False
        return not self.conditions.admits(part)
