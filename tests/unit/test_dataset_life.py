"""The life of a dataset: registration, statuses, the slot of its stage and type, the end."""

import pytest
from given import (
    CLIENT,
    DATASET,
    JOURNEY,
    METADATA,
    OTHER_DATASET,
    became,
    dataset_in,
    given,
    registered,
)

from registry.commands import ChangeDatasetStatus, RegisterDataset, RetireDataset, ReviseDataset
from registry.dataset import DatasetMetadata, Stage, Status
from registry.errors import DatasetIdTaken, DatasetNotFound, SlotTaken, TransitionForbidden
from registry.events import DatasetRevised

PROVISIONING, VALIDATING, READY, FAILED, RETIRED = Status
ALLOWED = {
    (PROVISIONING, VALIDATING),
    (PROVISIONING, FAILED),
    (PROVISIONING, RETIRED),
    (VALIDATING, READY),
    (VALIDATING, FAILED),
    (VALIDATING, RETIRED),
    (READY, VALIDATING),
    (READY, FAILED),
    (READY, RETIRED),
    (FAILED, PROVISIONING),
    (FAILED, RETIRED),
}
IN_USE = [status for status in Status if status is not RETIRED]
TAKEN = SlotTaken(holder=DATASET, stage=Stage.STAGING, dataset_type="jira_issues")
GONE = DatasetNotFound(dataset_id=DATASET)


def registration(stage=Stage.STAGING, dataset_type="jira_issues"):
    return RegisterDataset(
        name="Issues",
        dataset_type=dataset_type,
        stage=stage,
        journey_id=JOURNEY,
        metadata=METADATA,
    )


def test_a_dataset_is_registered_as_provisioning():
    case = given().when(registration())

    case.then(registered())
    dataset = case.aggregate.datasets[DATASET]
    assert (dataset.status, dataset.client_id, dataset.version) == (PROVISIONING, CLIENT, 1)
    assert dataset.created_at == dataset.updated_at == case.aggregate.last_updated


def test_an_id_is_used_once():
    given(registered()).when(registration(Stage.SANDBOX)).then(DatasetIdTaken(dataset_id=DATASET))


@pytest.mark.parametrize("status", [PROVISIONING, VALIDATING, READY])
def test_an_active_dataset_holds_the_slot_of_its_stage_and_type(status):
    given(*dataset_in(status)).when(registration(), OTHER_DATASET).then(TAKEN)


@pytest.mark.parametrize("status", [FAILED, RETIRED])
def test_a_dataset_that_is_not_active_leaves_its_slot(status):
    case = given(*dataset_in(status)).when(registration(), OTHER_DATASET)

    case.then(registered(OTHER_DATASET))


@pytest.mark.parametrize(
    ("stage", "dataset_type"),
    [(Stage.PRODUCTION, "jira_issues"), (Stage.STAGING, "slack_messages")],
)
def test_another_stage_or_type_is_another_slot(stage, dataset_type):
    case = given(registered()).when(registration(stage, dataset_type), OTHER_DATASET)

    case.then(registered(OTHER_DATASET, stage, dataset_type))


def test_a_failed_dataset_wins_its_slot_back_only_if_it_is_free():
    again = ChangeDatasetStatus(status=PROVISIONING)
    failed = dataset_in(FAILED)

    given(*failed).when(again).then(became(PROVISIONING, before=FAILED))
    taken = SlotTaken(holder=OTHER_DATASET, stage=Stage.STAGING, dataset_type="jira_issues")
    given(*failed, registered(OTHER_DATASET)).when(again).then(taken)


def test_a_failed_dataset_may_retire_though_its_slot_is_taken():
    case = given(*dataset_in(FAILED), registered(OTHER_DATASET)).when(RetireDataset())
    case.then(became(RETIRED, before=FAILED))


@pytest.mark.parametrize(("before", "after"), sorted(ALLOWED))
def test_a_dataset_may_go_from_a_status_to_those_that_follow_it(before, after):
    case = given(*dataset_in(before)).when(ChangeDatasetStatus(status=after, reason="so it is"))
    case.then(became(after, before, "so it is"))


@pytest.mark.parametrize("status", IN_USE)
def test_to_go_to_the_present_status_is_no_change(status):
    case = given(*dataset_in(status)).when(ChangeDatasetStatus(status=status, reason="again"))
    case.then()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (before, after)
        for before in IN_USE
        for after in Status
        if before is not after and (before, after) not in ALLOWED
    ],
)
def test_a_dataset_may_go_nowhere_else(before, after):
    allowed = " or ".join(sorted(end for start, end in ALLOWED if start is before))
    case = given(*dataset_in(before)).when(ChangeDatasetStatus(status=after))
    case.then(TransitionForbidden(before=before, after=after, allowed=allowed))


@pytest.mark.parametrize(
    "command",
    [
        *(ChangeDatasetStatus(status=status) for status in Status),
        RetireDataset(),
        ReviseDataset(name="Late"),
    ],
)
def test_nothing_leaves_retired(command):
    given(*dataset_in(RETIRED)).when(command).then(GONE)


def test_a_retired_dataset_leaves_memory():
    case = given(*dataset_in(READY)).when(RetireDataset(reason="the journey ended"))

    case.then(became(RETIRED, READY, "the journey ended"))
    assert case.aggregate.datasets == {}
    assert case.aggregate.total_datasets == 0
    assert case.outcome.entity.status is RETIRED
    assert case.outcome.entity.status_reason == "the journey ended"


def test_the_reason_for_a_status_is_remembered():
    case = given(registered()).when(ChangeDatasetStatus(status=FAILED, reason="no connection"))
    assert case.aggregate.datasets[DATASET].status_reason == "no connection"


def test_what_a_revision_leaves_out_stays():
    revised = {"client_id": CLIENT, "dataset_id": DATASET}
    before = DatasetMetadata(industry="retail", tags=["support"], custom_fields={"team": "blue"})
    case = given(registered(metadata=before))

    case.when(ReviseDataset(name="Tickets"))
    case.then(DatasetRevised(name="Tickets", metadata=before, **revised))

    case.when(ReviseDataset(tags=["sales"]))
    sales = DatasetMetadata(industry="retail", tags=["sales"], custom_fields={"team": "blue"})
    case.then(DatasetRevised(name="Tickets", metadata=sales, **revised))

    case.when(ReviseDataset(metadata={"industry": None, "custom_fields": None}))
    bare = DatasetMetadata(tags=["sales"])
    case.then(DatasetRevised(name="Tickets", metadata=bare, **revised))

    case.when(ReviseDataset(tags=None))
    case.then(DatasetRevised(name="Tickets", metadata=DatasetMetadata(), **revised))


@pytest.mark.parametrize(
    "command",
    [
        ReviseDataset(name="Issues"),
        ReviseDataset(tags=["support"]),
        ReviseDataset(metadata={"tags": ["support"]}),
        ReviseDataset(metadata={}),
        ReviseDataset(metadata={"industry": None}),
    ],
)
def test_a_revision_that_changes_nothing_records_nothing(command):
    given(registered()).when(command).then()
