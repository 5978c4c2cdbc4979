"""A recommendation and a model as tests about them begin."""

from given import CLIENT, TEMPLATE, Given, replayed

from registry.commands import AdoptRecommendationModel, JudgeRecommendation
from registry.events import Event
from registry.fitted_model import (
    CalibrationPoint,
    Evaluation,
    ModelParameters,
    Training,
    Weight,
)
from registry.inquiry import Inquiry, Needs
from registry.judgement import ShownTemplate, Verdict
from registry.recommendation import Recommendation, RecommendationModel

PARAMETERS = ModelParameters(
    intercept=-1.0,
    weights={"industry": Weight(agrees=2.0, differs=-1.0)},
    calibration=[
        CalibrationPoint(score=-1.0, confidence=0.2),
        CalibrationPoint(score=1.0, confidence=0.8),
    ],
)
LEARNT = {
    "parameters": PARAMETERS,
    "training": Training(examples=100, right=40, position=7),
    "evaluation": Evaluation(ndcg=0.9, precision=0.8, calibration_error=0.03, log_loss=0.4),
}
INQUIRY = Inquiry(needs=Needs(industry="banking"), limit=5, position=7, model_version=0)
SAID = {
    "client_id": CLIENT,
    "recommendation_id": INQUIRY.id,
    "inquiry": INQUIRY,
    "shown": [ShownTemplate(template_id=TEMPLATE, confidence=0.8)],
    "template_id": TEMPLATE,
    "verdict": Verdict.CHOSEN,
    "reason": "",
}


def given_a_recommendation(*happened: Event) -> Given:
    """Begin with a recommendation, and what was said of it."""
    return Given(replayed(Recommendation(TEMPLATE), happened))


def given_a_model(*happened: Event) -> Given:
    """Begin with the model, and how it was fitted."""
    return Given(replayed(RecommendationModel(), happened))


def judge(**parts: object) -> JudgeRecommendation:
    return JudgeRecommendation(**SAID | parts)


def adopt(**parts: object) -> AdoptRecommendationModel:
    return AdoptRecommendationModel(**LEARNT | parts)
