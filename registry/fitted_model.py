"""How much the signals of a recommendation count, as learnt from what clients made of others."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from pydantic import Field

Finite = Annotated[float, Field(allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, kw_only=True)
class Weight:
    """What a signal adds to the log-odds: when it agrees in full, and when it differs in full.

    `between` is what it adds at strengths evenly spaced between those two, the lower ones first;
    from one to the next there are lines.
    """

    agrees: Finite
    differs: Finite
    between: Annotated[list[Finite], Field(max_length=20)] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class CalibrationPoint:
    """That of templates with this score in log-odds, this share is right."""

    score: Finite
    confidence: Share


@dataclass(frozen=True, kw_only=True)
class Training:
    """What a model was learnt from: judged templates, in events up to `position`."""

    examples: int
    right: int
    position: int


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """How a model does on judged recommendations that it was not learnt from.

    `calibration_error` is the expected calibration error (Naeini, Cooper & Hauskrecht 2015) over
    ten bins; `log_loss` is the mean negative log-likelihood of the verdicts, in nats.
    """

    ndcg: Share
    precision: Share
    calibration_error: Share
    log_loss: Finite


@dataclass(frozen=True, kw_only=True)
class ModelParameters:
    """The weights by signal, the intercept in log-odds, and the way from scores to confidences.

    A weight named `weakest_wish` is for how far the least met of all wishes is met.
    """

    intercept: Finite
    weights: dict[str, Weight]
    calibration: Annotated[list[CalibrationPoint], Field(min_length=2, max_length=200)]


@dataclass(kw_only=True)
class FittedModel:
    """The model in use, as its aggregate remembers it."""

    parameters: ModelParameters
    model_version: int
    fitted_at: datetime
    version: int
