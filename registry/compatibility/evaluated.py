"""What a schema evaluates of a document, where that does not depend on the document.

It decides what `unevaluatedProperties` and `unevaluatedItems` are about. Only what holds in any
case can be said: what stands in the schema itself and in what it is composed of, by allOf or by
reference.
"""

from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

from registry.compatibility.graph import Graph, Node

Names: TypeAlias = tuple[frozenset[str], frozenset[str]]
"""The names of properties, and the patterns of names, that are evaluated."""

ALL: Final = "all"
_OF_PROPERTIES: Final = frozenset(("others", "unevaluatedProperties"))
_OF_ITEMS: Final = frozenset(("rest", "unevaluatedItems"))
_DEPENDING: Final = frozenset(("any", "one", "if", "then", "else", "dependent"))


def evaluated_names(node: Node, graph: Graph) -> Names | Literal["all"] | None:
    """Return which properties `unevaluatedProperties` passes over, None if that depends."""
    names: set[str] = set()
    patterns: set[str] = set()
    for part, labels in _composed(node, graph):
        if labels & _DEPENDING:
            return None
        if labels & (_OF_PROPERTIES if part is not node else {"others"}):
            return ALL
        names.update(str(label[1]) for label, _ in part.children if label[0] == "property")
        patterns.update(str(label[1]) for label, _ in part.children if label[0] == "matching")
    return frozenset(names), frozenset(patterns)


def evaluated_items(node: Node, graph: Graph) -> int | Literal["all"] | None:
    """Return how many first elements `unevaluatedItems` passes over, None if that depends."""
    count = 0
    for part, labels in _composed(node, graph):
        if labels & (_DEPENDING | {"contains"}):
            return None
        if labels & (_OF_ITEMS if part is not node else {"rest"}):
            return ALL
        count = max(count, sum(label[0] == "item" for label, _ in part.children))
    return count


def _composed(node: Node, graph: Graph) -> Iterator[tuple[Node, set[str]]]:
    """Yield a node and all that it is composed of, each with the labels of its children."""
    waiting, seen = [node], set()
    while waiting:
        part = waiting.pop()
        yield part, {str(label[0]) for label, _ in part.children}
        for label, child in part.children:
            if label == ("all",) and child not in seen:
                seen.add(child)
                waiting.append(graph.node(child))
