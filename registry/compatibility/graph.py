"""Schemas as a graph of nodes in which a reference is an edge, and equal parts are one class."""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final, TypeAlias

from registry.compatibility.undecided import Undecided

Label: TypeAlias = tuple[str | int, ...]
"""The place of a child in its parent, such as ("property", "id") or ("any",)."""

ALWAYS, NEVER = 0, 1
"""The two nodes, and the two classes, that every graph begins with: all, and no document."""

_SHELLS: Final[tuple[Label, ...]] = (("all",), ("any",), ("one",))
_IN_PLACE: Final = frozenset(("all", "any", "one", "not", "if", "then", "else", "dependent"))


@dataclass(slots=True)
class Node:
    """One subschema.

    Attributes:
        facts: what it says by itself, a normal form under each keyword's name.
        children: the subschemas in it and their places; the order of equal places is no matter.
        values: the documents that it enumerates, if it does, by key.
        pointer: JSON pointer to where it is written.
        schema: the schema as it is written there.
    """

    facts: dict[str, Any] = field(default_factory=dict)
    children: list[tuple[Label, int]] = field(default_factory=list)
    values: dict[Hashable, Any] | None = None
    pointer: str = ""
    schema: Any = True

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing."""
        return not self.facts and not self.children


class Graph:
    """The nodes of one schema or of several that are to be compared."""

    def __init__(self) -> None:
        self.nodes: list[Node] = [Node(), Node(facts={"never": True}, schema=False)]
        self._classes: list[int] | None = None
        self._representatives: list[Node] = []

    def add(self) -> int:
        """Return the number of a new, empty node."""
        self.nodes.append(Node())
        self._classes = None
        return len(self.nodes) - 1

    def class_of(self, number: int) -> int:
        """Return the class of a node: nodes are in one class if they say the same."""
        return self.classes[number]

    def node(self, kind: int) -> Node:
        """Return a class as a node whose children are classes."""
        if self._classes is None:
            self._divide()
        return self._representatives[kind]

    @property
    def classes(self) -> list[int]:
        """The class of each node."""
        return self._classes if self._classes is not None else self._divide()

    def as_classes(self, node: Node) -> Node:
        """Return a node that is not of the graph, but whose children are, with classes for them."""
        children = [(label, self.class_of(child)) for label, child in node.children]
        return Node(node.facts, children, node.values)

    def refuse_circles(self) -> None:
        """Do nothing if no schema refers to itself without a step into the document.

        Raises:
            Undecided: one does; what it asks for is not defined.
        """
        self._divide()
        within: dict[int, list[int]] = {}
        for number, node in enumerate(self.nodes):
            for label, child in node.children:
                if label[0] in _IN_PLACE:
                    within.setdefault(number, []).append(child)
        try:
            TopologicalSorter(within).prepare()
        except CycleError:
            raise Undecided("a $ref that leads back to itself in place") from None

    def _divide(self) -> list[int]:
        """Divide the nodes into classes: first by facts, then by children, until that is stable.

        This is the coarsest bisimulation, so that a recursive definition and one that is written
        out a level further are one class, whatever they are called.
        """
        _simplify(self.nodes)
        facts = _numbered((frozenset(each.facts.items()), each.is_empty) for each in self.nodes)
        classes, count = facts, len(set(facts))
        while True:
            classes = _numbered(
                (fact, _without_order(_edges(node, classes)))
                for fact, node in zip(facts, self.nodes, strict=True)
            )
            found = len(set(classes))
            if found == count:
                break
            count = found
        self._representatives = [Node() for _ in range(count)]
        for kind, node in zip(classes, self.nodes, strict=True):
            self._representatives[kind] = Node(node.facts, _edges(node, classes), node.values)
        self._classes = classes
        return classes


def _edges(node: Node, classes: list[int]) -> list[tuple[Label, int]]:
    """Return a node's children as classes, each once but for the branches of exactly-one."""
    edges = [(label, classes[child]) for label, child in node.children]
    if len(edges) < 2:
        return edges
    branches = [edge for edge in edges if edge[0] == ("one",)]
    return [*dict.fromkeys(edge for edge in edges if edge[0] != ("one",)), *branches]


def _without_order(edges: list[tuple[Label, int]]) -> Hashable:
    found = frozenset(edges)
    return found if len(found) == len(edges) else frozenset(Counter(edges).items())


def _numbered(keys: Iterable[Hashable]) -> list[int]:
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(key, len(numbers)) for key in keys]


def _simplify(nodes: list[Node]) -> None:
    """Take away what asks for nothing, until nothing is left that does.

    Where something depends on what was evaluated, all that evaluates is kept.
    """
    is_annotated = any(
        label[0] in ("unevaluatedProperties", "unevaluatedItems")
        for node in nodes
        for label, _ in node.children
    )
    size = -1
    while (found := sum(len(node.children) for node in nodes)) != size:
        size = found
        _skip_shells(nodes)
        for node in filter(_has_children, nodes):
            labels = {label[0] for label, _ in node.children}
            node.children = [
                edge
                for edge in node.children
                if is_annotated or edge[1] != ALWAYS or not _is_idle(edge[0], labels)
            ]


def _has_children(node: Node) -> bool:
    return bool(node.children)


def _is_idle(label: Label, siblings: set[str | int]) -> bool:
    """Tell whether an edge to what accepts all asks for nothing beside its siblings."""
    match label[0]:
        case "property" | "matching":
            return "others" not in siblings
        case "item":
            return "rest" not in siblings
    return label[0] in ("all", "names", "others", "rest")


def _skip_shells(nodes: list[Node]) -> None:
    """Lead every edge past nodes that are nothing but a reference to another.

    A reference that leads to itself asks for nothing, as the validator has it.
    """
    onward: dict[int, int] = {}
    for number, node in enumerate(nodes[NEVER:], NEVER):
        if node.is_empty:
            onward[number] = ALWAYS
        elif not node.facts and len(node.children) == 1 and node.children[0][0] in _SHELLS:
            onward[number] = node.children[0][1]
    for number in onward:
        path: dict[int, None] = {}
        at = number
        while at in onward and at not in path:
            path[at] = None
            at = onward[at]
        onward.update(dict.fromkeys(path, ALWAYS if at in onward and at != ALWAYS else at))
    for node in filter(_has_children, nodes) if onward else ():
        node.children = [(label, onward.get(child, child)) for label, child in node.children]
    for number, end in onward.items():
        nodes[number] = nodes[end]
