"""How much a check looks at, scores of shares, and the places at which something was wrong."""

from decimal import ROUND_FLOOR, Decimal
from typing import Final

CHECKED_RECORDS: Final = 100_000
"""Records of a dataset that are looked at, unless told otherwise; all of them are counted."""

MOST_PLACES: Final = 10
"""Places that the details of a check name."""


def score_of(right: int, total: int) -> float:
    """Return the share of what is right as a score of 0 to 100, with two decimals, rounded down.

    What is not entirely right is never 100. Of nothing, nothing is right.
    """
    if not total:
        return 0.0
    share = Decimal(100 * right) / Decimal(total)
    return float(share.quantize(Decimal("0.01"), ROUND_FLOOR))
