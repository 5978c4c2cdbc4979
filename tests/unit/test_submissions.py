"""Submissions: which aggregate decides, on which version, and what the outcome tells."""

import pytest
from given import (
    CLIENT,
    CONNECTOR,
    DATASET,
    SOMEBODY,
    TEMPLATE,
    connected,
    dataset_in,
    definition,
    given,
    given_no_template,
    registered,
)

from registry import commands
from registry.commands import (
    RegisterTemplate,
    RemoveConnector,
    RetireDataset,
    RetireTemplate,
    ReviseDataset,
)
from registry.dataset import Status
from registry.dataset_registry import DatasetRegistry
from registry.dataset_template import DatasetTemplate
from registry.errors import DatasetNotFound, TemplateNotFound, VersionMismatch
from registry.submission import (
    MODEL_COMMANDS,
    RECOMMENDATION_COMMANDS,
    REGISTRY_COMMANDS,
    SCAN_COMMANDS,
    TEMPLATE_COMMANDS,
    Submission,
    decide,
)

RENAME = ReviseDataset(name="Tickets")


def submission(command, target=DATASET, **parts):
    return Submission(
        **{"command": command, "target": target, "provenance": SOMEBODY, "client_id": CLIENT}
        | parts
    )


def test_every_command_is_decided_by_one_aggregate():
    decided = [
        *REGISTRY_COMMANDS,
        *TEMPLATE_COMMANDS,
        *SCAN_COMMANDS,
        *RECOMMENDATION_COMMANDS,
        *MODEL_COMMANDS,
    ]
    stated = {
        command
        for command in vars(commands).values()
        if isinstance(command, type) and issubclass(command, commands.Command)
    }
    assert len(decided) == len(set(decided))
    assert set(decided) == stated - {
        commands.Command,
        commands.ScanCommand,
        commands.MetadataChanges,
    }


def test_a_clients_registry_decides_about_datasets():
    blank = submission(RENAME).blank_aggregate()
    assert (type(blank), blank.client_id, blank.version) == (DatasetRegistry, CLIENT, 0)


def test_a_template_decides_about_itself_whoever_the_client_is():
    for client_id in (None, CLIENT):
        blank = submission(RetireTemplate(), TEMPLATE, client_id=client_id).blank_aggregate()
        assert (type(blank), blank.id, blank.version) == (DatasetTemplate, TEMPLATE, 0)


def test_without_a_client_nobody_decides_about_datasets():
    with pytest.raises(TypeError, match="a ReviseDataset needs the client it is for"):
        submission(RENAME, client_id=None).blank_aggregate()


@pytest.mark.parametrize("expected", [None, 1])
def test_a_command_is_carried_out_on_the_version_that_is_expected(expected):
    aggregate = given(registered(), connected()).aggregate

    outcome = decide(aggregate, submission(RENAME, expected_version=expected))

    assert outcome.error is None
    assert (outcome.version, outcome.entity.name, outcome.created) == (3, "Tickets", False)


@pytest.mark.parametrize("expected", [0, 2, 5])
def test_a_command_is_refused_on_any_other_version(expected):
    aggregate = given(registered(), connected()).aggregate

    outcome = decide(aggregate, submission(RENAME, expected_version=expected))

    assert isinstance(outcome.error, VersionMismatch)
    assert outcome.error.facts == {"expected": expected, "current": 1}
    assert aggregate.pending_events == ()


def test_version_0_is_that_of_a_thing_still_to_be_made():
    register = RegisterTemplate(definition=definition())
    aggregate = given_no_template().aggregate

    first = decide(aggregate, submission(register, TEMPLATE, expected_version=0))
    second = decide(aggregate, submission(register, TEMPLATE, expected_version=0))

    assert (first.version, first.created) == (1, True)
    assert isinstance(second.error, VersionMismatch)


def test_a_refused_command_leaves_the_others_as_they_are():
    aggregate = given(registered()).aggregate

    outcomes = [
        decide(aggregate, each)
        for each in (
            submission(RENAME),
            submission(RENAME, CONNECTOR),
            submission(ReviseDataset(tags=["new"])),
        )
    ]

    assert [outcome.version for outcome in outcomes] == [2, 0, 3]
    assert [len(outcome.events) for outcome in outcomes] == [1, 0, 1]
    assert isinstance(outcomes[1].error, DatasetNotFound)


def test_an_outcome_shows_the_thing_as_that_command_left_it():
    aggregate = given(registered()).aggregate

    first = decide(aggregate, submission(RENAME))
    decide(aggregate, submission(ReviseDataset(name="Later")))

    assert (first.entity.name, first.entity.version) == ("Tickets", 2)


@pytest.mark.parametrize(
    ("happened", "command", "target"),
    [
        (dataset_in(Status.PROVISIONING), RetireDataset(), DATASET),
        ([connected()], RemoveConnector(), CONNECTOR),
    ],
)
def test_what_left_the_aggregate_is_shown_as_it_was_last(happened, command, target):
    outcome = decide(given(*happened).aggregate, submission(command, target))

    assert outcome.entity.id == target
    assert outcome.version == outcome.entity.version == len(happened) + 1


def test_no_change_gives_no_events():
    outcome = decide(given(registered()).aggregate, submission(ReviseDataset(name="Issues")))
    assert (outcome.events, outcome.version) == ((), 1)


def test_a_template_is_never_looked_for_among_datasets():
    outcome = decide(given_no_template().aggregate, submission(RetireTemplate(), TEMPLATE))
    assert isinstance(outcome.error, TemplateNotFound)
