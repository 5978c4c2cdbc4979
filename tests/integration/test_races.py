"""Processes race for what only one can have: one has it, and the log never tells otherwise."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from registry.application import Answer, RegistryApplication
from registry.commands import (
    Command,
    RecordConnectorHealth,
    RemoveConnector,
    RetireDataset,
    ReviseConnector,
    ReviseDataset,
)
from registry.connector import Health
from registry.dataset import Status
from registry.dataset_registry import DatasetRegistry
from registry.errors import (
    ConnectorNameTaken,
    KeyInFlight,
    RegistryError,
    SlotTaken,
    TooManyConflicts,
    VersionMismatch,
)
from registry.store import RecordedEvent
from registry.store.receipts import IdempotencyKey
from registry.submission import Submission

from .race_track import RACERS, ROUNDS, Racer, race
from .rule_book import assert_the_rules_hold
from .submissions import checks, new_connector, new_dataset, new_template, status, submission

CLIENT = UUID(int=1)
SPELLINGS = ("jira", "Jira", "JIRA", "jIRA", "ｊｉｒａ", "ＪＩＲＡ", "ｊira", "ＪIRA")

Recorded = Callable[[], list[RecordedEvent]]
Result = type[RegistryError] | None
"""What became of a command: the error that refused it, or none."""


def result_of(application: RegistryApplication, submission: Submission) -> Result:
    outcome = application.submit_all([submission])[0]
    return type(outcome.error) if outcome.error else None


def assert_one_winner_each(rounds: Sequence[Sequence[Result]], lost: Result) -> None:
    """Expect that in every round one racer wins and all others are told the same."""
    assert len(rounds) == ROUNDS
    for results in rounds:
        assert results.count(None) == 1
        assert results.count(lost) == RACERS - 1


def registry_of(application: RegistryApplication) -> DatasetRegistry:
    """Return the client's registry as the log has it."""
    [registry] = application.load([DatasetRegistry(CLIENT)]).values()
    assert isinstance(registry, DatasetRegistry)
    return registry


def take_the_slot(racer: Racer) -> Result:
    return result_of(racer.application, new_dataset(CLIENT, f"type_{racer.round}"))


def test_one_racer_takes_the_slot(url: str, recorded: Recorded) -> None:
    assert_one_winner_each(race(url, take_the_slot), SlotTaken)
    assert len(recorded()) == ROUNDS
    assert_the_rules_hold(recorded())


def retake_the_slot(racer: Racer) -> Result:
    """Go for a slot that was freed since the last round, which caches may not know."""
    if racer.number == racer.round % RACERS:
        for dataset_id in registry_of(racer.application).datasets:
            racer.application.submit(submission(RetireDataset(), dataset_id, CLIENT))
    racer.line_up()
    return result_of(racer.application, new_dataset(CLIENT))


def test_one_racer_takes_the_slot_that_another_has_freed(url: str, recorded: Recorded) -> None:
    assert_one_winner_each(race(url, retake_the_slot), SlotTaken)
    assert len(recorded()) == 2 * ROUNDS - 1
    assert_the_rules_hold(recorded())


def take_the_name(racer: Racer) -> Result:
    name = f"{SPELLINGS[racer.number]} {racer.round}"
    return result_of(racer.application, new_connector(CLIENT, name))


def test_one_racer_takes_the_name(url: str, recorded: Recorded) -> None:
    assert_one_winner_each(race(url, take_the_name), ConnectorNameTaken)
    assert_the_rules_hold(recorded())


def change_the_version(racer: Racer) -> Result:
    [dataset] = registry_of(racer.application).datasets.values()
    racer.line_up()
    rename = ReviseDataset(name=f"{racer.round}.{racer.number}")
    change = replace(submission(rename, dataset.id, CLIENT), expected_version=dataset.version)
    return result_of(racer.application, change)


def test_one_racer_changes_the_version_that_all_have_seen(
    url: str, application: RegistryApplication, recorded: Recorded
) -> None:
    application.submit(new_dataset(CLIENT))
    assert_one_winner_each(race(url, change_the_version), VersionMismatch)
    assert len(recorded()) == 1 + ROUNDS


def register_the_template(racer: Racer) -> Result:
    template = new_template(f"type_{racer.round}", sample=[racer.number])
    return result_of(racer.application, replace(template, expected_version=0))


def test_one_racer_registers_the_template(url: str, recorded: Recorded) -> None:
    assert_one_winner_each(race(url, register_the_template), VersionMismatch)
    assert len(recorded()) == ROUNDS


def use_the_key(racer: Racer) -> str:
    key = IdempotencyKey(scope="all", key=str(racer.round), digest=b"the same")
    connector = new_connector(CLIENT, f"Jira {racer.round}")
    try:
        return "replayed" if once(racer.application, connector, key) else "carried out"
    except KeyInFlight:
        return "in flight"


def once(application: RegistryApplication, submission: Submission, key: IdempotencyKey) -> bool:
    """Submit under the key; return whether it was only replayed."""
    return application.submit_once([submission], key, lambda _: Answer(b"done", kept=True)).replayed


def test_one_racer_is_carried_out_under_the_key_of_all(url: str, recorded: Recorded) -> None:
    for results in race(url, use_the_key):
        assert results.count("carried out") == 1
        assert set(results) <= {"carried out", "replayed", "in flight"}
    assert len(recorded()) == ROUNDS


def look(racer: Racer) -> Result:
    [connector] = registry_of(racer.application).connectors
    health = RecordConnectorHealth(health=Health.HEALTHY, detail=f"{racer.round}.{racer.number}")
    try:
        return result_of(racer.application, submission(health, connector, CLIENT))
    except TooManyConflicts:
        return TooManyConflicts


def test_commands_that_exclude_no_other_are_all_carried_out_once(
    url: str, application: RegistryApplication, recorded: Recorded
) -> None:
    application.submit(new_connector(CLIENT))
    results = [result for results in race(url, look) for result in results]
    assert set(results) <= {None, TooManyConflicts}
    details = [event.facts["detail"] for event in recorded()[1:]]
    assert len(set(details)) == len(details) == results.count(None)
    assert_the_rules_hold(recorded())


def do_something(racer: Racer) -> int:
    """Do what chance has it, to what there is; return how many events are recorded."""
    chance = random.Random(racer.round * RACERS + racer.number)
    registry = registry_of(racer.application)
    name = chance.choice(SPELLINGS)
    asked = [new_dataset(CLIENT, chance.choice(["jira_issues", "slack_messages"]))]
    asked += [new_connector(CLIENT, f"{chance.choice([1, 2])} {name}")]
    for dataset_id in registry.datasets:
        dataset = submission(RetireDataset(), dataset_id, CLIENT)
        score = chance.choice([90.0, 100.0])
        asked += [
            dataset,
            *(status(dataset, after) for after in Status),
            checks(dataset, score, promote=chance.choice([True, False])),
        ]
    for connector_id in registry.connectors:
        commands: list[Command] = [RemoveConnector(), ReviseConnector(name=f"1 {name}")]
        asked += [submission(command, connector_id, CLIENT) for command in commands]
    try:
        return len(racer.application.submit_all([chance.choice(asked)])[0].events)
    except TooManyConflicts:
        return 0


def test_whatever_happens_at_once_the_log_follows_the_rules(url: str, recorded: Recorded) -> None:
    rounds = race(url, do_something)
    events = recorded()
    assert len(events) == sum(map(sum, rounds)) > ROUNDS
    assert_the_rules_hold(events)
