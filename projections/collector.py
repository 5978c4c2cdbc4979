"""The cycle collector of Python, kept away while documents are folded."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Let no collection run in this block.

    Events and documents are trees, which no collection can free, yet they are so many that
    looking through them for cycles takes as long as folding them. Of threads that are in such a
    block at once, the first to leave ends the rest for all, which costs time and nothing else.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
