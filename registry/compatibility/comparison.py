"""Compares two schemas keyword by keyword, each keyword by what it accepts."""

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from registry.compatibility.answer import Answer
from registry.compatibility.formula import formula_of, negated
from registry.compatibility.graph import ALWAYS, NEVER, Graph, Label, Node
from registry.compatibility.keywords import TYPES
from registry.compatibility.search import Search
from registry.compatibility.undecided import Undecided
from registry.compatibility.verdict import Change, Difference
from registry.text import pointer_of

_STEPS: Final[dict[str, tuple[str, ...]]] = {
    "enum": ("enum", "const"),
    "minimum": ("minimum", "exclusiveMinimum"),
    "maximum": ("maximum", "exclusiveMaximum"),
    "contains": ("contains", "minContains", "maxContains"),
    "dependentRequired": ("dependentRequired", "dependencies"),
    "unknown format": ("format",),
    "content": ("contentEncoding", "contentMediaType"),
    "all": ("allOf", "$ref", "$dynamicRef", "$recursiveRef"),
    "any": ("anyOf",),
    "one": ("oneOf",),
    "if": ("if", "then", "else"),
    "dependent": ("dependentSchemas", "dependencies"),
    "names": ("propertyNames",),
    "property": ("properties",),
    "matching": ("patternProperties",),
    "others": ("additionalProperties",),
    "item": ("prefixItems", "items"),
    "rest": ("items", "additionalItems"),
}
"""The keywords behind each part of a node, where they are not called the same."""
_PARTED: Final = frozenset(("property", "matching", "others", "item", "rest"))
"""What is compared child by child; all else is compared as one."""
_BY_TEXT: Final = frozenset(("pattern", "format", "unknown format", "content"))
_COMBINATIONS: Final = frozenset(("all", "any", "one", "not", "dependent"))
_CONDITIONAL: Final = ("if", "then", "else")
_NUMBER: Final = -1


@dataclass(frozen=True, slots=True)
class _Pair:
    old: int
    new: int
    pointer: str


