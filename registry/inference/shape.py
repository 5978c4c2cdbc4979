"""The shape of JSON values: everything about them that a schema and a profile need."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Any, Final, Self, TypedDict, cast

from registry.inference.digest_set import LARGEST_SET
from registry.inference.json_types import JSON_NAMES, as_parsed, by_python_type
from registry.inference.number_tally import NumberTally
from registry.inference.sketch import Sketch
from registry.inference.string_tally import StringTally
from registry.inference.structures import ArrayTally, ObjectTally
from registry.inference.tally import ConstantTally, SampledTally, Tally

DIGESTS: Final = 1 << 24
"""Digests of distinct values that a shape keeps at most, 8 bytes each."""

CHECKED_RECORDS: Final = 1 << 14
"""Records observed before the number of digests is looked at again."""

BATCH_RECORDS: Final = 256
"""Records of an iterator worked through together, column by column."""

BATCH_OF_LIST: Final = 4096
"""Records of a list, which is in memory anyway, worked through together."""


class Shape:
    """The shape of all JSON values seen at one path, beginning with the records themselves.

    Shapes form a commutative monoid under `merge` with `Shape()` as the neutral element: however
    records are split among shapes, and in whatever order those are merged, the results are equal
    and give the same schema and the same statistics, to the byte. Memory is bounded by the number
    of paths, whatever the number of records: see `SKETCH_SIZE`, `DIGESTS`, `MAX_DEPTH`,
    `RECORD_KEYS` and `OBJECT_KEYS`. Shapes can be pickled.

    Values are what JSON parsers give, or subclasses of that: None, bool, int of any size, float
    (NaN and infinite too), str (lone surrogates too), list (or tuple), dict with str keys.

    Args:
        depth: the number of arrays and objects around the values; leave it at 0 for records.
    """

    __slots__ = ("_by_type", "_depth", "_is_settled", "_limit", "_tallies", "_unchecked")

    def __init__(self, depth: int = 0) -> None:
        self._depth = depth
        self._limit = LARGEST_SET
        self._unchecked = 0
        self._is_settled = True
        self._tallies: dict[type, Any] = {}
        self._by_type: dict[str, Tally[Any]] | None = None
        """What `by_type` gave since anything was taken in, if it was asked."""

    @property
    def count(self) -> int:
        """The number of values seen."""
        return sum(self.types.values())

    @property
    def types(self) -> dict[str, int]:
        """The number of values of each JSON type seen; a float is a number even if whole."""
        return {name: tally.count for name, tally in self._settled().items()}

    def observe(self, record: object) -> None:
        """Take in one record.

        Raises:
            TypeError: something in it is not a JSON value; other parts of it may be taken in.
        """
        self.observe_all([record])

    def observe_all(self, records: Iterable[object]) -> None:
        """Take in many records, at many times the speed of one by one.

        Raises:
            TypeError: something in them is not a JSON value; other parts may be taken in.
        """
        size = BATCH_OF_LIST if isinstance(records, list) else BATCH_RECORDS
        records = iter(records)
        while batch := list(islice(records, size)):
            self._is_settled = False
            self._observe_column(batch)
            self._unchecked += len(batch)
            if self._unchecked >= CHECKED_RECORDS:
                self._bound_digests()

    def merge(self, other: Self) -> Self:
        """Take in all that another shape has seen, leave that one as it is, and return this one."""
        self._by_type = None
        for kind, tally in other._tallies.items():
            self._tally_of(kind).merge(tally)
        self._is_settled = False
        self._limit = min(self._limit, other._limit)
        self._bound_digests()
        return self

    def by_type(self) -> "TalliesByType":
        """Return what is known of the values of each JSON type seen, by the type's name."""
        self._settle()
        return cast("TalliesByType", self._settled())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Shape):
            return NotImplemented
        for shape in (self, other):
            shape._settle()
        return self._depth == other._depth and self._tallies == other._tallies

    __hash__ = None  # type: ignore[assignment]  # it changes

    def _observe_column(self, values: list[Any]) -> None:
        self._by_type = None
        for kind, column in by_python_type(values).items():
            if kind in JSON_NAMES:
                self._tally_of(kind).observe(column)
            else:
                self._observe_column([as_parsed(value) for value in column])

    def _bound_digests(self) -> None:
        """Lower the digests kept at each path to what `DIGESTS` allows for all paths together.

        The limit is the highest under which all paths keep as many as they have, or the limit.
        It only ever falls, and what a lower limit keeps was kept under every higher one, so the
        order in which records arrive and shapes merge cannot show; but for objects that turn out
        to be a map when the limit has fallen already, as their paths unite.
        """
        if self._depth:
            return
        self._unchecked = 0
        sets = [each.digests for each in self._sketches() if each.digests.most_kept]
        if sum(digests.most_kept for digests in sets) > DIGESTS:
            sizes = sorted(min(len(digests.kept), self._limit) for digests in sets)
            self._limit = min(self._limit, _highest_limit(sizes, DIGESTS))
        for digests in sets:
            if digests.most_kept > self._limit:
                digests.restrict(self._limit)

    def _settle(self) -> None:
        """Work in all values that wait, and keep within the bounds after that."""
        if self._is_settled or self._depth:
            return
        for sketch in self._sketches(settle=True):
            sketch.settle()
        self._bound_digests()
        self._is_settled = True

    def _sketches(self, *, settle: bool = False) -> Iterator[Sketch[Any]]:
        """Yield the sketch of each path, up to date or as it is."""
        for tally in self._tallies.values():
            if isinstance(tally, SampledTally):
                yield tally.settle().sketch if settle else tally.sketch
            elif isinstance(tally, ArrayTally):
                yield from tally.items._sketches(settle=settle)
            elif isinstance(tally, ObjectTally):
                for shape in (*tally.properties.values(), *filter(None, [tally.values])):
                    yield from shape._sketches(settle=settle)

    def _settled(self) -> dict[str, Tally[Any]]:
        """Return what is known, up to date, by the name of each type seen."""
        if self._by_type is None:
            self._by_type = {
                name: self._tallies[kind].settle()
                for kind, name in JSON_NAMES.items()
                if kind in self._tallies
            }
        return self._by_type

    def _tally_of(self, kind: type) -> Any:
        if kind not in self._tallies:
            self._tallies[kind] = _new_tally(kind, self._depth)
        return self._tallies[kind]


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
        return ObjectTally(partial(Shape, depth + 1), depth)
    if kind is list:
        return ArrayTally(Shape(depth + 1), depth)
    if kind is str:
        return StringTally()
    return NumberTally() if kind in (int, float) else ConstantTally()


def _highest_limit(sizes: list[int], allowed: int) -> int:
    """Return the highest limit under which sets of these sizes, sorted, keep what is allowed."""
    for place, size in enumerate(sizes):
        larger = len(sizes) - place
        if size * larger > allowed:
            return allowed // larger
        allowed -= size
    return LARGEST_SET
