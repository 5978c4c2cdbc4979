"""Learning the weights: a regularised logistic regression on signals, calibrated on what it says.

What a signal adds rises with its strength, in steps of its own: half a wish met may be as good as
all of it, or as bad as nothing. The one module that needs scikit-learn and SciPy, which are loaded
when a model is fitted and never to serve.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from projections.recommendation.evaluation import evaluate
from projections.recommendation.model import Model, calibrated, weakest
from projections.recommendation.signals import SIGNALS, WEAKEST, Signal
from registry.fitted_model import CalibrationPoint, Evaluation, ModelParameters, Weight

FOLDS = 5
STRENGTH_OF_PRIOR = 1.0
"""How strongly weights are held near nothing: half of it times their squares is a penalty."""

STEPS = 4
"""In so many lines a signal's weight rises from full difference to full agreement."""

ENOUGH_FOR_STEPS = 400
"""From how many examples on isotonic regression is trusted; below, it is a logistic curve."""

FEWEST = 40
"""So many judged templates are the fewest to learn from."""

SURE = 0.985
"""No confidence is nearer to 0 or to 1 than this is to 1."""

WEIGHED = (*SIGNALS, WEAKEST)
"""What there are weights for."""

Numbers = npt.NDArray[np.float64]


class TooFewExamples(ValueError):
    """There is too little to learn from."""


class Example(NamedTuple):
    """A template that was recommended in an answer, what was found of it, and if it was right."""

    answer: str
    found: Mapping[str, Signal]
    right: bool


@dataclass(frozen=True)
class Fit:
    """What was learnt, with how it does on answers that it was not learnt from."""

    parameters: ModelParameters
    evaluation: Evaluation
    examples: int
    right: int


def fit(examples: Sequence[Example]) -> Fit:
    """Learn a model from examples; it is judged by cross-validation over whole answers.

    Raises:
        TooFewExamples: there are fewer than `FEWEST`, or all are right, or none is.
    """
    from sklearn.model_selection import GroupKFold

    right = np.array([example.right for example in examples], dtype=bool)
    answers = [example.answer for example in examples]
    folds = min(FOLDS, len(set(answers)))
    if len(examples) < FEWEST or not 0 < right.sum() < len(examples) or folds < 2:
        raise TooFewExamples(
            f"{len(examples)} judged templates, {int(right.sum())} of them right, in {folds}"
            f" answers or more; {FEWEST} are needed, some right and some wrong"
        )
    table = np.array([_row(example.found) for example in examples])
    unseen = np.zeros(len(examples))
    for learn, hold in GroupKFold(folds).split(table, right, answers):
        intercept, weights = _rising(table[learn], right[learn])
        unseen[hold] = intercept + table[hold] @ weights
    points = _calibration(unseen, right)
    parameters = _parameters(*_rising(table, right), points)
    evaluation = _evaluation(answers, unseen, right, points)
    return Fit(parameters, evaluation, len(examples), int(right.sum()))


def evaluation_of(model: Model, examples: Sequence[Example]) -> Evaluation:
    """Return how a model does on examples."""
    scores = np.array([model.score(example.found) for example in examples])
    right = np.array([example.right for example in examples], dtype=bool)
    answers = [example.answer for example in examples]
    return _evaluation(answers, scores, right, model.parameters.calibration)


def _row(found: Mapping[str, Signal]) -> list[float]:
    """Return that each signal was told and how much of each step it takes; 0 where it is silent."""
    strengths = {name: signal.strength for name, signal in found.items()}
    strengths[WEAKEST] = weakest(found)
    row: list[float] = []
    for name in WEIGHED:
        row += [1.0, *_steps(strengths[name])] if name in strengths else [0.0] * (1 + STEPS)
    return row


def _steps(strength: float) -> list[float]:
    return [min(1.0, max(0.0, strength * STEPS - step)) for step in range(STEPS)]


