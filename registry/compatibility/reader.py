"""Reads a schema document into a graph: each draft's keywords in one normal form."""

from collections.abc import Callable, Hashable, Iterator
from fractions import Fraction
from typing import Any, Final

from registry.compatibility.formats import is_asserted
from registry.compatibility.graph import ALWAYS, NEVER, Graph, Label, Node
from registry.compatibility.json_value import exact, key_of
from registry.compatibility.resources import SUBSCHEMAS, Place, RawSchema, Resources
from registry.compatibility.undecided import Undecided
from registry.text import pointer_of

TYPES: Final = ("null", "boolean", "number", "string", "array", "object")
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
            # What is empty, zero or false asks for nothing.
            node.facts.update(
                (name, fact) for name, fact in self._facts(schema) if _says(name, fact)
            )
            self._enumerate(node, schema)
        except (TypeError, ValueError, AttributeError) as error:
            raise Undecided(f"malformed keyword at {place.pointer or '/'!r}: {error}") from None
        if schema.keys().isdisjoint(SUBSCHEMAS):
            return
        for label, steps in self._children(schema):
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

    def _facts(self, schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        if "type" in schema:
            yield "type", self._types(schema["type"])
        for keyword, read in _ALONE.items():
            if keyword in schema:
                yield keyword, read(schema[keyword])
        if not schema.keys().isdisjoint(_BOUNDS):
            yield from self._bounds(schema)
        if not schema.keys().isdisjoint(_OPINIONS):
            yield from self._opinions(schema)
        if not schema.keys().isdisjoint(_COMPANIONS) and (pairs := set(self._companions(schema))):
            yield "dependentRequired", frozenset(pairs)
        if "contains" in schema and self._draft >= 6:
            yield "contains", self._contained(schema)

    def _types(self, value: Any) -> frozenset[str]:
        if type(value) is str and value in TYPES:
            return frozenset((value,))
        names = {value} if isinstance(value, str) else set(_listed(value))
        if not names <= {*TYPES, "integer"}:
            raise ValueError(f"type {value!r:.100}")
        if "integer" in names and self._draft == 4:
            names = names - {"integer"} | {"integer without fraction"}
        if "number" in names:
            names -= {"integer", "integer without fraction"}
        return frozenset(names)

    def _bounds(self, schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        """Yield the range of numbers: each bound, and whether it is itself left out."""
        for name, exclusive, sign in (
            ("minimum", "exclusiveMinimum", 1),
            ("maximum", "exclusiveMaximum", -1),
        ):
            bounds = []
            if name in schema:
                is_open = self._draft == 4 and schema.get(exclusive) is True
                bounds.append((_number(schema[name]), is_open))
            if exclusive in schema and self._draft > 4:
                bounds.append((_number(schema[exclusive]), True))
            if bounds:
                yield name, max(bounds, key=lambda bound: (sign * bound[0], bound[1]))

    def _opinions(self, schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        """Yield what is checked of a text's meaning, or would be if the validator knew it."""
        if "format" in schema:
            name = _text(schema["format"])
            yield ("format" if is_asserted(name, self._draft) else "unknown format"), name
        if self._draft in (6, 7):
            content = (schema.get("contentEncoding"), schema.get("contentMediaType"))
            if any(content):
                yield "content", tuple(_text(each or "") for each in content)

    def _companions(self, schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
        for keyword in ("dependencies", "dependentRequired"):
            if keyword == "dependentRequired" and self._draft < 2019:
                continue
            for name, needed in schema.get(keyword, {}).items():
                if isinstance(needed, list):
                    yield from ((name, _text(each)) for each in needed)
                elif isinstance(needed, str):
                    raise ValueError(f"dependency of {name!r}")

    def _contained(self, schema: dict[str, Any]) -> tuple[int, int | None]:
        if self._draft < 2019:
            return 1, None
        most = schema.get("maxContains")
        return _count(schema.get("minContains", 1)), None if most is None else _count(most)

    def _enumerate(self, node: Node, schema: dict[str, Any]) -> None:
        if "enum" not in schema and "const" not in schema:
            return
        lists = [_listed(schema["enum"])] if "enum" in schema else []
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

    def _children(self, schema: dict[str, Any]) -> Iterator[tuple[Label, tuple[str | int, ...]]]:
        yield from _named(schema, "properties", "property")
        yield from _named(schema, "patternProperties", "matching")
        yield from _named(schema, "dependencies", "dependent")
        for keyword, label in (("allOf", "all"), ("anyOf", "any"), ("oneOf", "one")):
            for index in range(len(_listed(schema.get(keyword, [])))):
                yield (label,), (keyword, index)
        singles = {"additionalProperties": "others", "not": "not"}
        if self._draft >= 6:
            singles |= {"contains": "contains", "propertyNames": "names"}
        if self._draft >= 7 and "if" in schema and ("then" in schema or "else" in schema):
            singles |= {"if": "if", "then": "then", "else": "else"}
        if self._draft >= 2019:
            yield from _named(schema, "dependentSchemas", "dependent")
            singles |= {each: each for each in ("unevaluatedItems", "unevaluatedProperties")}
        for keyword, label in singles.items():
            if keyword in schema:
                yield (label,), (keyword,)
        yield from self._elements(schema)

    def _elements(self, schema: dict[str, Any]) -> Iterator[tuple[Label, tuple[str | int, ...]]]:
        listed, rest = (
            ("items", "additionalItems") if self._draft < 2020 else ("prefixItems", "items")
        )
        if isinstance(schema.get(listed), list):
            for index in range(len(schema[listed])):
                yield ("item", index), (listed, index)
        elif self._draft < 2020:
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


def _checked(kind: Callable[[Any], bool], wanted: str) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if not kind(value):
            raise ValueError(f"{value!r:.100} is not {wanted}")
        return value

    return check


_text = _checked(lambda value: isinstance(value, str), "a text")
_listed = _checked(lambda value: isinstance(value, list), "a list")


def _number(value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r:.100} is not a number")
    return exact(value)


def _positive(value: Any) -> Fraction:
    if (number := _number(value)) <= 0:
        raise ValueError(f"{value!r:.100} is not above zero")
    return number


def _count(value: Any) -> int:
    if type(value) is int and value >= 0:
        return value
    number = _number(value)
    if number < 0 or number.denominator != 1:
        raise ValueError(f"{value!r:.100} is not a count")
    return int(number)


def _says(name: str, fact: Any) -> bool:
    return bool(fact) or name in _WEIGHTY


_ALONE: Final[dict[str, Callable[[Any], Any]]] = {
    "minLength": _count,
    "maxLength": _count,
    "minItems": _count,
    "maxItems": _count,
    "minProperties": _count,
    "maxProperties": _count,
    "multipleOf": _positive,
    "pattern": _text,
    "uniqueItems": lambda value: value is True,
    "required": lambda value: frozenset(map(_text, _listed(value))),
}
_WEIGHTY: Final = frozenset(("type", "maxLength", "maxItems", "maxProperties", "pattern"))
"""Keywords that ask for something even if they are given nothing or zero."""
_BOUNDS: Final = frozenset(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"))
_OPINIONS: Final = frozenset(("format", "contentEncoding", "contentMediaType"))
_COMPANIONS: Final = frozenset(("dependencies", "dependentRequired"))
