"""READY is kept for datasets whose four checks are reported and score at least 95 together."""

import pytest
from given import DATASET, became, checks, dataset_in, given, registered, scored

from registry.commands import ChangeDatasetStatus, RecordQualityChecks
from registry.dataset import Status
from registry.errors import DatasetNotFound, QualityIncomplete, QualityTooLow
from registry.quality import READY_THRESHOLD, CheckType, QualityScore

PROVISIONING, VALIDATING, READY, FAILED, RETIRED = Status
BECOME_READY = ChangeDatasetStatus(status=READY)
FELL = became(VALIDATING, before=READY, reason="the quality score fell below 95")
REACHED = became(READY, before=VALIDATING, reason="the quality score reached 95")
PERFECT = dict.fromkeys(CheckType, 100.0)
VALIDATED = [registered(), became(VALIDATING, before=PROVISIONING)]


def report(promote=False, **scores):
    return RecordQualityChecks(checks=checks(**scores), promote=promote)


def without(*missing):
    return {name: score for name, score in PERFECT.items() if name not in missing}


@pytest.mark.parametrize("missing", [[check_type] for check_type in CheckType] + [list(CheckType)])
def test_ready_needs_all_four_checks(missing):
    reported = [scored(None, **without(*missing))] if without(*missing) else []
    case = given(*VALIDATED, *reported).when(BECOME_READY)
    case.then(QualityIncomplete(missing=", ".join(missing)))


def test_ready_needs_a_score_of_95():
    low = PERFECT | {"schema_validation": 83.3}
    case = given(*VALIDATED, scored(94.99, **low)).when(BECOME_READY)
    case.then(QualityTooLow(threshold=READY_THRESHOLD, score="94.99"))

    enough = PERFECT | {"connector_health": 75.0}
    case = given(*VALIDATED, scored(95.0, **enough)).when(BECOME_READY)
    case.then(became(READY, before=VALIDATING))


def test_the_score_is_recorded_with_the_check_that_completes_the_four():
    case = given(*VALIDATED)

    case.when(report(**without("connector_health")))
    case.then(scored(None, **without("connector_health")))
    case.when(report(connector_health=50.0))
    case.then(scored(90.0, connector_health=50.0))


def test_the_latest_result_of_a_check_counts():
    case = given(*VALIDATED, scored(90.0, **PERFECT | {"connector_health": 50.0}))
    case.when(report(connector_health=80.0)).then(scored(96.0, connector_health=80.0))


def test_every_report_is_a_fact_even_if_it_finds_the_same():
    case = given(*VALIDATED, scored(100.0, **PERFECT))
    case.when(report(**PERFECT)).then(scored(100.0, **PERFECT))


def test_a_ready_dataset_that_falls_below_95_goes_back_to_validating_in_the_same_batch():
    case = given(*dataset_in(READY)).when(report(data_completeness=83.0))

    case.then(scored(94.9, data_completeness=83.0), FELL)
    assert case.aggregate.datasets[DATASET].status is VALIDATING


def test_a_ready_dataset_that_stays_at_95_stays_ready():
    case = given(*dataset_in(READY)).when(report(connector_health=75.0))
    case.then(scored(95.0, connector_health=75.0))


def test_promotion_makes_a_validating_dataset_ready_at_95():
    case = given(*VALIDATED).when(report(promote=True, **PERFECT | {"connector_health": 75.0}))
    case.then(scored(95.0, **PERFECT | {"connector_health": 75.0}), REACHED)


@pytest.mark.parametrize(
    "scores", [PERFECT | {"connector_health": 74.9}, without("connector_health")]
)
def test_promotion_waits_for_the_score(scores):
    score = QualityScore.of(checks(**scores))
    case = given(*VALIDATED).when(report(promote=True, **scores))
    case.then(scored(float(score.value) if score else None, **scores))


@pytest.mark.parametrize("status", [PROVISIONING, READY, FAILED])
def test_promotion_moves_only_what_is_validating(status):
    case = given(*dataset_in(status)).when(report(promote=True, **PERFECT))
    case.then(scored(100.0, **PERFECT))


def test_without_promotion_a_good_score_changes_no_status():
    given(*VALIDATED).when(report(**PERFECT)).then(scored(100.0, **PERFECT))


def test_promotion_does_not_save_a_dataset_that_falls():
    case = given(*dataset_in(READY)).when(report(promote=True, connector_health=0.0))
    case.then(scored(80.0, connector_health=0.0), FELL)


def test_a_dataset_that_failed_has_its_checks_forgotten_when_it_is_provisioned_again():
    case = given(*dataset_in(FAILED)).when(ChangeDatasetStatus(status=PROVISIONING))
    dataset = case.aggregate.datasets[DATASET]
    assert (dataset.checks, dataset.checked_at, dataset.quality_score) == ({}, {}, None)

    case.when(ChangeDatasetStatus(status=VALIDATING))
    case.when(BECOME_READY)
    assert case.outcome.error.facts == {"missing": ", ".join(CheckType)}


def test_a_dataset_remembers_when_each_check_was_reported():
    case = given(*VALIDATED, scored(None, connector_health=100.0)).when(
        report(schema_validation=99)
    )

    earlier, later = case.aggregate.datasets[DATASET].checked_at.values()
    assert later == case.aggregate.last_updated > earlier


def test_a_retired_dataset_takes_no_more_checks():
    case = given(*dataset_in(RETIRED)).when(report(**PERFECT))
    case.then(DatasetNotFound(dataset_id=DATASET))
