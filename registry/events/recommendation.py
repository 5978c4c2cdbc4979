"""The events of recommendation."""

from dataclasses import dataclass
from uuid import UUID

from registry.events.event import Event
from registry.fitted_model import Evaluation, ModelParameters, Training
from registry.inquiry import Inquiry
from registry.judgement import ShownTemplate, Verdict


@dataclass(frozen=True, kw_only=True)
class RecommendationJudged(Event, topic="RecommendationJudged"):
    """A client said what it makes of a template that was recommended.

    `inquiry` is what had been asked, and `shown` what was answered, the best first.
    """

    client_id: UUID
    recommendation_id: str
    inquiry: Inquiry
    shown: list[ShownTemplate]
    template_id: UUID
    verdict: Verdict
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecommendationModelFitted(Event, topic="RecommendationModelFitted"):
    """The model was learnt anew and taken into use."""

    model_version: int
    parameters: ModelParameters
    training: Training
    evaluation: Evaluation
