"""What a schema asks of documents of one type: conditions joined by "and" and "or"."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from registry.compatibility.evaluated import ALL, evaluated_items, evaluated_names
from registry.compatibility.formats import is_content_asserted
from registry.compatibility.graph import ALWAYS, Graph, Node
from registry.compatibility.json_value import type_of

Signed: TypeAlias = tuple[int, bool]
"""A class of schemas, and whether a document has to be valid under it or invalid."""
Condition: TypeAlias = tuple[Any, ...]
"""A condition that is not put together of others: its name and what it is about."""
Formula: TypeAlias = tuple[Any, ...]
"""("and", …), ("or", …) of formulas; ("one", whether exactly one holds or not, …) of formulas;
("schema", Signed); or a `Condition`."""

TRUE: Formula = ("and",)
FALSE: Formula = ("or",)

_OPPOSITES = {
    "present": "absent",
    "each": "some",
    "each name": "some name",
    "at": "has at",
    "rest": "some rest",
}
_OPPOSITES |= {opposite: name for name, opposite in _OPPOSITES.items()}


def both(parts: list[Formula]) -> Formula:
    """Join formulas by "and"."""
    if FALSE in parts:
        return FALSE
    parts = [each for each in parts if each != TRUE]
    return parts[0] if len(parts) == 1 else ("and", *parts)


def either(parts: list[Formula]) -> Formula:
    """Join formulas by "or"."""
    if TRUE in parts:
        return TRUE
    parts = [each for each in parts if each != FALSE]
    return parts[0] if len(parts) == 1 else ("or", *parts)


def negated(formula: Formula) -> Formula:
    """Return the formula that holds where another does not."""
    match formula:
        case ("and", *parts):
            return either([negated(each) for each in parts])
        case ("or", *parts):
            return both([negated(each) for each in parts])
        case ("one", sign, *parts):
            return ("one", not sign, *parts)
        case ("schema", (kind, sign)):
            return ("schema", (kind, not sign))
        case ("present" | "absent" as name, key):
            return (_OPPOSITES[name], key)
        case (str(name), *about, (kind, bool(sign))) if name in _OPPOSITES:
            return (_OPPOSITES[name], *about, (kind, not sign))
        case ("size", least, most):
            return _outside(("size",), least, most)
        case ("contains", item, least, most):
            return _outside(("contains", item), least, most)
        case ("low", bound, is_open):
            return ("high", bound, not is_open)
        case ("high", bound, is_open):
            return ("low", bound, not is_open)
        case (*about, bool(sign)):
            return (*about, not sign)
    raise ValueError(f"no condition: {formula!r}")


def _outside(about: Condition, least: int, most: int | None) -> Formula:
    fewer = [(*about, 0, least - 1)] if least else []
    more = [] if most is None else [(*about, most + 1, None)]
    return either([*fewer, *more])


class Formulas:
    """The formulas of a graph's classes, made when they are first asked for."""

    def __init__(self, graph: Graph):
        self._graph = graph
        self._made: dict[tuple[Signed, str], Formula] = {}

    def of(self, signed: Signed, kind: str) -> Formula:
        """Return what a schema, or its opposite, asks of documents of a JSON type."""
        key = (signed, kind)
        if key not in self._made:
            number, sign = signed
            if sign:
                self._made[key] = formula_of(number, self._graph.node(number), kind, self._graph)
            else:
                self._made[key] = negated(self.of((number, True), kind))
        return self._made[key]


def formula_of(number: int, node: Node, kind: str, graph: Graph) -> Formula:
    """Return what a node, which has a number, asks of documents of a JSON type."""
    return both(list(_parts(number, node, kind, graph)))


def _parts(number: int, node: Node, kind: str, graph: Graph) -> Iterator[Formula]:
    facts = node.facts
    if "never" in facts:
        yield FALSE
    if "type" in facts:
        yield _typed(facts["type"], kind)
    if node.values is not None:
        of_kind = [key for key, value in node.values.items() if type_of(value) == kind]
        yield ("value", frozenset(of_kind), True) if of_kind else FALSE
    match kind:
        case "number":
            yield from _number(facts)
        case "string":
            yield from _string(facts)
        case "array":
            yield from _array(number, node, graph)
        case "object":
            yield from _object(number, node, graph)
    if node.children:
        yield from _combined(node)


