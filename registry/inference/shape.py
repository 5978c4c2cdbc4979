"""The shape of JSON values: everything about them that a schema and a profile need."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, Final, Self, TypedDict, cast

from registry.inference.json_types import JSON_NAMES, as_parsed, by_python_type
from registry.inference.scalars import NumberTally, StringTally
from registry.inference.tally import ConstantTally, Tally

MAX_DEPTH: Final = 30
"""Levels of nesting looked into; deeper arrays and objects are counted, not opened.

A schema may need four levels for each of them, and an event holds 128.
"""

RECORD_KEYS: Final = 1024
"""Distinct keys told apart in records; beyond, records are maps whose keys are data."""

OBJECT_KEYS: Final = 256
"""Distinct keys told apart in the objects at one path within records; beyond, they are maps."""

BATCH_RECORDS: Final = 128
"""Records worked through together, column by column."""


class Shape:
    """The shape of all JSON values seen at one path, beginning with the records themselves.

    Shapes form a commutative monoid under `merge` with `Shape()` as the neutral element: however
    records are split among shapes, and in whatever order those are merged, the results are equal
    and give the same schema and the same statistics, to the byte. Memory is bounded by the number
    of paths, whatever the number of records: see `SKETCH_SIZE`, `MAX_DEPTH`, `RECORD_KEYS` and
    `OBJECT_KEYS`. Shapes can be pickled.

    Values are what JSON parsers give, or subclasses of that: None, bool, int of any size, float
    (NaN and infinite too), str (lone surrogates too), list (or tuple), dict with str keys.

    Args:
        depth: the number of arrays and objects around the values; leave it at 0 for records.
    """

    __slots__ = ("_depth", "_tallies")

    def __init__(self, depth: int = 0) -> None:
        self._depth = depth
        self._tallies: dict[type, Any] = {}

    @property
    def count(self) -> int:
        """The number of values seen."""
        return sum(self.types.values())

    @property
    def types(self) -> dict[str, int]:
        """The number of values of each JSON type seen; a float is a number even if whole."""
        return {name: tally.count for name, tally in self._settled()}

    def observe(self, record: object) -> None:
        """Take in one record.

        Raises:
            TypeError: something in it is not a JSON value; other parts of it may be taken in.
        """
        self._observe_column([record])

    def observe_all(self, records: Iterable[object]) -> None:
        """Take in many records, at twice the speed of one by one.

        Raises:
            TypeError: something in them is not a JSON value; other parts may be taken in.
        """
        records = iter(records)
        while batch := list(islice(records, BATCH_RECORDS)):
            self._observe_column(batch)

    def merge(self, other: Self) -> Self:
        """Take in all that another shape has seen, leave that one as it is, and return this one."""
        for kind, tally in other._tallies.items():
            self._tally_of(kind).merge(tally)
        return self

    def by_type(self) -> "TalliesByType":
        """Return what is known of the values of each JSON type seen, by the type's name."""
        return cast("TalliesByType", dict(self._settled()))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Shape):
            return NotImplemented
        return self._depth == other._depth and self._tallies == other._tallies

    __hash__ = None  # type: ignore[assignment]  # it changes

    def _observe_column(self, values: list[Any]) -> None:
        for kind, column in by_python_type(values).items():
            if kind in JSON_NAMES:
                self._tally_of(kind).observe(column)
            else:
                self._observe_column([as_parsed(value) for value in column])

    def _settled(self) -> Iterator[tuple[str, Tally[Any]]]:
        for kind, name in JSON_NAMES.items():
            if kind in self._tallies:
                yield name, self._tallies[kind].settle()

    def _tally_of(self, kind: type) -> Any:
        if kind not in self._tallies:
            self._tallies[kind] = _new_tally(kind, self._depth)
        return self._tallies[kind]


class ArrayTally(Tally[list[object]]):
    """The arrays at one path.

    Attributes:
        elements: the number of elements of all of them together.
        items: the shape of these elements, empty beyond `MAX_DEPTH`.
    """

    __slots__ = ("_is_open", "elements", "items")

    def __init__(self, depth: int) -> None:
        super().__init__()
        self.elements = 0
        self.items = Shape(depth + 1)
        self._is_open = depth < MAX_DEPTH

    def observe(self, values: list[list[object]]) -> None:
        """Take in arrays."""
        self.count += len(values)
        self.elements += sum(map(len, values))
        if self._is_open:
            self.items._observe_column(list(chain.from_iterable(values)))

    def merge(self, other: Self) -> None:
        """Take in the other's arrays."""
        self.count += other.count
        self.elements += other.elements
        self.items.merge(other.items)


class ObjectTally(Tally[dict[str, object]]):
    """The objects at one path.

    Attributes:
        properties: the shape of the values of each key; empty for a map and beyond `MAX_DEPTH`.
        values: the shape of all values if the objects are a map, else None.
    """

    __slots__ = ("_depth", "_most_keys", "properties", "values")

    def __init__(self, depth: int) -> None:
        super().__init__()
        self.properties: dict[str, Shape] = {}
        self.values: Shape | None = None
        self._depth = depth
        self._most_keys = OBJECT_KEYS if depth else RECORD_KEYS

    def observe(self, values: list[dict[str, object]]) -> None:
        """Take in objects."""
        self.count += len(values)
        if self._depth == MAX_DEPTH:
            return
        columns: defaultdict[str, list[object]] = defaultdict(list)
        for members in values:
            for key, member in members.items():
                columns[key].append(member)
        for key, column in columns.items():
            self._shape_of(key)._observe_column(column)

    def merge(self, other: Self) -> None:
        """Take in the other's objects; if either are a map, or both together, the result is."""
        self.count += other.count
        if other.values:
            self._become_map().merge(other.values)
        for key, shape in other.properties.items():
            self._shape_of(key).merge(shape)

    def _shape_of(self, key: str) -> "Shape":
        """Return where values of a key belong: to the key or, in a map, to all keys."""
        if key in self.properties:
            return self.properties[key]
        if not isinstance(key, str):
            raise TypeError(f"{key!r} is not a key of a JSON object: turn it into a string first")
        if self.values is None and len(self.properties) < self._most_keys:
            return self.properties.setdefault(key, Shape(self._depth + 1))
        return self._become_map()

    def _become_map(self) -> "Shape":
        if self.values is None:
            self.values = Shape(self._depth + 1)
            for shape in self.properties.values():
                self.values.merge(shape)
            self.properties.clear()
        return self.values


class TalliesByType(TypedDict, total=False):
    """What is known of the values at a path, by the name of their JSON type."""

    object: ObjectTally
    array: ArrayTally
    string: StringTally
    number: NumberTally
    integer: NumberTally
    boolean: ConstantTally
    null: ConstantTally


def _new_tally(kind: type, depth: int) -> Tally[Any]:
    if kind is dict:
        return ObjectTally(depth)
    if kind is list:
        return ArrayTally(depth)
    if kind is str:
        return StringTally()
    return NumberTally() if kind in (int, float) else ConstantTally()
