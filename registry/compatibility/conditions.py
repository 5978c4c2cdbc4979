"""The conditions that a document of one type has to meet, gathered one by one."""

from copy import copy
from typing import TYPE_CHECKING, Any, Self

from registry.compatibility.answer import NONE, Answer, better
from registry.compatibility.formula import Condition
from registry.compatibility.json_value import Key, key_of

if TYPE_CHECKING:
    from registry.compatibility.search import Search


class Conditions:
    """What is common to the conditions of all types; by itself, those of null and booleans.

    Attributes:
        taken: all conditions so far.
        doubt: a construct among them that is not understood.
    """

    def __init__(self, search: "Search", kind: str):
        self.search = search
        self.kind = kind
        self.taken: list[Condition] = []
        self.doubt = ""
        self.excluded: dict[Key, None] = {}
        self._values: frozenset[Key] | None = None
        self._opaque: dict[Any, bool] = {}

    def copied(self) -> Self:
        """Return conditions of their own that begin as these."""
        found = copy(self)
        for name, value in vars(self).items():
            if isinstance(value, list | dict | set):
                setattr(found, name, value.copy())
        return found

    def take(self, condition: Condition) -> bool:
        """Add a condition, and tell whether all may still be met."""
        self.taken.append(condition)
        match condition:
            case ("value", keys, True):
                self._values = keys if self._values is None else self._values & keys
                return bool(self._values)
            case ("value", keys, False):
                self.excluded.update(dict.fromkeys(keys))
                return True
            case ("opaque", construct, name, sign):
                self.doubt = name
                return self._opaque.setdefault(construct, sign) is sign
        return self._take(condition)

    def _take(self, condition: Condition) -> bool:
        """Add a condition that only this type knows."""
        return True

    def admits(self, condition: Condition) -> bool:
        """Tell, with little work, whether a condition can be met beside the others."""
        match condition:
            case ("value", keys, True):
                return self._values is None or not self._values.isdisjoint(keys)
            case ("opaque", construct, _, sign):
                return self._opaque.get(construct, sign) is sign
        return self._admits(condition)

    def _admits(self, condition: Condition) -> bool:
        return True

    def solve(self) -> Answer:
        """Return a document that meets all conditions."""
        if self._values is None:
            return self._made()
        values = self.search.values
        return self.chosen([values[key] for key in self._values if key not in self.excluded])

    def _made(self) -> Answer:
        return self.chosen([None] if self.kind == "null" else [False, True])

    def chosen(self, candidates: list[Any]) -> Answer:
        """Return one of all the documents that come into question."""
        best = NONE
        for candidate in candidates:
            if key_of(candidate) not in self.excluded:
                best = better(best, self._tried(candidate))
            if best.is_sure:
                break
        return best

    def _tried(self, document: Any) -> Answer:
        self.search.spend(1 + len(self.taken))
        holds = self.search.evaluation.all_hold(self.taken, document)
        if holds is False:
            return NONE
        return Answer(True, document, self.doubt or ("" if holds else "a part of the schema"))
