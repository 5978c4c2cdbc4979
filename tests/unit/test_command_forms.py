"""A command that could be made is well-formed."""

import pytest
from given import JOURNEY, configuration, definition
from pydantic import ValidationError
from recommended import LEARNT, SAID

from registry import commands
from registry.commands import (
    AdoptRecommendationModel,
    ChangeDatasetStatus,
    FailScan,
    FinishScan,
    JudgeRecommendation,
    ListSource,
    RecordConnectorHealth,
    RecordQualityChecks,
    RecordScanProgress,
    RefineTemplate,
    RegisterConnector,
    RegisterDataset,
    RegisterTemplate,
    ReleaseScan,
    RemoveConnector,
    RequestScan,
    RestoreTemplate,
    RetireDataset,
    RetireTemplate,
    ReviewTemplate,
    ReviseConnector,
    ReviseDataset,
    SetCompatibilityMode,
    StartScan,
    WithdrawRefinement,
)
from registry.dataset import WELL_KNOWN_TYPES
from registry.template_draft import TemplateDraft

IDENTITY = {"industry": "retail", "use_case": "support", "dataset_type": "zendesk_tickets"}
CHECK = {"check_type": "connector_health", "score": 95.0}
DATASET = {
    "name": "Issues",
    "dataset_type": "jira_issues",
    "stage": "sandbox",
    "journey_id": str(JOURNEY),
}
WELL_FORMED = [
    (RegisterDataset, DATASET),
    (ReviseDataset, {"name": "Issues"}),
    (ChangeDatasetStatus, {"status": "ready"}),
    (RetireDataset, {}),
    (RecordQualityChecks, {"checks": [CHECK]}),
    (RegisterConnector, {"name": "Jira", "configuration": {"connector_type": "jira"}}),
    (ReviseConnector, {"name": "Jira"}),
    (RecordConnectorHealth, {"health": "healthy"}),
    (RemoveConnector, {}),
    (RegisterTemplate, {"definition": definition()}),
    (RetireTemplate, {}),
    (RestoreTemplate, {}),
    (JudgeRecommendation, SAID),
    (AdoptRecommendationModel, LEARNT),
    (SetCompatibilityMode, {"mode": "FULL"}),
    (RefineTemplate, {"fields": {"a.b[]": {"type": "string"}}, "reason": "seen"}),
    (WithdrawRefinement, {"field": "a", "reason": "seen"}),
    (ReviewTemplate, {}),
    (TemplateDraft, IDENTITY | {"records": [1]}),
    (ListSource, {"source": "shop", "kind": "files", "place": "/data"}),
    (RequestScan, {"source": "shop"}),
    (StartScan, {"source": "shop", "worker": "a"}),
    (RecordScanProgress, {"source": "shop", "worker": "a", "done": 1, "total": 2}),
    (ReleaseScan, {"source": "shop", "worker": "a"}),
    (FinishScan, {"source": "shop", "worker": "a", "outcome": {"new": 1}}),
    (FailScan, {"source": "shop", "worker": "a", "reason": "gone"}),
]
NESTED = [
    (RegisterDataset, DATASET | {"metadata": {"color": "red"}}, "metadata.color"),
    (ReviseDataset, {"metadata": {"color": "red"}}, "metadata.color"),
    (RecordQualityChecks, {"checks": [CHECK | {"color": "red"}]}, "checks.0.color"),
    (
        RegisterConnector,
        {"name": "Jira", "configuration": {"connector_type": "jira", "color": "red"}},
        "configuration.color",
    ),
    (
        RefineTemplate,
        {"fields": {"a": {"key": True, "color": "red"}}, "reason": "seen"},
        "fields.a.color",
    ),
]


def findings(command, parts):
    """Return where the command is wrong."""
    with pytest.raises(ValidationError) as refused:
        command.model_validate(parts)
    return [".".join(map(str, finding["loc"])) for finding in refused.value.errors()]


def test_every_command_is_known_to_these_tests():
    known = {command for command, _ in WELL_FORMED} | {commands.MetadataChanges}
    stated = {*commands.Command.__subclasses__(), *commands.ScanCommand.__subclasses__()}
    stated = {each for each in stated if not each.__module__.startswith("registry.interchange")}
    assert known == stated - {commands.ScanCommand}


@pytest.mark.parametrize(("command", "parts"), WELL_FORMED)
def test_a_command_refuses_fields_that_it_does_not_know(command, parts):
    command.model_validate(parts)
    assert findings(command, parts | {"color": "red"}) == ["color"]


