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
from registry.compatibility.automata import Machine
from registry.compatibility.branch import Branch
from registry.compatibility.evaluation import Evaluation
from registry.compatibility.formula import Formula, Formulas, Signed
from registry.compatibility.graph import ALWAYS, NEVER, Graph
from registry.compatibility.keywords import TYPES
from registry.compatibility.languages import Language
from registry.compatibility.undecided import Undecided

Goal = frozenset[Signed]

STEPS: Final = 150_000
"""The work that one question may take; a step is a microsecond or a few."""
LEVELS: Final = 90
"""Levels of a document that are looked into."""
_WHOLE: Final = frozenset(("integer", "integer without fraction"))


class Search:
    """All searches in one graph; they share what they have found and the work they may do."""

    def __init__(self, graph: Graph, steps: int = STEPS):
        self._graph = graph
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
        for kind in self._kinds(goal):
            for answer in self._of_type(kind, [("schema", each) for each in sorted(goal)]):
                if answer.is_sure or (answer.is_found and is_right(answer.document)):
                    return Answer(True, answer.document)
                best = better(best, answer)
        return best

    def apart_from(self, goal: Goal, excluded: Iterable[Any]) -> Answer:
        """Return a document for a goal whose key is not among some."""
        others = ("value", frozenset(excluded), False)
        best = NONE
        for kind in self._kinds(goal):
            formulas = [*(("schema", each) for each in sorted(goal)), others]
            best = better(best, self.of_type(kind, formulas))
            if best.is_sure:
                break
        return best

    def _kinds(self, goal: Goal) -> list[str]:
        """Return the JSON types that a document for a goal may be of, at first sight."""
        named = [self._graph.node(kind).facts.get("type") for kind, sign in goal if sign]
        return [
            kind
            for kind in TYPES
            if all(
                names is None
                or kind in names
                or (kind == "number" and not names.isdisjoint(_WHOLE))
                for names in named
            )
        ]

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
        branches = [iter([Branch(self, kind, formulas)])]
        while branches:
            branch = next(branches[-1], None)
            if branch is None:
                branches.pop()
            elif not branch.settle():
                continue
            elif branch.choices:
                branches.append(branch.split())
            else:
                yield branch.conditions.solve()
