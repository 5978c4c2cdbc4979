"""Objects that hold objects of their own kind: trees, threads, linked lists."""

from collections.abc import Iterator
from dataclasses import dataclass

from registry.inference.shape import Shape
from registry.inference.structures import ObjectTally


@dataclass(frozen=True, slots=True)
class Kind:
    """Objects at one path together with those of their kind below.

    Attributes:
        objects: what is known of all of them.
        recursive_keys: the keys whose values, or elements of these, are of the kind again.
    """

    objects: ObjectTally
    recursive_keys: frozenset[str]


def kind_of(objects: ObjectTally) -> Kind:
    """Return the kind of objects that some objects are.

    An object below a key is of the kind of the object around it if it has that key too, and at
    least two keys and half of all its keys in common with it. Where there are such, an object that
    has no key but those of the kind is a leaf of it. What is known of all levels is then put
    together, so that a tree may grow deeper than those that were seen; unless some were too deep to
    be looked into, of which nothing can be said.
    """
    recursive_keys: frozenset[str] = frozenset()
    while True:
        members = _members_of(objects, recursive_keys)
        found = recursive_keys | {
            key
            for around in members
            for key, shape in around.properties.items()
            for inner in _objects_in(shape)
            if _is_same_kind(around, key, inner) or (recursive_keys and _is_leaf(objects, inner))
        }
        if found == recursive_keys:
            break
        recursive_keys = found
    if not recursive_keys or not all(each.is_open for each in members):
        return Kind(objects, frozenset())
    return Kind(objects.united_with(members[1:]), recursive_keys)


def _members_of(objects: ObjectTally, recursive_keys: frozenset[str]) -> list[ObjectTally]:
    """Return some objects and those that the recursive keys lead to, level after level."""
    members = [objects]
    for around in members:
        for key in recursive_keys & around.properties.keys():
            members.extend(_objects_in(around.properties[key]))
    return members


def _objects_in(shape: Shape) -> Iterator[ObjectTally]:
    """Yield the objects of a shape and those in its arrays."""
    tallies = shape.by_type()
    if "object" in tallies:
        yield tallies["object"]
    if "array" in tallies:
        yield from _objects_in(tallies["array"].items)


def _is_same_kind(around: ObjectTally, key: str, inner: ObjectTally) -> bool:
    shared = around.properties.keys() & inner.properties.keys()
    return key in shared and len(shared) >= max(2, len(inner.properties) / 2)


def _is_leaf(objects: ObjectTally, inner: ObjectTally) -> bool:
    return bool(inner.properties) and inner.properties.keys() <= objects.properties.keys()
