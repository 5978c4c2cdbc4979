"""Domain tests as sentences: `given(events).when(command).then(events or error)`."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from registry import events
from registry.aggregate import Aggregate
from registry.commands import Command
from registry.compatibility import schema_digest
from registry.connector import ConnectorConfiguration
from registry.dataset import DatasetMetadata, Stage, Status
from registry.dataset_registry import DatasetRegistry
from registry.dataset_template import DatasetTemplate
from registry.errors import RegistryError
from registry.events import DatasetTemplateEvent, Event, Provenance, ScanEvent
from registry.quality import CheckType, DataQualityCheck
from registry.scanned_source import ScannedSource
from registry.submission import Submission, decide
from registry.template import TemplateDefinition, TemplateIdentity

CLIENT, JOURNEY = UUID(int=1), UUID(int=2)
DATASET, OTHER_DATASET = UUID(int=10), UUID(int=11)
CONNECTOR, OTHER_CONNECTOR = UUID(int=20), UUID(int=21)
IDENTITY = TemplateIdentity(industry="retail", use_case="support", dataset_type="zendesk_tickets")
TEMPLATE = IDENTITY.template_id
SOMEBODY = Provenance(actor="somebody", command_id=UUID(int=99), client_id=CLIENT)
METADATA = DatasetMetadata(tags=["support"])
SOURCE, SCAN, OTHER_SCAN = "shop", UUID(int=30), UUID(int=31)
TARGETS = {DatasetRegistry: DATASET, DatasetTemplate: TEMPLATE, ScannedSource: SCAN}
"""What a command aims at in a test that does not say."""
START = datetime(2025, 1, 1, tzinfo=UTC)


class Given:
    """An aggregate to which events have happened."""

    def __init__(self, aggregate: Aggregate) -> None:
        self.aggregate = aggregate

    def when(self, command: Command, target: UUID | None = None) -> Self:
        """Have the aggregate decide on a command."""
        if target is None:
            target = TARGETS.get(type(self.aggregate), self.aggregate.id)
        submission = Submission(
            command=command, target=target, provenance=SOMEBODY, client_id=CLIENT
        )
        self.outcome = decide(self.aggregate, submission)
        return self

    def then(self, *expected: Event | RegistryError) -> None:
        """Expect these events and no others, or this error and nothing recorded."""
        error = self.outcome.error
        if expected and isinstance(expected[0], RegistryError):
            assert not self.aggregate.pending_events
            assert (type(error), str(error)) == (type(expected[0]), str(expected[0]))
        else:
            assert error is None
            assert tuple(self.outcome.events) == expected


def given(*happened: Event) -> Given:
    """Replay events on what they are of: the client's registry, a template or a source."""
    blank: Aggregate = DatasetRegistry(CLIENT)
    if any(isinstance(event, DatasetTemplateEvent) for event in happened):
        blank = DatasetTemplate(TEMPLATE)
    if any(isinstance(event, ScanEvent) for event in happened):
        blank = ScannedSource(SOURCE)
    return Given(replayed(blank, happened))


def given_no_source() -> Given:
    """Begin with a source that no watch has listed."""
    return Given(ScannedSource(SOURCE))


def given_no_template() -> Given:
    """Begin with a template of which nobody has heard."""
    return Given(DatasetTemplate(TEMPLATE))


def replayed(aggregate: Aggregate, happened: Iterable[Event]) -> Aggregate:
    """Bring an aggregate forward by events, in an envelope as the store would hand them over."""
    for event in happened:
        version = aggregate.version + 1
        aggregate.apply(
            replace(
                event,
                originator_id=aggregate.id,
                originator_version=version,
                timestamp=START + timedelta(minutes=version),
                provenance=SOMEBODY,
            )
        )
    return aggregate


def registered(
    dataset_id: UUID = DATASET,
    stage: Stage = Stage.STAGING,
    dataset_type: str = "jira_issues",
    metadata: DatasetMetadata = METADATA,
) -> events.DatasetRegistered:
    return events.DatasetRegistered(
        client_id=CLIENT,
        dataset_id=dataset_id,
        name="Issues",
        dataset_type=dataset_type,
        stage=stage,
        journey_id=JOURNEY,
        template_id=None,
        source=None,
        metadata=metadata,
    )


def became(
    after: Status, before: Status, reason: str = "", dataset_id: UUID = DATASET
) -> events.DatasetStatusChanged:
    return events.DatasetStatusChanged(
        client_id=CLIENT, dataset_id=dataset_id, before=before, after=after, reason=reason
    )


WAYS: dict[Status, tuple[Status, ...]] = {
    Status.PROVISIONING: (),
    Status.VALIDATING: (Status.VALIDATING,),
    Status.READY: (Status.VALIDATING, Status.READY),
    Status.FAILED: (Status.FAILED,),
    Status.RETIRED: (Status.RETIRED,),
}
"""The shortest way from provisioning to each status."""


def dataset_in(status: Status, dataset_id: UUID = DATASET) -> list[Event]:
    """Return what happened to a dataset of that status, whose checks are all perfect."""
    happened: list[Event] = [
        registered(dataset_id),
        scored(100.0, dataset_id, **dict.fromkeys(CheckType, 100.0)),
    ]
    before = Status.PROVISIONING
    for after in WAYS[status]:
        happened.append(became(after, before, dataset_id=dataset_id))
        before = after
    return happened


def checks(**scores: float) -> list[DataQualityCheck]:
    return [DataQualityCheck(check_type=CheckType(name), score=scores[name]) for name in scores]


def scored(
    score: float | None, dataset_id: UUID = DATASET, **scores: float
) -> events.QualityScored:
    return events.QualityScored(
        client_id=CLIENT, dataset_id=dataset_id, checks=checks(**scores), score=score
    )


def configuration(**parts: object) -> ConnectorConfiguration:
    return ConnectorConfiguration(**{"connector_type": "jira"} | parts)


def connected(
    name: str = "Jira", connector_id: UUID = CONNECTOR, **parts: object
) -> events.ConnectorRegistered:
    return events.ConnectorRegistered(
        client_id=CLIENT,
        connector_id=connector_id,
        name=name,
        configuration=configuration(**parts),
    )


def definition(**parts: object) -> TemplateDefinition:
    return TemplateDefinition(
        **{"identity": IDENTITY, "name": "Tickets", "schema": {"type": "object"}} | parts
    )


def template_registered(
    of: TemplateDefinition, source: str = "a.json"
) -> events.DatasetTemplateRegistered:
    return events.DatasetTemplateRegistered(
        template_id=TEMPLATE,
        definition=of,
        digest=of.digest,
        source=source,
        schema_version=1,
        schema_digest=schema_digest(of.schema),
    )


def template_revised(
    to: TemplateDefinition, source: str = "a.json", schema_version: int = 1, **stated: Any
) -> events.DatasetTemplateRevised:
    return events.DatasetTemplateRevised(
        template_id=TEMPLATE,
        definition=to,
        digest=to.digest,
        source=source,
        schema_version=schema_version,
        schema_digest=schema_digest(to.schema),
        **stated,
    )
