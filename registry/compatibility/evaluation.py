"""Whether one document meets conditions: true, false, or None where that is not known."""

from collections.abc import Callable, Iterable
from typing import Any

from registry.compatibility.formats import has_content, has_format, matches
from registry.compatibility.formula import Condition, Formula, Formulas, Signed
from registry.compatibility.json_value import exact, key_of, type_of

Truth = bool | None


class Evaluation:
    """Evaluates formulas on documents."""

    def __init__(self, formulas: Formulas, spend: Callable[[int], None]):
        self._formulas = formulas
        self._spend = spend
        self._open: set[tuple[Signed, int]] = set()

    def is_met(self, signed: Signed, document: Any) -> Truth:
        """Tell whether a document is valid under a schema, or invalid under its opposite."""
        key = (signed, id(document))
        if key in self._open:  # a reference that leads to itself without a step into the document
            return signed[1]
        self._open.add(key)
        try:
            return self.holds(self._formulas.of(signed, type_of(document)), document)
        finally:
            self._open.discard(key)

    def all_hold(self, formulas: Iterable[Formula], document: Any) -> Truth:
        """Tell whether all formulas hold."""
        found: Truth = True
        for each in formulas:
            truth = self.holds(each, document)
            if truth is False:
                return False
            found = found and truth
        return found

    def holds(self, formula: Formula, document: Any) -> Truth:
        """Tell whether a formula holds."""
        self._spend(1)
        match formula:
            case ("and", *parts):
                return self.all_hold(parts, document)
            case ("or", *parts):
                return self._any(self.holds(each, document) for each in parts)
            case ("one", sign, *parts):
                truths = [self.holds(each, document) for each in parts]
                sure, possible = truths.count(True), len(truths) - truths.count(False)
                return None if sure != possible and sure < 2 else (sure == 1) is sign
            case ("schema", signed):
                return self.is_met(signed, document)
            case ("opaque", *_):
                return None
            case ("value", keys, sign):
                return (key_of(document) in keys) is sign
            case ("size", least, most):
                return least <= len(document) and (most is None or len(document) <= most)
        match document:
            case str():
                return _string(formula, document)
            case list():
                return self._array(formula, document)
            case dict():
                return self._object(formula, document)
        return _number(formula, document)

    def _any(self, truths: Iterable[Truth]) -> Truth:
        found: Truth = False
        for truth in truths:
            if truth:
                return True
            found = None if truth is None else found
        return found

    def _all(self, truths: Iterable[Truth]) -> Truth:
        found: Truth = True
        for truth in truths:
            if truth is False:
                return False
            found = found and truth
        return found

    def _array(self, condition: Condition, document: list[Any]) -> Truth:
        match condition:
            case ("at", index, signed):
                return index >= len(document) or self.is_met(signed, document[index])
            case ("has at", index, signed):
                return index < len(document) and self.is_met(signed, document[index])
            case ("rest", start, signed):
                return self._all(self.is_met(signed, each) for each in document[start:])
            case ("some rest", start, signed):
                return self._any(self.is_met(signed, each) for each in document[start:])
            case ("unique", sign):
                return (len(set(map(key_of, document))) == len(document)) is sign
            case ("contains", signed, least, most):
                truths = [self.is_met(signed, each) for each in document]
                sure, possible = truths.count(True), len(truths) - truths.count(False)
                if possible < least or (most is not None and sure > most):
                    return False
                return True if least <= sure and (most is None or possible <= most) else None
        raise ValueError(f"no condition of an array: {condition!r}")

    def _object(self, condition: Condition, document: dict[str, Any]) -> Truth:
        match condition:
            case ("present", name):
                return name in document
            case ("absent", name):
                return name not in document
            case ("each", selector, signed):
                return self._all(
                    self.is_met(signed, value)
                    for name, value in document.items()
                    if is_selected(selector, name)
                )
            case ("some", selector, signed):
                return self._any(
                    self.is_met(signed, value)
                    for name, value in document.items()
                    if is_selected(selector, name)
                )
            case ("each name", signed):
                return self._all(self.is_met(signed, name) for name in document)
            case ("some name", signed):
                return self._any(self.is_met(signed, name) for name in document)
        raise ValueError(f"no condition of an object: {condition!r}")


def is_selected(selector: Condition, name: str) -> bool:
    """Tell whether a condition on some properties is on the one of a name."""
    match selector:
        case ("name", wanted):
            return bool(name == wanted)
        case ("matching", pattern):
            return matches(pattern, name)
        case ("others", names, patterns):
            return name not in names and not any(matches(each, name) for each in patterns)
    raise ValueError(f"no selector: {selector!r}")


def _string(condition: Condition, text: str) -> Truth:
    match condition:
        case ("pattern", pattern, sign):
            return matches(pattern, text) is sign
        case ("format", name, sign):
            return has_format(name, text) is sign
        case ("content", content, sign):
            return has_content(content, text) is sign
    raise ValueError(f"no condition of a text: {condition!r}")


def _number(condition: Condition, document: Any) -> Truth:
    number = exact(document)
    match condition:
        case ("low", bound, is_open):
            return bool(number > bound or (number == bound and not is_open))
        case ("high", bound, is_open):
            return bool(number < bound or (number == bound and not is_open))
        case ("multiple", step, sign):
            return (number % step == 0) is sign
    raise ValueError(f"no condition of a number: {condition!r}")