class Comparison:
    """All differences of two schemas in one graph.

    Args:
        graph: holds both.
        is_textual: whether to tell only what a comparison of texts takes for a restriction: a
            pattern or a format that is not the one before, a condition that was changed, and a
            keyword that by itself accepts less than before, moot as it may be.
    """

    def __init__(self, graph: Graph, *, is_textual: bool = False):
        self._graph = graph
        self._search = Search(graph)
        self._is_textual = is_textual
        self._waiting: list[_Pair] = []

    def differences(self, old: int, new: int) -> Iterator[Difference]:
        """Yield what changed between two nodes and below, each place once."""
        seen: set[tuple[int, int]] = set()
        self._waiting = [_Pair(old, new, "")]
        while self._waiting:
            pair = self._waiting.pop()
            if (pair.old, pair.new) in seen or self._is_same(pair.old, pair.new):
                continue
            seen.add((pair.old, pair.new))
            yield from self._between(pair)

    def _is_same(self, old: int, new: int) -> bool:
        return self._graph.class_of(old) == self._graph.class_of(new)

    def _between(self, pair: _Pair) -> Iterator[Difference]:
        old, new = self._graph.nodes[pair.old], self._graph.nodes[pair.new]
        if NEVER in (pair.old, pair.new):
            change = Change.tightened if pair.new == NEVER else Change.loosened
            yield Difference(change=change, pointer=pair.pointer, was=old.schema, now=new.schema)
            return
        parts = dict.fromkeys((*_parts(old), *_parts(new)))
        for part in parts:
            if part in _PARTED:
                yield from self._children(part, pair, old, new)
            elif self._is_textual and self._has_aligned(part, pair, old, new):
                continue
            else:
                yield from self._keyword(part, pair, old, new)

    def _keyword(self, part: str, pair: _Pair, old: Node, new: Node) -> Iterator[Difference]:
        was, now = _slice(old, part), _slice(new, part)
        if self._said(was) == self._said(now):
            return
        keyword = _keyword_in(part, new.schema) or _keyword_in(part, old.schema) or part
        pointer = f"{pair.pointer}/{keyword}"
        values = {"was": _value(old.schema, part), "now": _value(new.schema, part)}
        if self._is_textual:
            if self._is_stricter(part, was, now):
                yield Difference(change=Change.tightened, pointer=pointer, **values)
            return
        if self._is_lost(old, now):
            yield Difference(change=Change.tightened, pointer=pointer, **values)
        if self._is_lost(new, was):
            yield Difference(change=Change.loosened, pointer=pointer, **values)

    def _is_stricter(self, part: str, was: Node, now: Node) -> bool:
        """Tell whether a keyword by itself accepts less, whatever stands beside it."""
        if part in _BY_TEXT:
            return bool(now.facts)
        if was.is_empty or now.is_empty or part in _COMBINATIONS:
            return False
        return part == "if" or self._is_lost(was, now)

    def _is_lost(self, part: Node, whole: Node) -> bool:
        """Tell whether a document is valid under one node and not under another, or may be."""
        inner, outer = self._graph.as_classes(part), self._graph.as_classes(whole)
        try:
            for kind in TYPES:
                formulas = [
                    formula_of(_NUMBER, inner, kind, self._graph),
                    negated(formula_of(_NUMBER, outer, kind, self._graph)),
                ]
                answer: Answer = self._search.of_type(kind, formulas)
                if not answer.is_none:
                    return True
        except (Undecided, RecursionError):
            return True
        return False

    def _said(self, node: Node) -> tuple[Hashable, ...]:
        edges = Counter((label, self._graph.class_of(child)) for label, child in node.children)
        return frozenset(node.facts.items()), frozenset(edges.items())

    def _children(self, part: str, pair: _Pair, old: Node, new: Node) -> Iterator[Difference]:
        was, now = _by_label(old, part), _by_label(new, part)
        for label in dict.fromkeys((*was, *now)):
            pointer = _pointer(label, new if label in now else old)
            place = pair.pointer + pointer
            if part in ("others", "rest"):
                self._visit(was.get(label, ALWAYS), now.get(label, ALWAYS), place)
            elif label not in now:
                value = self._graph.nodes[was[label]].schema
                place = self._graph.nodes[pair.old].pointer + pointer
                yield Difference(change=Change.removed, pointer=place, was=value)
            elif label not in was:
                value = self._graph.nodes[now[label]].schema
                yield Difference(change=Change.added, pointer=place, now=value)
            else:
                self._visit(was[label], now[label], place)

    def _visit(self, old: int, new: int, pointer: str) -> None:
        node = self._graph.nodes[new]
        self._waiting.append(_Pair(old, new, node.pointer or pointer))

    def _has_aligned(self, part: str, pair: _Pair, old: Node, new: Node) -> bool:
        """Visit the branches of a combination one by one if there are as many in both schemas."""
        if part not in ("all", "any", "one", "if"):
            return False
        labels = _CONDITIONAL if part == "if" else (part,)
        was, now = ([each for each in node.children if each[0][0] in labels] for node in (old, new))
        if [label for label, _ in was] != [label for label, _ in now]:
            return False
        if part == "if" and not self._is_same(was[0][1], now[0][1]):
            return False
        for (_, one), (_, other) in zip(was, now, strict=True):
            self._visit(one, other, pair.pointer)
        return True


def _parts(node: Node) -> Iterator[str]:
    yield from node.facts
    for label, _ in node.children:
        name = str(label[0])
        yield "if" if name in _CONDITIONAL else name


def _slice(node: Node, part: str) -> Node:
    """Return a node that says only what one part of another says."""
    labels = _CONDITIONAL if part == "if" else (part,)
    children = [edge for edge in node.children if edge[0][0] in labels]
    if part.startswith("unevaluated") and children:  # which is about what others leave over
        others = (edge for edge in node.children if edge[0][0] != part)
        children += [(each[0], ALWAYS if each[0][0] in _PARTED else each[1]) for each in others]
    return Node(
        facts={part: node.facts[part]} if part in node.facts else {},
        children=children,
        values=node.values if part == "enum" else None,
    )


def _by_label(node: Node, part: str) -> dict[Label, int]:
    return {label: child for label, child in node.children if label[0] == part}


def _keyword_in(part: str, schema: Any) -> str | None:
    keywords = _STEPS.get(part, (part,))
    found = (each for each in keywords if isinstance(schema, dict) and each in schema)
    return next(found, None)


def _value(schema: Any, part: str) -> Any:
    keyword = _keyword_in(part, schema)
    return schema[keyword] if keyword else None


def _pointer(label: Label, node: Node) -> str:
    keywords = _STEPS[str(label[0])]
    schema = node.schema if isinstance(node.schema, dict) else {}
    if label[0] == "rest":
        keyword = "additionalItems" if isinstance(schema.get("items"), list) else "items"
    else:
        keyword = next((each for each in keywords if each in schema), keywords[0])
    return pointer_of((keyword, *label[1:]))