def _typed(names: Any, kind: str) -> Formula:
    if kind in names:
        return TRUE
    if kind == "number" and "integer" in names:
        return ("multiple", 1, True)
    if kind == "number" and "integer without fraction" in names:
        return both([("multiple", 1, True), ("opaque", "integer", "integer of draft-04", True)])
    return FALSE


def _number(facts: dict[str, Any]) -> Iterator[Formula]:
    if "minimum" in facts:
        yield ("low", *facts["minimum"])
    if "maximum" in facts:
        yield ("high", *facts["maximum"])
    if "multipleOf" in facts:
        yield ("multiple", facts["multipleOf"], True)


def _size(facts: dict[str, Any], least: str, most: str) -> Iterator[Formula]:
    if least in facts or most in facts:
        yield ("size", facts.get(least, 0), facts.get(most))


def _string(facts: dict[str, Any]) -> Iterator[Formula]:
    yield from _size(facts, "minLength", "maxLength")
    if "pattern" in facts:
        yield ("pattern", facts["pattern"], True)
    if "format" in facts:
        yield ("format", facts["format"], True)
    if "unknown format" in facts:
        name = facts["unknown format"]
        yield ("opaque", ("format", name), f"format {name!r:.100}", True)
    if "content" in facts:
        content = facts["content"]
        yield ("content", content, True)
        if not is_content_asserted(content):
            yield ("opaque", content, f"content {'/'.join(filter(None, content))!r:.100}", True)


def _array(number: int, node: Node, graph: Graph) -> Iterator[Formula]:
    yield from _size(node.facts, "minItems", "maxItems")
    if "uniqueItems" in node.facts:
        yield ("unique", True)
    positions = sum(label[0] == "item" for label, _ in node.children)
    for label, child in node.children:
        signed = (child, True)
        match label:
            case ("item", index) if child != ALWAYS:
                yield ("at", index, signed)
            case ("rest",):
                yield ("rest", positions, signed)
            case ("contains",) if "contains" in node.facts:
                yield ("contains", signed, *_pair(node.facts["contains"]))
            case ("unevaluatedItems",):
                start = evaluated_items(node, graph)
                if start is None:
                    yield ("opaque", (number, "items"), "unevaluatedItems", True)
                elif start is not ALL:
                    yield ("rest", start, signed)


def _pair(value: Any) -> tuple[int, int | None]:
    least, most = value
    return least, most


def _object(number: int, node: Node, graph: Graph) -> Iterator[Formula]:
    facts: dict[str, Any] = node.facts
    yield from _size(facts, "minProperties", "maxProperties")
    for name in sorted(facts.get("required", ())):
        yield ("present", name)
    for name, needed in sorted(facts.get("dependentRequired", ())):
        yield ("or", ("absent", name), ("present", needed))
    names = frozenset(label[1] for label, _ in node.children if label[0] == "property")
    patterns = frozenset(label[1] for label, _ in node.children if label[0] == "matching")
    for label, child in node.children:
        signed = (child, True)
        match label:
            case ("property", name) if child != ALWAYS:
                yield ("each", ("name", name), signed)
            case ("matching", pattern) if child != ALWAYS:
                yield ("each", ("matching", pattern), signed)
            case ("others",):
                yield ("each", ("others", names, patterns), signed)
            case ("names",):
                yield ("each name", signed)
            case ("dependent", name):
                yield ("or", ("absent", name), ("schema", signed))
            case ("unevaluatedProperties",):
                evaluated = evaluated_names(node, graph)
                if evaluated is None:
                    yield ("opaque", (number, "properties"), "unevaluatedProperties", True)
                elif evaluated is not ALL:
                    yield ("each", ("others", *evaluated), signed)


def _combined(node: Node) -> Iterator[Formula]:
    by_label: dict[Any, list[Formula]] = {}
    for label, child in node.children:
        by_label.setdefault(label[0], []).append(("schema", (child, True)))
    yield from by_label.get("all", [])
    if "any" in by_label:
        yield either(by_label["any"])
    if "one" in by_label:
        yield ("one", True, *by_label["one"])
    yield from map(negated, by_label.get("not", []))
    for condition in by_label.get("if", []):
        for consequence in by_label.get("then", []):
            yield ("or", negated(condition), consequence)
        for consequence in by_label.get("else", []):
            yield ("or", condition, consequence)
