"""What counts allow to claim of records that were not seen."""

from typing import Final

RISK: Final = 0.05
"""The chance of being contradicted by the next object, or value, that a claim may have."""


def chance_of_absence(count: int) -> float:
    """Return the chance that the next of some objects lacks what all of them had.

    It is the rule of succession (Laplace 1774): the posterior mean under a uniform prior. Present
    in 3 of 3 leaves 1 in 5; a claim within `RISK` takes 18 of 18.
    """
    return 1 / (count + 2)


def chance_of_novelty(seen_once: int, count: int) -> float:
    """Return the chance that the next of some observations shows something not seen before.

    It is the estimate of Good (1953) and Turing, the share of what was seen once only, with one
    more such observation added so that few of them never prove a set to be closed.
    """
    return (seen_once + 1) / (count + 1)
