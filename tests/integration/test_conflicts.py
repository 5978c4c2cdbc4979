"""Writers who meet at the same aggregate: one wins, and the rules hold whoever it is."""

import multiprocessing
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from multiprocessing.synchronize import Barrier
from queue import Queue
from typing import Any
from uuid import UUID

import pytest
from eventsourcing.persistence import Recording

from registry.application import RegistryApplication, Submission
from registry.dataset import Status
from registry.errors import NotCarriedOut, SlotTaken, TooManyConflicts, VersionMismatch
from registry.store import RecordedEvent

from .submissions import new_connector, new_dataset, new_datasets, new_template, status

CLIENT = UUID(int=1)
PROCESSES, ROUNDS = 4, 15
Recorded = Callable[[], list[RecordedEvent]]


class OvertakenApplication(RegistryApplication):
    """Lets others write between loading and saving, as often as it is told to."""

    name = RegistryApplication.name

    def overtaken_by(self, others: Iterable[Callable[[], object]]) -> None:
        self._others = iter(others)

    def save(self, *objects: Any, **options: Any) -> list[Recording[UUID]]:
        next(self._others, lambda: None)()
        return super().save(*objects, **options)


@pytest.fixture
def overtaken(url: str) -> Iterable[OvertakenApplication]:
    with OvertakenApplication(url) as application:
        yield application


def test_the_loser_of_a_race_decides_again_and_wins(
    application: RegistryApplication, overtaken: OvertakenApplication, recorded: Recorded
) -> None:
    rival, own = new_dataset(CLIENT, "slack_messages"), new_dataset(CLIENT, "jira_issues")
    overtaken.overtaken_by([lambda: application.submit(rival)])
    outcome = overtaken.submit(own)
    assert outcome.version == 2
    assert [event.facts["dataset_id"] for event in recorded()] == [
        str(rival.target),
        str(own.target),
    ]


def test_the_loser_of_a_race_for_a_slot_is_told_who_holds_it(
    application: RegistryApplication, overtaken: OvertakenApplication, recorded: Recorded
) -> None:
    rival = new_dataset(CLIENT)
    overtaken.overtaken_by([lambda: application.submit(rival)])
    with pytest.raises(SlotTaken) as refusal:
        overtaken.submit(new_dataset(CLIENT))
    assert refusal.value.facts["holder"] == rival.target
    assert len(recorded()) == 1


def test_whoever_loses_every_race_is_told_so_and_records_nothing(
    application: RegistryApplication, overtaken: OvertakenApplication, recorded: Recorded
) -> None:
    overtaken.MAX_ATTEMPTS = 3
    rivals = new_datasets(CLIENT, 4)
    overtaken.overtaken_by([lambda rival=rival: application.submit(rival) for rival in rivals])
    with pytest.raises(TooManyConflicts, match="3 times"):
        overtaken.submit(new_dataset(CLIENT, "jira_issues"))
    assert [event.facts["dataset_id"] for event in recorded()] == [
        str(rival.target) for rival in rivals[:3]
    ]


def test_an_expected_version_is_held_to_after_a_lost_race_too(
    application: RegistryApplication, overtaken: OvertakenApplication
) -> None:
    dataset = new_dataset(CLIENT)
    version = application.submit(dataset).version
    overtaken.overtaken_by([lambda: application.submit(status(dataset, Status.FAILED))])
    with pytest.raises(VersionMismatch):
        overtaken.submit(_expecting(version, status(dataset, Status.VALIDATING)))


def test_a_conflict_about_one_aggregate_holds_back_the_events_of_all_others(
    application: RegistryApplication, overtaken: OvertakenApplication, recorded: Recorded
) -> None:
    overtaken.MAX_ATTEMPTS = 1
    overtaken.overtaken_by([lambda: application.submit(new_template("type_13", tags=["mine"]))])
    with pytest.raises(TooManyConflicts):
        overtaken.submit_all([new_template(f"type_{number}") for number in range(20)])
    assert [event.facts["definition"]["tags"] for event in recorded()] == [["mine"]]


def test_many_aggregates_are_saved_together(
    application: RegistryApplication, recorded: Recorded
) -> None:
    clients = [UUID(int=number) for number in range(40)]
    outcomes = application.submit_all(
        [
            *(new_dataset(client) for client in clients),
            *(new_template(f"type_{n}") for n in range(10)),
        ],
        atomic=True,
    )
    events = recorded()
    assert len(events) == len({event.originator_id for event in events}) == 50
    assert {outcome.position for outcome in outcomes} == {events[-1].position}


def test_all_or_none_of_an_atomic_batch_is_carried_out(
    application: RegistryApplication, recorded: Recorded
) -> None:
    batch = [new_dataset(UUID(int=1)), new_dataset(UUID(int=2)), new_dataset(UUID(int=1))]
    outcomes = application.submit_all(batch, atomic=True)
    assert [type(outcome.error) for outcome in outcomes] == [
        NotCarriedOut,
        NotCarriedOut,
        SlotTaken,
    ]
    assert recorded() == []


def test_a_refused_command_does_not_hinder_the_others_of_its_batch(
    application: RegistryApplication, recorded: Recorded
) -> None:
    batch = [new_dataset(CLIENT), new_dataset(CLIENT), new_connector(CLIENT)]
    outcomes = application.submit_all(batch)
    assert [type(outcome.error) for outcome in outcomes] == [type(None), SlotTaken, type(None)]
    assert [event.topic for event in recorded()] == ["DatasetRegistered", "ConnectorRegistered"]


def test_of_processes_racing_for_a_slot_exactly_one_wins_each_round(
    url: str, recorded: Recorded
) -> None:
    spawn = multiprocessing.get_context("spawn")
    start, results = spawn.Barrier(PROCESSES), spawn.Queue()
    racers = [
        spawn.Process(target=_race, args=(url, start, results), daemon=True)
        for _ in range(PROCESSES)
    ]
    for racer in racers:
        racer.start()
    wins = [results.get(timeout=60) for _ in racers]
    for racer in racers:
        racer.join()

    assert [sum(round_wins) for round_wins in zip(*wins, strict=True)] == [1] * ROUNDS
    _assert_slots_were_respected(recorded())


def _race(url: str, start: Barrier, results: "Queue[Sequence[bool]]") -> None:
    """In each round register a dataset; the winner retires it before the next one."""
    wins = []
    with RegistryApplication(url) as application:
        for _ in range(ROUNDS):
            start.wait()
            dataset = new_dataset(CLIENT)
            won = application.submit_all([dataset])[0].error is None
            wins.append(won)
            start.wait()
            if won:
                application.submit(status(dataset, Status.RETIRED))
    results.put(wins)


def _assert_slots_were_respected(events: Iterable[RecordedEvent]) -> None:
    """Follow the log with nothing but the rule: one active dataset per stage and type."""
    holders: dict[tuple[str, ...], str] = {}
    slots: dict[str, tuple[str, ...]] = {}
    for event in events:
        dataset_id = event.facts["dataset_id"]
        if event.topic == "DatasetRegistered":
            slot = (event.facts["client_id"], event.facts["stage"], event.facts["dataset_type"])
            assert holders.setdefault(slot, dataset_id) == dataset_id
            slots[dataset_id] = slot
        elif event.facts["after"] in ("failed", "retired"):
            del holders[slots[dataset_id]]


def _expecting(version: int, submission: Submission) -> Submission:
    return replace(submission, expected_version=version)
