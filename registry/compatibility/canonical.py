"""The canonical form of a schema: the same for all schemas that are written differently only."""

import hashlib
from collections import Counter
from collections.abc import Hashable
from fractions import Fraction
from typing import Any

import orjson

from registry.compatibility.graph import Graph, Node
from registry.compatibility.reader import read_schema
from registry.compatibility.resources import RawSchema
from registry.compatibility.undecided import Undecided
from registry.errors import InvalidValue


def canonical(schema: RawSchema) -> bytes:
    """Return what a schema accepts as canonical JSON.

    It is the same for schemas that differ in the order of members, of `required`, `enum` or `type`
    lists or of the branches of a combination, in the names and the number of definitions, in how
    a number is written, or in the draft if that makes no difference. Annotations (title,
    description, examples, default, $comment, …) say nothing of what is accepted and are left out.
    A schema that the engine cannot read is its own canonical form, with members in order.

    Raises:
        InvalidValue: it can neither be read nor written as JSON, being nested too deeply.
    """
    graph = Graph()
    try:
        root = read_schema(schema, graph)
    except Undecided:
        return _as_it_is(schema)
    return orjson.dumps(_listed(graph, graph.class_of(root)))


def schema_digest(schema: RawSchema) -> str:
    """Return the SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(schema)).hexdigest()


def _as_it_is(schema: RawSchema) -> bytes:
    try:
        return orjson.dumps(schema, option=orjson.OPT_SORT_KEYS)
    except TypeError as error:  # too deep, or an integer of more than 64 bits
        raise InvalidValue(
            place="schema", reason=f"it cannot be written as JSON: {error}"
        ) from None


def _listed(graph: Graph, root: int) -> list[Any]:
    """Return all nodes from the root on, numbered in an order that only their content decides."""
    reached = _reached(graph, root)
    ranks = _ranks(reached)
    order: dict[int, int] = {root: 0}
    listed = []
    for kind in order_of_visit(order, reached, ranks):
        node = reached[kind]
        edges = [[list(label), order[child]] for label, child in _sorted(node, ranks)]
        listed.append([_facts(node), edges])
    return listed


def order_of_visit(
    order: dict[int, int], reached: dict[int, Node], ranks: dict[int, bytes]
) -> list[int]:
    """Number the nodes breadth first into `order`, and return them."""
    visit = list(order)
    for kind in visit:
        for _, child in _sorted(reached[kind], ranks):
            if child not in order:
                order[child] = len(order)
                visit.append(child)
    return visit


def _reached(graph: Graph, root: int) -> dict[int, Node]:
    reached = {root: graph.node(root)}
    waiting = [root]
    while waiting:
        for _, child in reached[waiting.pop()].children:
            if child not in reached:
                reached[child] = graph.node(child)
                waiting.append(child)
    return reached


def _ranks(reached: dict[int, Node]) -> dict[int, bytes]:
    """Return a digest of each node that no two of them share."""
    facts = {kind: orjson.dumps(_facts(node)) for kind, node in reached.items()}
    ranks = dict.fromkeys(reached, b"")
    count = 0
    while (found := len(set(ranks.values()))) != count:
        count = found
        ranks = {
            kind: hashlib.sha256(b"\0".join((facts[kind], *_edges(node, ranks)))).digest()
            for kind, node in reached.items()
        }
    return ranks


def _edges(node: Node, ranks: dict[int, bytes]) -> list[bytes]:
    edges = Counter(orjson.dumps(label) + ranks[child] for label, child in node.children)
    return sorted(edges.elements())


def _sorted(node: Node, ranks: dict[int, bytes]) -> list[tuple[Any, int]]:
    return sorted(node.children, key=lambda edge: (orjson.dumps(edge[0]), ranks[edge[1]]))


def _facts(node: Node) -> dict[str, Any]:
    return {name: _plain(node.facts[name]) for name in sorted(node.facts)}


def _plain(value: Hashable) -> Any:
    match value:
        case Fraction():
            return f"{value.numerator}/{value.denominator}"
        case frozenset():
            return sorted((_plain(each) for each in value), key=orjson.dumps)
        case tuple():
            return [_plain(each) for each in value]
        case int() if not isinstance(value, bool) and abs(value) >= 2**53:
            return str(value)
    return value
