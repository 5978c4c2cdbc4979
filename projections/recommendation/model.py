"""The model: signals to a score in log-odds, and the score to a confidence."""

import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from projections.recommendation.signals import Signal
from registry.fitted_model import CalibrationPoint, ModelParameters, Weight

_SILENT = Weight(agrees=0.0, differs=0.0)


@dataclass(frozen=True)
class Model:
    """A version of the parameters, ready for use; version 0 ships with the product."""

    version: int
    parameters: ModelParameters

    def gains(self, found: Mapping[str, Signal]) -> dict[str, float]:
        """Return how much more each signal adds to the log-odds than had it not agreed at all."""
        weights = self.parameters.weights
        return {
            name: gain(weights.get(name, _SILENT), signal.strength)
            for name, signal in found.items()
        }

    def score(self, found: Mapping[str, Signal]) -> float:
        """Return the log-odds that the template is right, not yet calibrated."""
        weights = self.parameters.weights
        return self.parameters.intercept + sum(
            contribution(weights.get(name, _SILENT), signal.strength)
            for name, signal in found.items()
        )

    def confidence(self, score: float) -> float:
        """Return of how many templates of this score out of one are right."""
        return calibrated(self.parameters.calibration, score)


def gain(weight: Weight, strength: float) -> float:
    """Return how much more a signal adds to the log-odds than had it not agreed at all."""
    return (weight.agrees - weight.differs) * strength


def contribution(weight: Weight, strength: float) -> float:
    """Return what a signal adds to the log-odds: between full agreement and full difference."""
    return weight.agrees * strength + weight.differs * (1 - strength)


def calibrated(points: Sequence[CalibrationPoint], score: float) -> float:
    """Return the confidence at a score: on a line between the points, and level beyond them."""
    after = bisect.bisect_left(points, score, key=lambda point: point.score)
    if after == 0:
        return points[0].confidence
    if after == len(points):
        return points[-1].confidence
    one, other = points[after - 1], points[after]
    share = (score - one.score) / (other.score - one.score)
    return one.confidence + share * (other.confidence - one.confidence)


def model_of(document: Mapping[str, Any] | None) -> Model:
    """Return the model that a document of the read model has; the shipped one for none."""
    if document is None:
        return shipped_model()
    parameters = msgspec.convert(document["parameters"], ModelParameters)
    return Model(document["model_version"], parameters)


@cache
def shipped_model() -> Model:
    """Return version 0, fitted to the judged requests in `tests/evaluation`."""
    stored = (files(__package__) / "model_0.json").read_bytes()
    return Model(0, msgspec.json.decode(stored, type=ModelParameters))
