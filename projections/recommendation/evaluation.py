"""How good recommendations are, measured on judged ones."""

import math
from collections.abc import Iterable, Sequence
from statistics import fmean

from registry.fitted_model import Evaluation

SHOWN = 5
"""How many recommendations of each answer are looked at."""

BINS = 10


def ndcg(grades: Sequence[int], all_grades: Iterable[int], shown: int = SHOWN) -> float:
    """Return the normalised discounted cumulative gain (Järvelin & Kekäläinen 2002), 0 to 1.

    Args:
        grades: The grades of the templates recommended, in their order.
        all_grades: The grades of all templates there are.
        shown: How many places count.

    Where nothing is right, an empty answer is the perfect one.
    """
    best = _gain(sorted(all_grades, reverse=True)[:shown])
    if not best:
        return 0.0 if grades else 1.0
    return _gain(grades[:shown]) / best


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(place + 1) for place, grade in enumerate(grades, 1))


def calibration_error(told: Sequence[tuple[float, bool]]) -> float:
    """Return the expected calibration error of confidences and whether each was right, 0 to 1.

    Over ten bins of equal width, after Naeini, Cooper & Hauskrecht (2015): the mean distance
    between confidence and share of the right ones, weighted by how many fall into the bin.
    """
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in told:
        bins[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    gaps = (
        len(some) * abs(fmean(confidence for confidence, _ in some) - fmean(r for _, r in some))
        for some in bins
        if some
    )
    return sum(gaps) / len(told) if told else 0.0


def log_loss(told: Sequence[tuple[float, bool]]) -> float:
    """Return the mean negative log-likelihood of what was right, in nats."""
    if not told:
        return 0.0
    return -fmean(math.log(max(1e-6, c if right else 1 - c)) for c, right in told)


def evaluate(answers: Sequence[Sequence[tuple[float, bool]]]) -> Evaluation:
    """Return how good answers are: of each, the confidences in order, and which were right."""
    told = [each for answer in answers for each in answer]
    useful = [answer for answer in answers if any(right for _, right in answer)]
    return Evaluation(
        ndcg=fmean(ndcg([int(r) for _, r in a], [int(r) for _, r in a]) for a in useful)
        if useful
        else 0.0,
        precision=fmean(float(answer[0][1]) for answer in useful) if useful else 0.0,
        calibration_error=calibration_error(told),
        log_loss=log_loss(told),
    )
