"""The weighted score of the four checks is exact."""

from decimal import Decimal
from fractions import Fraction

import pytest
from given import checks
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from registry.quality import (
    DEFAULT_WEIGHTS,
    READY_THRESHOLD,
    CheckType,
    DataQualityCheck,
    QualityScore,
    missing_checks,
)

MANY_DECIMALS = st.just(0.0) | st.floats(1e-6, 100)  # the product with a weight has 28 digits
NEAR_95 = st.integers(-3, 3).map(lambda steps: 95 + steps * 2**-46)
ANY = st.floats(0, 100)
AS_JSON = TypeAdapter(DataQualityCheck)


def score_of(*scores):
    return QualityScore.of(checks(**dict(zip(CheckType, scores, strict=False))))


def exact(scores, weights=DEFAULT_WEIGHTS):
    """Return the weighted mean of the scores as they are written, as a fraction."""
    total = sum(Fraction(weight) for weight in weights.values())
    parts = zip(weights.values(), scores, strict=True)
    return sum(Fraction(weight) * Fraction(repr(score)) for weight, score in parts) / total


@given(st.tuples(*[st.one_of(MANY_DECIMALS, NEAR_95)] * 4))
@example((95.0, 95.0, 95.0, 95.0))
@example((83.33333333333333, 100.0, 100.0, 100.0))
def test_the_score_is_exact_for_scores_of_many_decimals(scores):
    assert Fraction(score_of(*scores).value) == exact(scores)


@given(st.tuples(*[st.one_of(ANY, NEAR_95)] * 4))
@example((5e-324, 100.0, 100.0, 100.0))
def test_the_threshold_is_met_exactly_from_95(scores):
    assert score_of(*scores).meets_threshold == (exact(scores) >= 95)


@pytest.mark.parametrize(
    ("scores", "is_enough"),
    [
        ((95.0, 95.0, 95.0, 95.0), True),
        ((95.0, 95.0, 95.0, 94.99999999999999), False),
        ((95.1, 94.9, 95.0, 95.0), True),
        ((94.9, 95.1, 94.9, 95.1), True),
        ((91.7, 98.3, 95.3, 94.7), True),
        ((91.7, 98.3, 95.3, 94.69999999999999), False),
        ((100.0, 100.0, 100.0, 75.0), True),
        ((100.0, 100.0, 100.0, 74.99999999999999), False),
    ],
)
def test_95_is_enough_and_a_hair_below_it_is_not(scores, is_enough):
    assert score_of(*scores).meets_threshold is is_enough


@given(
    st.lists(ANY, min_size=4, max_size=4),
    st.lists(st.integers(1, 9), min_size=4, max_size=4),
)
def test_weights_need_not_add_up_to_1(scores, parts):
    weights = dict(zip(CheckType, map(Decimal, parts), strict=True))
    reported = checks(**dict(zip(CheckType, scores, strict=True)))

    score = QualityScore.of(reported, weights)

    assert score.meets_threshold == (exact(scores, weights) >= 95)


def test_the_weights_are_those_that_were_agreed():
    assert {name: str(weight) for name, weight in DEFAULT_WEIGHTS.items()} == {
        "schema_validation": "0.30",
        "data_completeness": "0.30",
        "connector_health": "0.20",
        "sample_query_success": "0.20",
    }
    assert sum(DEFAULT_WEIGHTS.values()) == 1
    assert READY_THRESHOLD == 95


@pytest.mark.parametrize("reported", [[], [100.0], [100.0, 100.0, 100.0]])
def test_there_is_no_score_while_a_check_is_missing(reported):
    assert score_of(*reported) is None


def test_missing_checks_are_named_in_their_usual_order():
    reported = [CheckType.SAMPLE_QUERY_SUCCESS, CheckType.DATA_COMPLETENESS]
    assert missing_checks(reported) == [CheckType.SCHEMA_VALIDATION, CheckType.CONNECTOR_HEALTH]
    assert missing_checks(CheckType) == []


@given(ANY, ANY)
def test_a_check_is_passed_from_its_threshold_on(score, threshold):
    check = DataQualityCheck(
        check_type=CheckType.CONNECTOR_HEALTH, score=score, threshold=threshold
    )
    assert check.passed == (score >= threshold)


def test_a_check_is_held_to_95_unless_told_otherwise():
    passed, failed = checks(schema_validation=95.0, connector_health=94.99999999999999)
    assert (passed.passed, failed.passed) == (True, False)


@pytest.mark.parametrize(
    "score", ["-0.1", "100.00000000000001", "1e400", "-1e400", "null", "true", '"95"']
)
def test_a_score_is_from_0_to_100(score):
    with pytest.raises(ValidationError):
        AS_JSON.validate_json(f'{{"check_type": "connector_health", "score": {score}}}')