def _rising(table: Numbers, right: npt.NDArray[np.bool_]) -> tuple[float, Numbers]:
    """Return the intercept and the weights of a logistic regression in which no step falls."""
    from scipy.optimize import minimize
    from scipy.special import expit

    signs = np.where(right, 1.0, -1.0)

    def loss(parameters: Numbers) -> tuple[float, Numbers]:
        margins = signs * (parameters[0] + table @ parameters[1:])
        slopes = -signs * expit(-margins)
        weights = STRENGTH_OF_PRIOR * parameters[1:]
        total = np.logaddexp(0, -margins).sum() + weights @ parameters[1:] / 2
        return float(total), np.concatenate([[slopes.sum()], table.T @ slopes + weights])

    free, rising = (None, None), (0.0, None)
    bounds = [free, *[free, *[rising] * STEPS] * len(WEIGHED)]
    start = np.zeros(len(bounds))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return float(found[0]), found[1:]


def _parameters(
    intercept: float, weights: Numbers, points: list[CalibrationPoint]
) -> ModelParameters:
    curves = weights.reshape(-1, 1 + STEPS).cumsum(axis=1)
    return ModelParameters(
        intercept=round(intercept, 4),
        weights={name: _weight(*curve) for name, curve in zip(WEIGHED, curves, strict=True)},
        calibration=points,
    )


def _weight(*curve: float) -> Weight:
    differs, *between, agrees = (round(float(value), 4) for value in curve)
    return Weight(agrees=agrees, differs=differs, between=between)


def _calibration(scores: Numbers, right: npt.NDArray[np.bool_]) -> list[CalibrationPoint]:
    """Return the way from scores to confidences, from scores of examples not learnt from."""
    if len(scores) >= ENOUGH_FOR_STEPS:
        return _isotonic(scores, right)
    regression = _platt(scores, right)
    places = np.linspace(scores.min() - 1, scores.max() + 1, 15)
    logits = regression.decision_function(places.reshape(-1, 1))
    if regression.coef_[0][0] <= 0:  # the signals tell nothing: all are as sure as their share
        logits = np.full(15, math.log(right.mean() / (1 - right.mean())))
    return [_point(score, 1 / (1 + math.exp(-z))) for score, z in zip(places, logits, strict=True)]


def _platt(scores: Numbers, right: npt.NDArray[np.bool_]) -> Any:
    """Return the logistic curve from scores to confidences; Platt (1999)."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression().fit(scores.reshape(-1, 1), right)


def _isotonic(scores: Numbers, right: npt.NDArray[np.bool_]) -> list[CalibrationPoint]:
    """Return the points between the means of the steps of an isotonic regression.

    Zadrozny & Elkan (2002); lines from step to step rank equally sure templates as their scores.
    """
    from sklearn.isotonic import IsotonicRegression

    order = np.argsort(scores, kind="stable")
    steps = IsotonicRegression().fit_transform(scores[order], right[order].astype(float))
    points: list[CalibrationPoint] = []
    for confidence, some in groupby(zip(scores[order], steps, strict=True), key=lambda s: s[1]):
        point = _point(float(np.mean([score for score, _ in some])), confidence)
        if not points or point.score > points[-1].score:
            points.append(point)
    return points if len(points) > 1 else [points[0], _point(points[0].score + 1, steps[-1])]


def _point(score: float, confidence: float) -> CalibrationPoint:
    bounded = min(max(float(confidence), 1 - SURE), SURE)
    return CalibrationPoint(score=round(float(score), 4), confidence=round(bounded, 4))


def _evaluation(
    answers: Sequence[str],
    scores: Numbers,
    right: npt.NDArray[np.bool_],
    points: list[CalibrationPoint],
) -> Evaluation:
    by_answer: dict[str, list[tuple[float, float, bool]]] = {}
    for answer, score, is_right in zip(answers, scores, right, strict=True):
        told = (float(score), calibrated(points, float(score)), bool(is_right))
        by_answer.setdefault(answer, []).append(told)
    ranked = [sorted(told, key=lambda each: -each[0]) for told in by_answer.values()]
    return evaluate([[(confidence, r) for _, confidence, r in told] for told in ranked])
