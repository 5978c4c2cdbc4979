"""The tallies of arrays and of objects."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, Self

from registry.inference.json_types import JSON_NAMES, as_parsed
from registry.inference.tally import Tally

if TYPE_CHECKING:
    from registry.inference.shape import Shape

MAX_DEPTH: Final = 30
"""Levels of nesting looked into; deeper arrays and objects are counted, not opened.

A schema may need four levels for each of them, and an event holds 128.
"""

RECORD_KEYS: Final = 1024
"""Distinct keys told apart in records; beyond, records are maps whose keys are data."""

OBJECT_KEYS: Final = 256
"""Distinct keys told apart in the objects at one path within records; beyond, they are maps."""

LONGEST_TUPLE: Final = 8
"""Elements of an array whose types are told apart by their place."""

_FEW: Final = 4


class ArrayTally(Tally[list[object]]):
    """The arrays at one path.

    Attributes:
        elements: the number of elements of all of them together.
        fewest: the length of the shortest; 0 if there is none.
        most: the length of the longest; 0 if there is none.
        is_open: whether all were looked into, which is so up to `MAX_DEPTH`.
        items: the shape of the elements of those.
        places: the names of the JSON types seen at each place, if all arrays have one length of
            at most `LONGEST_TUPLE`; else None.
    """

    __slots__ = ("elements", "fewest", "is_open", "items", "most", "places")

    def __init__(self, items: "Shape", depth: int) -> None:
        super().__init__()
        self.elements = 0
        self.fewest = 0
        self.most = 0
        self.items = items
        self.places: list[set[str]] | None = None
        self.is_open = depth < MAX_DEPTH

    def observe(self, values: list[list[object]]) -> None:
        """Take in arrays."""
        lengths = set(map(len, values))
        elements = list(chain.from_iterable(values))
        fewest, most = min(lengths), max(lengths)
        places = None
        if fewest == most <= LONGEST_TUPLE and (not self.count or self.most == self.fewest == most):
            places = [_types_of(elements[place::most]) for place in range(most)]
        self._add(len(values), len(elements), fewest, most, places)
        if self.is_open:
            self.items._observe_column(elements)

    def merge(self, other: Self) -> None:
        """Take in the other's arrays."""
        if other.count:
            self._add(other.count, other.elements, other.fewest, other.most, other.places)
        self.is_open &= other.is_open
        self.items.merge(other.items)

    def _add(
        self, count: int, elements: int, fewest: int, most: int, places: list[set[str]] | None
    ) -> None:
        if not self.count:
            self.fewest, self.most = fewest, most
            self.places = [set(types) for types in places] if places is not None else None
        elif places is None or self.places is None or most != self.most:
            self.places = None
        else:
            self.places = [old | new for old, new in zip(self.places, places, strict=True)]
        self.count += count
        self.elements += elements
        self.fewest = min(self.fewest, fewest)
        self.most = max(self.most, most)

    def _facts(self) -> tuple[object, ...]:
        return self.count, self.elements, self.fewest, self.most, self.places, self.items


class ObjectTally(Tally[dict[str, object]]):
    """The objects at one path.

    Attributes:
        is_open: whether all were looked into, which is so up to `MAX_DEPTH`.
        properties: the shape of the values of each key of those; empty for a map.
        values: the shape of all values if the objects are a map, else None.
    """

    __slots__ = ("_most_keys", "_new_shape", "is_open", "properties", "values")

    def __init__(self, new_shape: Callable[[], "Shape"], depth: int) -> None:
        super().__init__()
        self.properties: dict[str, Shape] = {}
        self.values: Shape | None = None
        self._new_shape = new_shape
        self.is_open = depth < MAX_DEPTH
        self._most_keys = OBJECT_KEYS if depth else RECORD_KEYS

    def observe(self, values: list[dict[str, object]]) -> None:
        """Take in objects."""
        self.count += len(values)
        if self.is_open:
            for key, column in _columns_of(values).items():
                self._shape_of(key)._observe_column(column)

    def merge(self, other: Self) -> None:
        """Take in the other's objects; if either are a map, or both together, the result is."""
        self.count += other.count
        self.is_open &= other.is_open
        if other.values:
            self._become_map().merge(other.values)
        for key, shape in other.properties.items():
            self._shape_of(key).merge(shape)

    def united_values(self) -> "Shape":
        """Return the shape of the values of all keys together."""
        united = self._new_shape()
        for shape in (*self.properties.values(), *filter(None, [self.values])):
            united.merge(shape)
        return united

    def united_with(self, others: Iterable["ObjectTally"]) -> "ObjectTally":
        """Return what is known of these objects and others, at whatever depth, together."""
        united = ObjectTally(self._new_shape, 0)
        for objects in (self, *others):
            united.merge(objects)
        return united

    def _shape_of(self, key: str) -> "Shape":
        """Return where values of a key belong: to the key or, in a map, to all keys."""
        if key in self.properties:
            return self.properties[key]
        if not isinstance(key, str):
            raise TypeError(f"{key!r} is not a key of a JSON object: turn it into a string first")
        if self.values is None and len(self.properties) < self._most_keys:
            return self.properties.setdefault(key, self._new_shape())
        return self._become_map()

    def _become_map(self) -> "Shape":
        if self.values is None:
            self.values = self._new_shape()
            for shape in self.properties.values():
                self.values.merge(shape)
            self.properties.clear()
        return self.values

    def _facts(self) -> tuple[object, ...]:
        return self.count, self.properties, self.values


def _columns_of(objects: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Return the values of each key of some objects."""
    keys = objects[0]
    if set(map(len, objects)) == {len(keys)}:
        try:
            return {key: list(map(itemgetter(key), objects)) for key in keys}
        except KeyError:
            pass
    alike: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for members in objects:
        alike[tuple(members)].append(members)
    columns: defaultdict[str, list[Any]] = defaultdict(list)
    for keys_of_group, group in alike.items():
        if len(group) < _FEW:
            for members in group:
                for key, member in members.items():
                    columns[key].append(member)
        else:
            for key in keys_of_group:
                columns[key] += map(itemgetter(key), group)
    return columns


def _types_of(values: list[object]) -> set[str]:
    kinds = set(map(type, values))
    if not kinds <= JSON_NAMES.keys():
        plain = (value if type(value) in JSON_NAMES else as_parsed(value) for value in values)
        kinds = set(map(type, plain))
    return {JSON_NAMES[kind] for kind in kinds}
