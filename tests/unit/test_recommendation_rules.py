"""What may be said of a recommendation, and which models are taken into use."""

from dataclasses import replace
from uuid import UUID

import pytest
from given import JOURNEY, registered
from hypothesis import given as drawn
from hypothesis import strategies as st
from pydantic import ValidationError
from recommended import (
    INQUIRY,
    LEARNT,
    PARAMETERS,
    SAID,
    adopt,
    given_a_model,
    given_a_recommendation,
    judge,
)

from registry.commands import RegisterDataset
from registry.errors import InvalidValue, TemplateNotRecommended
from registry.events import RecommendationJudged, RecommendationModelFitted
from registry.fitted_model import CalibrationPoint, Weight
from registry.inquiry import MAX_BYTES, Inquiry, Needs
from registry.judgement import Verdict

STRANGE = UUID(int=77)
JUDGED = RecommendationJudged(**SAID)
FITTED = RecommendationModelFitted(model_version=1, **LEARNT)


def test_the_first_verdict_on_a_template_is_recorded():
    given_a_recommendation().when(judge()).then(JUDGED)


def test_the_same_verdict_again_is_no_news():
    given_a_recommendation(JUDGED).when(judge()).then()


def test_a_client_may_change_its_mind():
    changed = {"verdict": Verdict.REJECTED, "reason": "no attachments"}
    case = given_a_recommendation(JUDGED).when(judge(**changed))
    case.then(replace(JUDGED, **changed))
    assert case.outcome.entity.verdicts == {SAID["template_id"]: Verdict.REJECTED}


def test_a_template_that_was_not_shown_cannot_be_judged():
    error = TemplateNotRecommended(template_id=STRANGE)
    given_a_recommendation().when(judge(template_id=STRANGE)).then(error)


def test_the_first_model_fitted_is_version_1():
    given_a_model().when(adopt()).then(FITTED)


def test_each_model_fitted_is_a_version_of_its_own():
    other = replace(PARAMETERS, weights={"tool": Weight(agrees=1.0, differs=-1.0)})
    again = replace(FITTED, model_version=2, parameters=other)
    given_a_model(FITTED).when(adopt(parameters=other)).then(again)


def test_the_parameters_in_use_are_no_news():
    given_a_model(FITTED).when(adopt()).then()


@pytest.mark.parametrize("points", [[(0, 0.5), (0, 0.6)], [(0, 0.5), (1, 0.4)]])
def test_a_calibration_rises(points):
    falling = [CalibrationPoint(score=s, confidence=c) for s, c in points]
    case = given_a_model().when(adopt(parameters=replace(PARAMETERS, calibration=falling)))
    assert isinstance(case.outcome.error, InvalidValue)
    assert not case.aggregate.pending_events


def test_weights_are_numbers():
    with pytest.raises(ValidationError):
        adopt(parameters=replace(PARAMETERS, intercept=float("nan")))


words = st.text(max_size=30).filter(lambda text: "\0" not in text)


@drawn(description=words, position=st.integers(0, 2**40))
def test_the_id_of_a_recommendation_says_what_was_asked(description, position):
    inquiry = replace(INQUIRY, needs=Needs(description=description), position=position)
    assert Inquiry.of(inquiry.id) == inquiry


@pytest.mark.parametrize("change", [lambda i: i[:-2], lambda i: i + "AAAA", lambda i: i[::-1]])
def test_an_id_that_was_altered_is_none(change):
    with pytest.raises(InvalidValue):
        Inquiry.of(change(INQUIRY.id))


def test_an_inquiry_has_an_end():
    needs = Needs(fields=[f"field {number} of a very long name" for number in range(100)])
    assert len(Inquiry.of(replace(INQUIRY, needs=needs).id).needs.fields) == 100
    longer = replace(needs, description="ü" * 2_000)
    with pytest.raises(InvalidValue, match=str(MAX_BYTES)):
        _ = replace(INQUIRY, needs=longer).id


def test_a_dataset_from_a_recommendation_names_the_template_chosen():
    form = {"name": "Issues", "dataset_type": "jira_issues", "stage": "sandbox"}
    form |= {"journey_id": JOURNEY, "recommendation_id": INQUIRY.id}
    with pytest.raises(ValidationError, match="template_id"):
        RegisterDataset(**form)
    assert RegisterDataset(**form, template_id=STRANGE).recommendation_id == INQUIRY.id
    assert registered().recommendation_id is None
