"""The aggregates of recommendation: what clients made of one, and the model learnt from it."""

from itertools import pairwise
from uuid import UUID, uuid5

from registry import commands, events
from registry.aggregate import Aggregate
from registry.errors import InvalidValue, TemplateNotRecommended
from registry.fitted_model import FittedModel
from registry.inquiry import RECOMMENDATIONS
from registry.judgement import Judgement

MODEL = uuid5(RECOMMENDATIONS, "model")
"""The id of the one model there is."""


class Recommendation(Aggregate):
    """One recommendation, as one client judged it. It begins with the first verdict."""

    def __init__(self, recommendation_id: UUID) -> None:
        super().__init__(recommendation_id)
        self.judgement: Judgement | None = None

    def entity(self, entity_id: UUID) -> Judgement | None:
        """Return what was said of it, if anything was."""
        return self.judgement

    def judge(self, target: UUID, command: commands.JudgeRecommendation) -> None:
        """Record the verdict on a template; the verdict that it has already is no news.

        Raises:
            TemplateNotRecommended: the template was not among those shown.
        """
        if command.template_id not in {each.template_id for each in command.shown}:
            raise TemplateNotRecommended(template_id=command.template_id)
        known = self.judgement.verdicts if self.judgement else {}
        if known.get(command.template_id) == command.verdict:
            return
        self.record(
            events.RecommendationJudged(
                client_id=command.client_id,
                recommendation_id=command.recommendation_id,
                inquiry=command.inquiry,
                shown=command.shown,
                template_id=command.template_id,
                verdict=command.verdict,
                reason=command.reason,
            )
        )

    def evolve(self, event: events.Event) -> None:
        """Assign what the event states."""
        if isinstance(event, events.RecommendationJudged):
            verdicts = self.judgement.verdicts if self.judgement else {}
            self.judgement = Judgement(
                recommendation_id=event.recommendation_id,
                client_id=event.client_id,
                updated_at=event.timestamp,
                version=event.originator_version,
                verdicts={**verdicts, event.template_id: event.verdict},
            )


class RecommendationModel(Aggregate):
    """The model by which templates are recommended, through all its versions.

    Version 0 ships with the product and is no event.
    """

    def __init__(self) -> None:
        super().__init__(MODEL)
        self.model: FittedModel | None = None

    def entity(self, entity_id: UUID) -> FittedModel | None:
        """Return the model in use, if any was ever fitted."""
        return self.model

    def adopt(self, target: UUID, command: commands.AdoptRecommendationModel) -> None:
        """Take the parameters into use as the next version; those in use are no news.

        Raises:
            InvalidValue: the calibration falls where it has to rise.
        """
        points = command.parameters.calibration
        for before, after in pairwise(points):
            if before.score >= after.score or before.confidence > after.confidence:
                reason = "scores have to rise, and confidences must not fall"
                raise InvalidValue(place="/parameters/calibration", reason=reason)
        if self.model and self.model.parameters == command.parameters:
            return
        self.record(
            events.RecommendationModelFitted(
                model_version=self.model.model_version + 1 if self.model else 1,
                parameters=command.parameters,
                training=command.training,
                evaluation=command.evaluation,
            )
        )

    def evolve(self, event: events.Event) -> None:
        """Assign what the event states."""
        if isinstance(event, events.RecommendationModelFitted):
            self.model = FittedModel(
                parameters=event.parameters,
                model_version=event.model_version,
                fitted_at=event.timestamp,
                version=event.originator_version,
            )
