"""Spans of time as people write them."""

import re
from typing import Final

_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds_of(span: str) -> float:
    """Return the seconds of a span such as 30s, 10m, 1h or 2d.

    Raises:
        ValueError: it is none, or no time at all.
    """
    found = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]+)?)([smhd])", span)
    if not found or not float(found[1]):
        raise ValueError(f"{span} is no span of time such as 30s, 10m or 1h")
    return float(found[1]) * _SECONDS[found[2]]
