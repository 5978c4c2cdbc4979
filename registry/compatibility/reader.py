"""Reads a schema document into a graph of what its parts ask for and how they are joined."""

from collections.abc import Hashable, Iterator
from typing import Any, Final

from registry.compatibility.graph import ALWAYS, NEVER, Graph, Label, Node
from registry.compatibility.json_value import key_of
from registry.compatibility.keywords import facts_of, listed
from registry.compatibility.resources import SUBSCHEMAS, Place, RawSchema, Resources
from registry.compatibility.undecided import Undecided
from registry.text import pointer_of

MAX_VALUES: Final = 20_000
"""Values of enumerations that are looked at."""


def read_schema(document: RawSchema, graph: Graph) -> int:
    """Add a schema to a graph and return its node.

    Raises:
        Undecided: a part of it has no meaning here: a reference elsewhere, a malformed keyword.
    """
    return _Reader(document, graph).read()


class _Reader:
    def __init__(self, document: RawSchema, graph: Graph):
        self._resources = Resources(document)
        self._draft = self._resources.draft
        self._graph = graph
        self._numbers: dict[str, int] = {}
        self._waiting: list[tuple[int, Place]] = []
        self._values = 0

    def read(self) -> int:
        root = self._number_of(self._resources.root)
        while self._waiting:
            number, place = self._waiting.pop()
            self._read(self._graph.nodes[number], place)
        return root

    def _number_of(self, place: Place) -> int:
        if isinstance(place.schema, bool) or not place.schema:
            return NEVER if place.schema is False else ALWAYS
        if place.pointer not in self._numbers:
            number = self._numbers[place.pointer] = self._graph.add()
            self._waiting.append((number, place))
        return self._numbers[place.pointer]

    def _read(self, node: Node, place: Place) -> None:
        node.pointer, node.schema = place.pointer, place.schema
        schema = place.schema
        if isinstance(schema, bool):
            return
        if self._draft < 2019 and "$ref" in schema:
            self._refer(node, place, schema["$ref"])
            return
        try:
            node.facts.update(facts_of(schema, self._draft))
            self._enumerate(node, schema)
        except (TypeError, ValueError, AttributeError) as error:
            raise Undecided(f"malformed keyword at {place.pointer or '/'!r}: {error}") from None
        if schema.keys().isdisjoint(SUBSCHEMAS):
            return
        for label, steps in _children(schema, self._draft):
            pointer = place.pointer + pointer_of(steps)
            child = self._resources.at(pointer, place.base)
            node.children.append((label, self._number_of(child)))
        if "$ref" in schema:
            self._refer(node, place, schema["$ref"])
        if self._draft >= 2019:
            self._refer_dynamically(node, place, schema)

    def _refer(self, node: Node, place: Place, reference: Any) -> None:
        target = self._resources.referred(reference, place.base)
        node.children.append((("all",), self._number_of(target)))

    def _refer_dynamically(self, node: Node, place: Place, schema: dict[str, Any]) -> None:
        """Take a dynamic reference as a static one, where it can lead to one place only."""
        keyword = "$recursiveRef" if self._draft == 2019 else "$dynamicRef"
        if keyword not in schema:
            return
        reference = schema[keyword]
        anchors = self._resources.dynamic_anchors.get(str(reference).removeprefix("#"), [])
        if not self._resources.is_one_resource or len(anchors) > 1:
            raise Undecided(f"{keyword} {reference!r:.100}")
        self._refer(node, place, reference)

    def _enumerate(self, node: Node, schema: dict[str, Any]) -> None:
        if "enum" not in schema and "const" not in schema:
            return
        lists = [listed(schema["enum"])] if "enum" in schema else []
        if "const" in schema and self._draft >= 6:
            lists.append([schema["const"]])
        self._values += sum(map(len, lists))
        if self._values > MAX_VALUES:
            raise Undecided(f"enumerations of more than {MAX_VALUES} values")
        for values in lists:
            found: dict[Hashable, Any] = {key_of(each): each for each in values}
            old = node.values
            node.values = found if old is None else {k: v for k, v in found.items() if k in old}
        if node.values is not None:
            node.facts["enum"] = frozenset(node.values)


def _children(schema: dict[str, Any], draft: int) -> Iterator[tuple[Label, tuple[str | int, ...]]]:
    yield from _named(schema, "properties", "property")
    yield from _named(schema, "patternProperties", "matching")
    yield from _named(schema, "dependencies", "dependent")
    for keyword, label in (("allOf", "all"), ("anyOf", "any"), ("oneOf", "one")):
        for index in range(len(listed(schema.get(keyword, [])))):
            yield (label,), (keyword, index)
    singles = {"additionalProperties": "others", "not": "not"}
    if draft >= 6:
        singles |= {"contains": "contains", "propertyNames": "names"}
    if draft >= 7 and "if" in schema and ("then" in schema or "else" in schema):
        singles |= {"if": "if", "then": "then", "else": "else"}
    if draft >= 2019:
        yield from _named(schema, "dependentSchemas", "dependent")
        singles |= {each: each for each in ("unevaluatedItems", "unevaluatedProperties")}
    for keyword, label in singles.items():
        if keyword in schema:
            yield (label,), (keyword,)
    yield from _elements(schema, draft)


def _elements(schema: dict[str, Any], draft: int) -> Iterator[tuple[Label, tuple[str | int, ...]]]:
    listed, rest = ("items", "additionalItems") if draft < 2020 else ("prefixItems", "items")
    if isinstance(schema.get(listed), list):
        for index in range(len(schema[listed])):
            yield ("item", index), (listed, index)
    elif draft < 2020:
        rest = "items"
    if rest in schema:
        yield ("rest",), (rest,)


def _named(
    schema: dict[str, Any], keyword: str, label: str
) -> Iterator[tuple[Label, tuple[str | int, ...]]]:
    for name, each in schema.get(keyword, {}).items():
        if isinstance(each, dict | bool):
            yield (label, name), (keyword, name)
        elif keyword != "dependencies":
            raise Undecided(f"malformed {keyword}: {name!r:.100}")
