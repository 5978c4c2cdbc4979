"""Random histories of two clients and a few templates, and carrying them out."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from projections.catalogue import READ_MODELS
from projections.projector import Projector
from registry.application import RegistryApplication
from registry.commands import (
    ChangeDatasetStatus,
    Command,
    RecordConnectorHealth,
    RecordQualityChecks,
    RefineTemplate,
    RegisterConnector,
    RegisterDataset,
    RemoveConnector,
    RestoreTemplate,
    RetireDataset,
    RetireTemplate,
    ReviseConnector,
    ReviseDataset,
    WithdrawRefinement,
)
from registry.connector import ConnectorConfiguration, Health
from registry.dataset import Stage, Status
from registry.quality import CheckType, DataQualityCheck
from registry.refinement import Pins
from registry.submission import Submission
from tests.rounds import rounds

from .submissions import new_template, submission

LAWS = settings(
    max_examples=rounds(8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
Databases = Callable[[], AbstractContextManager[str]]
History = Sequence[Sequence[Submission]]

CLIENTS = [UUID(int=number) for number in (1, 2)]
THINGS = range(3)
NAMES = st.sampled_from(["Jira", "Slack", "Zendesk"])
CONFIGURATIONS = st.builds(
    ConnectorConfiguration,
    connector_type=st.sampled_from(["jira", "slack"]),
    config=st.fixed_dictionaries({"site": NAMES}),
)
METADATA = st.fixed_dictionaries({"tags": st.lists(st.sampled_from(["gold", "eu"]), max_size=2)})
CHANGES = st.fixed_dictionaries({"name": NAMES}, optional={"metadata": METADATA})
RECONFIGURATIONS = st.fixed_dictionaries(
    {"name": NAMES}, optional={"configuration": CONFIGURATIONS}
)
CHECKS = st.lists(
    st.builds(
        DataQualityCheck,
        check_type=st.sampled_from(CheckType),
        score=st.sampled_from([90.0, 100.0]),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda check: check.check_type,
)
DATASET_COMMANDS = st.one_of(
    st.builds(
        RegisterDataset,
        name=NAMES,
        dataset_type=st.sampled_from(["jira_issues", "slack_messages"]),
        stage=st.sampled_from([Stage.SANDBOX, Stage.PRODUCTION]),
        journey_id=st.just(UUID(int=7)),
        metadata=METADATA,
    ),
    CHANGES.map(ReviseDataset.model_validate),
    st.builds(ChangeDatasetStatus, status=st.sampled_from(Status), reason=NAMES),
    st.builds(RecordQualityChecks, checks=CHECKS, promote=st.booleans()),
    st.builds(RetireDataset, reason=NAMES),
)
PINS = st.builds(
    Pins,
    semantic_class=st.sampled_from(["", "phone", "user_name"]),
    description=st.sampled_from([None, "Whom to write to."]),
    key=st.sampled_from([None, True, False]),
)
CONNECTOR_COMMANDS = st.one_of(
    st.builds(RegisterConnector, name=NAMES, configuration=CONFIGURATIONS),
    RECONFIGURATIONS.map(ReviseConnector.model_validate),
    st.builds(RecordConnectorHealth, health=st.sampled_from(Health), detail=NAMES),
    st.builds(RemoveConnector, reason=NAMES),
)
TEMPLATE_COMMANDS = st.one_of(
    st.builds(RetireTemplate),
    st.builds(RestoreTemplate),
    st.builds(
        RefineTemplate,
        fields=st.dictionaries(st.sampled_from(["mail", "field_1"]), PINS, min_size=1),
        reason=NAMES,
    ),
    st.builds(WithdrawRefinement, field=st.sampled_from(["mail", "field_1"]), reason=NAMES),
)


def of_a_client(kind: int, command: Command, client_id: UUID, thing: int) -> Submission:
    """Aim a command at one of few things, so that it often finds what an earlier one left."""
    target = UUID(fields=(kind, thing, client_id.int, 0, 0, 0))
    return submission(command, target, client_id)


def of_a_template(thing: int, revision: int, after: Command | None) -> Submission:
    """Register, revise, retire, restore or refine one of few templates."""
    email = {"name": "email", "private": True, "certainty": 1.0}
    template = new_template(
        f"type_{thing}",
        sample=[revision],
        schema={"properties": {"mail": {"type": "string"}, f"field_{revision}": {}}},
        declared_schema=True,
        statistics={"fields": [{"path": "mail", "semantic_class": email}][:revision]},
    )
    return replace(template, command=after) if after else template


def is_new(submission: Submission, seen: set[UUID]) -> bool:
    """Whether it asks for no dataset under an id that was asked for before."""
    if not isinstance(submission.command, RegisterDataset):
        return True
    again = submission.target in seen
    seen.add(submission.target)
    return not again


SUBMISSIONS = st.one_of(
    st.builds(
        of_a_client,
        st.just(1),
        DATASET_COMMANDS,
        st.sampled_from(CLIENTS),
        st.sampled_from(THINGS),
    ),
    st.builds(
        of_a_client,
        st.just(2),
        CONNECTOR_COMMANDS,
        st.sampled_from(CLIENTS),
        st.sampled_from(THINGS),
    ),
    st.builds(
        of_a_template,
        st.sampled_from(THINGS),
        st.integers(0, 2),
        st.none() | TEMPLATE_COMMANDS,
    ),
)
HISTORIES = st.lists(st.lists(SUBMISSIONS, min_size=5, max_size=20), min_size=2, max_size=4)
"""Submissions part by part."""


def grow(url: str, application: RegistryApplication, history: History, batch: int) -> None:
    """Carry out a history; the read models catch up after each of its parts, batch by batch."""
    models = [replace(model, batch=batch) for model in READ_MODELS.values()]
    seen: set[UUID] = set()
    Projector(url, models).catch_up()
    for submissions in history:
        application.submit_all([each for each in submissions if is_new(each, seen)])
        Projector(url, models).catch_up()
