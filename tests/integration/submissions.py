"""What users ask of the registry, each in a line."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from registry.commands import (
    ChangeDatasetStatus,
    Command,
    ListSource,
    RecordQualityChecks,
    RegisterConnector,
    RegisterDataset,
    RegisterTemplate,
    RequestScan,
)
from registry.connector import ConnectorConfiguration
from registry.dataset import DatasetMetadata, Stage, Status
from registry.events import Provenance
from registry.quality import CheckType, DataQualityCheck
from registry.submission import Submission
from registry.template import TemplateDefinition, TemplateIdentity

JOURNEY = UUID(int=7)


def submission(command: Command, target: UUID, client_id: UUID | None = None) -> Submission:
    """Ask for a command on behalf of Ada."""
    provenance = Provenance(
        actor="ada", command_id=uuid4(), client_id=client_id, correlation_id="course-1"
    )
    return Submission(command=command, target=target, provenance=provenance, client_id=client_id)


def new_dataset(
    client_id: UUID,
    dataset_type: str = "jira_issues",
    stage: Stage = Stage.SANDBOX,
    *,
    journey_id: UUID = JOURNEY,
    **metadata: Any,
) -> Submission:
    """Ask for a dataset of its own id."""
    command = RegisterDataset(
        name=f"{dataset_type} in {stage}",
        dataset_type=dataset_type,
        stage=stage,
        journey_id=journey_id,
        metadata=DatasetMetadata(**metadata),
    )
    return submission(command, uuid4(), client_id)


def new_datasets(client_id: UUID, count: int) -> list[Submission]:
    """Ask for as many datasets, each of a type of its own."""
    return [new_dataset(client_id, f"type_{number:05}") for number in range(count)]


def status(dataset: Submission, after: Status) -> Submission:
    """Ask that a dataset go to a status."""
    return submission(ChangeDatasetStatus(status=after), dataset.target, dataset.client_id)


def checks(dataset: Submission, score: float = 100.0, *, promote: bool = False) -> Submission:
    """Report all four checks of a dataset with the same score."""
    results = [DataQualityCheck(check_type=kind, score=score) for kind in CheckType]
    command = RecordQualityChecks(checks=results, promote=promote)
    return submission(command, dataset.target, dataset.client_id)


def new_connector(client_id: UUID, name: str = "Jira") -> Submission:
    """Ask for a connector of its own id."""
    configuration = ConnectorConfiguration(connector_type="jira")
    command = RegisterConnector(name=name, configuration=configuration)
    return submission(command, uuid4(), client_id)


def new_template(
    dataset_type: str = "jira_issues",
    *,
    industry: str = "fintech",
    use_case: str = "support",
    sample: Sequence[Any] = (),
    **parts: Any,
) -> Submission:
    """Ask for a template."""
    identity = TemplateIdentity(industry=industry, use_case=use_case, dataset_type=dataset_type)
    definition = TemplateDefinition(
        identity=identity,
        name=f"Template {identity}",
        sample_data=list(sample),
        **{"schema": {"type": "object"}, **parts},
    )
    return submission(RegisterTemplate(definition=definition), identity.template_id)


def new_scan(source: str) -> list[Submission]:
    """What lists a source, and requests a scan of it."""
    listed = ListSource(source=source, kind="files", place="/data")
    return [submission(command, uuid4()) for command in (listed, RequestScan(source=source))]
