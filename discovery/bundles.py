"""Putting items together that are too small to be handled one by one."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def bundles(
    items: Iterable[Item], size_of: Callable[[Item], int], most: int, size: int
) -> Iterator[list[Item]]:
    """Yield items in bundles of `most`, or fewer if they are of that size together."""
    bundle: list[Item] = []
    room = size
    for item in items:
        bundle.append(item)
        room -= size_of(item)
        if len(bundle) == most or room <= 0:
            yield bundle
            bundle, room = [], size
    if bundle:
        yield bundle
