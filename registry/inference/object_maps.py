"""Objects whose keys are data told from records."""

from collections import Counter
from math import sqrt
from typing import Final

from registry.inference.shape import Shape
from registry.inference.structures import ObjectTally

NEW_KEYS: Final = 0.3
"""The share of keys that are new, beyond chance, from which on keys are taken for data."""

MOST_TYPES: Final = 2
"""JSON types of the values of a map, null aside."""

SAME_KEYS: Final = 0.5
"""How much of what keys could tell of their values' types they tell at least in records."""

FEWEST_KEYS: Final = 3
FEWEST_MIXED: Final = 2


def is_map(objects: ObjectTally) -> bool:
    """Tell whether the keys of some objects are data, and all values of one kind.

    Either new keys keep coming and the values are alike, or keys do not tell types apart.
    """
    return _keeps_meeting_new_keys(objects) or _keys_tell_nothing(objects)


def _keeps_meeting_new_keys(objects: ObjectTally) -> bool:
    """Tell whether the next key is likely to be a new one, with a value like the others.

    The chance is the share of keys seen once (Good 1953), of which one standard error is taken
    off. Values are alike if no type was seen at one key only and, where they are objects, if most
    of their keys recur from one value to the next.
    """
    shapes = objects.properties.values()
    once = sum(shape.count == 1 for shape in shapes)
    members = sum(shape.count for shape in shapes)
    if objects.count < 2 or once - sqrt(once) < NEW_KEYS * members or not members:
        return False
    types = Counter(kind for shape in shapes for kind in json_types(shape) - {"null"})
    if not types or len(types) > MOST_TYPES or min(types.values()) == 1:
        return False
    inner = [tallies["object"] for shape in shapes if "object" in (tallies := shape.by_type())]
    keys = Counter(key for tally in inner for key in tally.properties)
    return 2 * sum(count == 1 for count in keys.values()) <= keys.total()


def _keys_tell_nothing(objects: ObjectTally) -> bool:
    """Tell whether two values of one key differ in type almost as often as two of any keys.

    In records the key tells the type; where it tells less than half of what it could, as in
    `{"rule": "off"}` beside `{"rule": ["error", 2]}`, each value may be as any other.
    """
    same_key = same_key_differ = repeated = mixed = 0
    everywhere: Counter[str] = Counter()
    for shape in objects.properties.values():
        types = _counted_types(shape)
        everywhere += types
        pairs, differ = _pairs(types)
        same_key, same_key_differ = same_key + pairs, same_key_differ + differ
        repeated += pairs > 0
        mixed += len(types.keys() - {"null"}) > 1
    pairs, differ = _pairs(everywhere)
    other_keys, other_keys_differ = pairs - same_key, differ - same_key_differ
    if repeated < FEWEST_KEYS or mixed < FEWEST_MIXED or not other_keys_differ:
        return False
    return same_key_differ / same_key > SAME_KEYS * other_keys_differ / other_keys


def _pairs(types: Counter[str]) -> tuple[int, int]:
    """Return the number of ordered pairs of values, and of those that differ in type."""
    total = types.total()
    return total * (total - 1), total * total - sum(count * count for count in types.values())


def _counted_types(shape: Shape) -> Counter[str]:
    types = Counter(shape.types)
    types["number"] += types.pop("integer", 0)
    return +types


def json_types(shape: Shape) -> set[str]:
    """Return the types of JSON Schema seen; integers are numbers where there are others."""
    types = set(shape.types)
    return types - {"integer"} if "number" in types else types
