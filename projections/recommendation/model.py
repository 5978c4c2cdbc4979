"""The model: signals to a score in log-odds, and the score to a confidence."""

import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from projections.recommendation.signals import WEAKEST, WISHES, Signal
from registry.fitted_model import CalibrationPoint, ModelParameters, Weight

_SILENT = Weight(agrees=0.0, differs=0.0)


@dataclass(frozen=True)
class Model:
    """A version of the parameters, ready for use; version 0 ships with the product."""

    version: int
    parameters: ModelParameters

    def gains(self, found: Mapping[str, Signal]) -> dict[str, float]:
        """Return how much more each signal adds to the log-odds than had it not agreed at all.

        What all wishes add by being met, even the least of them, is shared among them.
        """
        gains = {name: gain(self._weight(name), s.strength) for name, s in found.items()}
        wishes = [name for name in WISHES if name in found]
        for name in wishes:
            gains[name] += gain(self._weight(WEAKEST), weakest(found)) / len(wishes)
        return gains

    def score(self, found: Mapping[str, Signal]) -> float:
        """Return the log-odds that the template is right, not yet calibrated."""
        told = sum(contribution(self._weight(name), s.strength) for name, s in found.items())
        least = contribution(self._weight(WEAKEST), weakest(found))
        return self.parameters.intercept + told + least

    def confidence(self, score: float) -> float:
        """Return of how many templates of this score out of one are right."""
        return calibrated(self.parameters.calibration, score)

    def _weight(self, name: str) -> Weight:
        return self.parameters.weights.get(name, _SILENT)


def weakest(found: Mapping[str, Signal]) -> float:
    """Return how far the least met of the wishes is met; without a wish nothing is unmet."""
    return min((found[name].strength for name in WISHES if name in found), default=1.0)


def gain(weight: Weight, strength: float) -> float:
    """Return how much more a signal adds to the log-odds than had it not agreed at all."""
    return contribution(weight, strength) - weight.differs


def contribution(weight: Weight, strength: float) -> float:
    """Return what a signal adds to the log-odds: on lines from full difference to agreement."""
    curve = (weight.differs, *weight.between, weight.agrees)
    step = min(int(strength * (len(curve) - 1)), len(curve) - 2)
    share = strength * (len(curve) - 1) - step
    return curve[step] * (1 - share) + curve[step + 1] * share


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
