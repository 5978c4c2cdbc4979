"""The cycle collector of Python, kept away while much is made that has no cycles."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Let no collection run in this block.

    What is parsed from JSON is a tree, which no collection can free, yet there is so much of it
    that looking through it for cycles takes as long as the work itself. Of threads that are in such
    a block at once, the first to have entered ends the rest for all, which costs time and nothing
    else.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