@pytest.mark.parametrize(("command", "parts", "place"), NESTED)
def test_so_do_the_parts_of_a_command(command, parts, place):
    assert findings(command, parts) == [place]


@pytest.mark.parametrize(("command", "parts"), WELL_FORMED)
def test_a_command_never_changes(command, parts):
    made = command.model_validate(parts)
    for name in command.model_fields:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(made, name, getattr(made, name))


@pytest.mark.parametrize("name", ["", " ", "\t\n", "\u3000", "\u200b", " \u2060 \ufeff", "x" * 201])
@pytest.mark.parametrize(
    ("command", "parts"), [(each, parts) for each, parts in WELL_FORMED if "name" in parts]
)
def test_a_name_is_of_1_to_200_characters_that_can_be_seen(command, parts, name):
    assert findings(command, parts | {"name": name}) == ["name"]


def test_a_name_loses_the_white_space_around_it():
    assert ReviseDataset(name=" \tJira issues\u3000").name == "Jira issues"
    assert ReviseDataset(name="x" * 200).name == "x" * 200


@pytest.mark.parametrize(
    "slug", ["", "j", "Jira", "1ssues", "_issues", "jira-issues", "jira issues", "jira\n", "i" * 64]
)
def test_an_identifier_is_of_2_to_63_lower_case_letters_digits_and_underscores(slug):
    assert findings(RegisterDataset, DATASET | {"dataset_type": slug}) == ["dataset_type"]
    assert findings(ReviseDataset, {"tags": ["ok", slug]}) == ["tags.1"]


@pytest.mark.parametrize("slug", ["ab", "a1", "j_", "i" * 63, *WELL_KNOWN_TYPES])
def test_any_such_identifier_is_a_dataset_type(slug):
    assert RegisterDataset.model_validate(DATASET | {"dataset_type": slug}).dataset_type == slug


@pytest.mark.parametrize(
    ("command", "parts", "place"),
    [
        (RegisterDataset, DATASET | {"name": "a\0"}, "name"),
        (RegisterDataset, DATASET | {"source": "\0"}, "source"),
        (RegisterDataset, DATASET | {"stage": "test"}, "stage"),
        (RegisterDataset, DATASET | {"metadata": {"custom_fields": {"a": "\0"}}}, "metadata"),
        (RegisterDataset, DATASET | {"metadata": {"tags": ["aa"] * 51}}, "metadata.tags"),
        (ReviseDataset, {"metadata": {"custom_fields": {"a": float("inf")}}}, "metadata"),
        (ReviseDataset, {"tags": ["aa"] * 51}, "tags"),
        (ChangeDatasetStatus, {"status": "done"}, "status"),
        (ChangeDatasetStatus, {"status": "ready", "reason": "\ud800"}, "reason"),
        (RetireDataset, {"reason": "x" * 10_001}, "reason"),
        (RecordQualityChecks, {"checks": []}, "checks"),
        (RecordQualityChecks, {"checks": [CHECK, CHECK | {"score": 1.0}]}, "checks"),
        (RecordQualityChecks, {"checks": [CHECK | {"score": 100.1}]}, "checks.0.score"),
        (RecordQualityChecks, {"checks": [CHECK | {"score": float("nan")}]}, "checks.0.score"),
        (RecordQualityChecks, {"checks": [CHECK | {"details": {"a": 2**64}}]}, "checks.0.details"),
        (ReviseConnector, {"configuration": configuration(endpoint="\0")}, "configuration"),
        (ReviseConnector, {"configuration": configuration(endpoint="x" * 2_001)}, "configuration"),
        (RecordConnectorHealth, {"health": "fine"}, "health"),
        (RegisterTemplate, {"definition": definition(sample_data=[{"a": "\0"}])}, "definition"),
        (RegisterTemplate, {"definition": definition(default_record_count=-1)}, "definition"),
        (RegisterTemplate, {"definition": definition(schema={"const": {1: 2}})}, "definition"),
    ],
)
def test_what_cannot_be_recorded_is_refused_with_its_place(command, parts, place):
    (found,) = findings(command, parts)
    assert found.startswith(place)


@pytest.mark.parametrize("command", [ReviseDataset, ReviseConnector])
def test_a_revision_names_something_to_change(command):
    assert findings(command, {}) == [""]
