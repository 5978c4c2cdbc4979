"""Commands about recommendations."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from registry.commands.command import Command
from registry.fitted_model import Evaluation, ModelParameters, Training
from registry.inquiry import Inquiry
from registry.judgement import ShownTemplate, Verdict
from registry.text import Text


class JudgeRecommendation(Command):
    """Say what a client makes of a template that was recommended to it."""

    client_id: UUID
    recommendation_id: str
    inquiry: Inquiry
    shown: Annotated[list[ShownTemplate], Field(max_length=50)]
    template_id: UUID
    verdict: Verdict
    reason: Text = ""


class AdoptRecommendationModel(Command):
    """Take what was learnt into use."""

    parameters: ModelParameters
    training: Training
    evaluation: Evaluation
