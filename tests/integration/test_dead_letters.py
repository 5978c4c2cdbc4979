"""An event that cannot be folded is set aside, and holds up nothing but its own entity."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection

from projections import dead_letters
from projections.catalogue import READ_MODELS
from projections.datasets import DATASETS, quality_scored
from projections.generation import Generation
from projections.projector import Projector
from projections.read_model import Document
from registry.application import RegistryApplication
from registry.dataset import Status
from registry.store import RecordedEvent

from .read_tables import live_rows, live_tables, positions, replayed_tables
from .submissions import checks, new_dataset, status

CLIENT = UUID(int=1)
SICK, WELL = new_dataset(CLIENT, "jira_issues"), new_dataset(CLIENT, "slack_messages")
DeadLetters = list[tuple[str, int, str | None]]


def fails_at_13(before: Document, event: RecordedEvent) -> Document:
    """Fold quality checks like the real handler, which has no such defect."""
    if event.facts["score"] == 13:
        raise ValueError("13 brings bad luck")
    return quality_scored(before, event)


DEFECTIVE = replace(DATASETS, handlers={**DATASETS.handlers, "QualityScored": fails_at_13})


@pytest.fixture
def generation(
    application: RegistryApplication, url: str, connection: Connection[Any]
) -> Generation:
    """The live generation, after a poisoned event about one of two datasets and sound ones."""
    models = {**READ_MODELS, "datasets": DEFECTIVE}
    Projector(url, models.values()).catch_up()
    application.submit_all([SICK, WELL, checks(SICK, 13.0), checks(WELL, 99.0)])
    Projector(url, models.values()).catch_up()
    application.submit_all([status(SICK, Status.VALIDATING), status(WELL, Status.VALIDATING)])
    Projector(url, models.values()).catch_up()
    live = Generation.find_live(connection, DATASETS)
    assert live
    return live


def test_other_entities_go_on_while_the_events_of_the_poisoned_one_wait(
    generation: Generation, connection: Connection[Any]
) -> None:
    assert positions(connection) == dict.fromkeys(READ_MODELS, 6)
    assert _documents(connection)[str(WELL.target)]["status"] == "validating"
    assert _documents(connection)[str(WELL.target)]["quality_score"] == 99
    assert _documents(connection)[str(SICK.target)]["version"] == 1
    assert _waiting(connection) == [
        (str(SICK.target), 3, "ValueError: 13 brings bad luck"),
        (str(SICK.target), 5, None),
    ]
    replayed = replayed_tables(connection)
    for name in READ_MODELS.keys() - {"datasets"}:
        assert live_rows(connection, name) == replayed[name]


def test_once_the_handler_is_mended_a_retry_gives_what_a_clean_replay_gives(
    generation: Generation, connection: Connection[Any]
) -> None:
    assert generation.reconsider(connection, str(SICK.target), skip=False) == 0
    assert _waiting(connection) == []
    assert live_tables(connection) == replayed_tables(connection)


def test_a_retry_with_the_same_handler_changes_nothing(
    generation: Generation, connection: Connection[Any]
) -> None:
    before = live_rows(connection, "datasets"), _waiting(connection)
    defective = replace(generation, model=DEFECTIVE)
    assert defective.reconsider(connection, str(SICK.target), skip=False) == 2
    assert (live_rows(connection, "datasets"), _waiting(connection)) == before


def test_a_skipped_event_is_left_out_and_those_behind_it_are_folded(
    generation: Generation, connection: Connection[Any]
) -> None:
    defective = replace(generation, model=DEFECTIVE)
    assert defective.reconsider(connection, str(SICK.target), skip=True) == 0
    assert _waiting(connection) == []
    sick = _documents(connection)[str(SICK.target)]
    assert (sick["status"], sick["quality_checks"], sick["version"]) == ("validating", [], 5)


def test_an_event_that_does_not_even_tell_its_entity_is_set_aside(
    generation: Generation, connection: Connection[Any], url: str, application: RegistryApplication
) -> None:
    generation.reconsider(connection, str(SICK.target), skip=False)
    stream = UUID(int=99)
    connection.execute(
        "SELECT append_events(%s, ARRAY[1]::bigint[], ARRAY['DatasetRevised'], ARRAY['{}'::bytea])",
        [[stream]],
    )
    head = application.submit(status(WELL, Status.FAILED)).position
    Projector(url).catch_up()
    assert positions(connection)["datasets"] == head
    assert _documents(connection)[str(WELL.target)]["status"] == "failed"
    ((key, position, error),) = _waiting(connection)
    assert (key, position) == (f"stream {stream}", 7)
    assert error
    live = Generation.find_live(connection, DATASETS)
    assert live
    assert live.reconsider(connection, key, skip=False) == 1
    assert live.reconsider(connection, key, skip=True) == 0


@pytest.mark.parametrize("batch", [1, 100])
def test_a_dataset_registered_under_the_id_of_another_is_set_aside(
    generation: Generation,
    connection: Connection[Any],
    url: str,
    application: RegistryApplication,
    batch: int,
) -> None:
    generation.reconsider(connection, str(SICK.target), skip=False)
    first = new_dataset(UUID(int=2), "confluence_pages")
    second = replace(new_dataset(UUID(int=3), "confluence_pages"), target=first.target)
    for each in (first, second, status(first, Status.FAILED)):
        application.submit(each)
    Projector(url, [replace(DATASETS, batch=batch)]).catch_up()
    assert _documents(connection)[str(first.target)]["client_id"] == str(first.client_id)
    ((key, position, error), (_, behind, _)) = _waiting(connection)
    assert (key, position, behind) == (str(first.target), 8, 9)
    assert error


def _documents(connection: Connection[Any]) -> dict[str, Document]:
    rows = live_rows(connection, "datasets").present
    return {str(row["dataset_id"]): row["document"] for row in rows}


def _waiting(connection: Connection[Any]) -> DeadLetters:
    """Return key, position and error of every dead letter."""
    return [
        (letter.key, letter.position, letter.error)
        for letter in dead_letters.listed(connection, "datasets")
    ]
