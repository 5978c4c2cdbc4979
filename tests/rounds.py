"""How often tests repeat what chance decides: a few times, or many in `make torture`."""

import os

_FACTOR = int(os.environ.get("TORTURE", "1"))


def rounds(few: int) -> int:
    """Return how often to repeat something that `make test` repeats a few times."""
    return few * _FACTOR
