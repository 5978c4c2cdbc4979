"""Learning the weights: a regularised logistic regression on signals, calibrated on what it says.

The one module that needs scikit-learn, which is loaded when a model is fitted and never to serve.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from projections.recommendation.evaluation import evaluate
from projections.recommendation.model import Model, calibrated
from projections.recommendation.signals import SIGNALS, Signal
from registry.fitted_model import CalibrationPoint, Evaluation, ModelParameters, Weight

FOLDS = 5
STRENGTH_OF_PRIOR = 1.0
"""The inverse of the regression's C: how strongly weights are held near nothing."""

ENOUGH_FOR_STEPS = 400
"""From how many examples on isotonic regression is trusted; below, it is a logistic curve."""

FEWEST = 40
"""So many judged templates are the fewest to learn from."""

SURE = 0.985
"""No confidence is nearer to 0 or to 1 than this is to 1."""

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
        unseen[hold] = _regression(table[learn], right[learn]).decision_function(table[hold])
    points = _calibration(unseen, right)
    parameters = _parameters(_regression(table, right), points)
    evaluation = _evaluation(answers, unseen, right, points)
    return Fit(parameters, evaluation, len(examples), int(right.sum()))


def evaluation_of(model: Model, examples: Sequence[Example]) -> Evaluation:
    """Return how a model does on examples."""
    scores = np.array([model.score(example.found) for example in examples])
    right = np.array([example.right for example in examples], dtype=bool)
    answers = [example.answer for example in examples]
    return _evaluation(answers, scores, right, model.parameters.calibration)


def _row(found: Mapping[str, Signal]) -> list[float]:
    """Return how far each signal agrees and how far it differs; both are 0 where it is silent."""
    row: list[float] = []
    for name in SIGNALS:
        signal = found.get(name)
        row += [signal.strength, 1 - signal.strength] if signal else [0.0, 0.0]
    return row


def _regression(table: Numbers, right: npt.NDArray[np.bool_]) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=1 / STRENGTH_OF_PRIOR, max_iter=2_000).fit(table, right)


def _parameters(regression: Any, points: list[CalibrationPoint]) -> ModelParameters:
    pairs = regression.coef_[0].reshape(-1, 2)
    return ModelParameters(
        intercept=round(float(regression.intercept_[0]), 4),
        weights={name: _weight(*pair) for name, pair in zip(SIGNALS, pairs, strict=True)},
        calibration=points,
    )


def _weight(agrees: float, differs: float) -> Weight:
    """Return the weight; a signal that would speak against by agreeing tells nothing."""
    if agrees < differs:
        agrees = differs = (agrees + differs) / 2
    return Weight(agrees=round(float(agrees), 4), differs=round(float(differs), 4))


def _calibration(scores: Numbers, right: npt.NDArray[np.bool_]) -> list[CalibrationPoint]:
    """Return the way from scores to confidences, from scores of examples not learnt from."""
    if len(scores) >= ENOUGH_FOR_STEPS:
        return _isotonic(scores, right)
    regression = _regression(scores.reshape(-1, 1), right)  # Platt (1999)
    places = np.linspace(scores.min() - 1, scores.max() + 1, 15)
    logits = regression.decision_function(places.reshape(-1, 1))
    if regression.coef_[0][0] <= 0:  # the signals tell nothing: all are as sure as their share
        logits = np.full(15, math.log(right.mean() / (1 - right.mean())))
    return [_point(score, 1 / (1 + math.exp(-z))) for score, z in zip(places, logits, strict=True)]


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
