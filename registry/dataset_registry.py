"""The aggregate that keeps one client's datasets and connectors within the rules."""

from typing import TypeVar
from uuid import UUID, uuid5

from registry import commands, events
from registry.aggregate import Aggregate
from registry.connector import Connector, folded_name
from registry.dataset import Dataset, Stage, Status
from registry.errors import (
    ConnectorIdTaken,
    ConnectorNameTaken,
    ConnectorNotFound,
    DatasetIdTaken,
    DatasetNotFound,
    SlotTaken,
)
from registry.quality import QualityScore

REGISTRIES = UUID("0d6e2a4c-95a5-5f0b-8f2e-0f3f6f8c2b77")
"""The namespace (RFC 9562, version 5) of the ids of registries."""


class DatasetRegistry(Aggregate):
    """All datasets and connectors of one client.

    Rules: at most one active dataset per stage and type; READY only with all four quality checks
    and a score of at least 95; connector names unique without regard to case. Datasets leave the
    aggregate when they retire, so it stays as small as what the client has in use.
    """

    def __init__(self, client_id: UUID) -> None:
        super().__init__(uuid5(REGISTRIES, str(client_id)))
        self.client_id = client_id
        self.adopt({}, {})

    def adopt(self, datasets: dict[UUID, Dataset], connectors: dict[UUID, Connector]) -> None:
        """Take over a state, and index what must be unique: slots and names."""
        self.datasets = datasets
        self.connectors = connectors
        self._slots = {each.slot: each.id for each in datasets.values() if each.status.is_active}
        self._names = {folded_name(each.name): each.id for each in connectors.values()}

    @property
    def total_datasets(self) -> int:
        """How many datasets the client has that are not retired."""
        return len(self.datasets)

    def entity(self, entity_id: UUID) -> Dataset | Connector | None:
        """Return the dataset or connector of that id, if the client has it in use."""
        return self.datasets.get(entity_id) or self.connectors.get(entity_id)

    # Datasets

    def register_dataset(self, dataset_id: UUID, command: commands.RegisterDataset) -> None:
        """Register a dataset as `provisioning`.

        Raises:
            DatasetIdTaken: the id belongs to another dataset.
            SlotTaken: an active dataset of that stage and type exists.
        """
        if dataset_id in self.datasets:
            raise DatasetIdTaken(dataset_id=dataset_id)
        self._refuse_taken_slot(command.stage, command.dataset_type)
        self.record(
            events.DatasetRegistered(
                client_id=self.client_id,
                dataset_id=dataset_id,
                name=command.name,
                dataset_type=command.dataset_type,
                stage=command.stage,
                journey_id=command.journey_id,
                template_id=command.template_id,
                source=command.source,
                metadata=command.metadata,
                recommendation_id=command.recommendation_id,
            )
        )

    def revise_dataset(self, dataset_id: UUID, command: commands.ReviseDataset) -> None:
        """Change a dataset's name or metadata.

        Raises:
            DatasetNotFound: the client has no such dataset in use.
        """
        dataset = self._dataset(dataset_id)
        name = command.name or dataset.name
        metadata = command.revised(dataset.metadata)
        if (name, metadata) != (dataset.name, dataset.metadata):
            self.record(
                events.DatasetRevised(
                    client_id=self.client_id, dataset_id=dataset_id, name=name, metadata=metadata
                )
            )

    def change_status(self, dataset_id: UUID, command: commands.ChangeDatasetStatus) -> None:
        """Move a dataset to another status; to the status it has is no change.

        Raises:
            DatasetNotFound: the client has no such dataset in use.
            TransitionForbidden: the status cannot follow the present one.
            SlotTaken: a failed dataset returns, but another one took its slot.
            QualityIncomplete: READY is asked for, but a quality check is missing.
            QualityTooLow: READY is asked for with a score below 95.
        """
        dataset = self._dataset(dataset_id)
        before, after = dataset.status, command.status
        if after == before:
            return
        dataset.require_may_become(after)
        if after.is_active and not before.is_active:
            self._refuse_taken_slot(dataset.stage, dataset.dataset_type)
        self._record_status(dataset, after, command.reason)

    def retire_dataset(self, dataset_id: UUID, command: commands.RetireDataset) -> None:
        """Retire a dataset for good.

        Raises:
            DatasetNotFound: the client has no such dataset in use.
        """
        self._record_status(self._dataset(dataset_id), Status.RETIRED, command.reason)

    def record_quality(self, dataset_id: UUID, command: commands.RecordQualityChecks) -> None:
        """Record results of quality checks, and what follows from the score at once.

        Raises:
            DatasetNotFound: the client has no such dataset in use.
        """
        dataset = self._dataset(dataset_id)
        reported = {check.check_type: check for check in command.checks}
        score = QualityScore.of({**dataset.checks, **reported}.values())
        self.record(
            events.QualityScored(
                client_id=self.client_id,
                dataset_id=dataset_id,
                checks=command.checks,
                score=float(score.value) if score else None,
            )
        )
        good_enough = score is not None and score.meets_threshold
        if dataset.status is Status.READY and not good_enough:
            self._record_status(dataset, Status.VALIDATING, "the quality score fell below 95")
        if dataset.status is Status.VALIDATING and good_enough and command.promote:
            self._record_status(dataset, Status.READY, "the quality score reached 95")

    def _dataset(self, dataset_id: UUID) -> Dataset:
        try:
            return self.datasets[dataset_id]
        except KeyError:
            raise DatasetNotFound(dataset_id=dataset_id) from None

    def _refuse_taken_slot(self, stage: Stage, dataset_type: str) -> None:
        if holder := self._slots.get((stage, dataset_type)):
            raise SlotTaken(holder=holder, stage=stage, dataset_type=dataset_type)

    def _record_status(self, dataset: Dataset, after: Status, reason: str) -> None:
        self.record(
            events.DatasetStatusChanged(
                client_id=self.client_id,
                dataset_id=dataset.id,
                before=dataset.status,
                after=after,
                reason=reason,
            )
        )

    # Connectors

    def register_connector(self, connector_id: UUID, command: commands.RegisterConnector) -> None:
        """Register a connector.

        Raises:
            ConnectorIdTaken: the id belongs to another connector.
            ConnectorNameTaken: another connector has that name.
        """
        if connector_id in self.connectors:
            raise ConnectorIdTaken(connector_id=connector_id)
        self._refuse_taken_name(connector_id, command.name)
        self.record(
            events.ConnectorRegistered(
                client_id=self.client_id,
                connector_id=connector_id,
                name=command.name,
                configuration=command.configuration,
            )
        )

    def revise_connector(self, connector_id: UUID, command: commands.ReviseConnector) -> None:
        """Change a connector's name or configuration.

        Raises:
            ConnectorNotFound: the client has no such connector.
            ConnectorNameTaken: another connector has that name.
        """
        connector = self._connector(connector_id)
        name = command.name or connector.name
        configuration = command.configuration or connector.configuration
        self._refuse_taken_name(connector_id, name)
        if (name, configuration) != (connector.name, connector.configuration):
            self.record(
                events.ConnectorRevised(
                    client_id=self.client_id,
                    connector_id=connector_id,
                    name=name,
                    configuration=configuration,
                )
            )

    def record_health(self, connector_id: UUID, command: commands.RecordConnectorHealth) -> None:
        """Record a connector's health; every look is a fact, also one that finds no change.

        Raises:
            ConnectorNotFound: the client has no such connector.
        """
        self._connector(connector_id)
        self.record(
            events.ConnectorHealthRecorded(
                client_id=self.client_id,
                connector_id=connector_id,
                health=command.health,
                detail=command.detail,
                last_sync_at=command.last_sync_at,
            )
        )

    def remove_connector(self, connector_id: UUID, command: commands.RemoveConnector) -> None:
        """Remove a connector.

        Raises:
            ConnectorNotFound: the client has no such connector.
        """
        self._connector(connector_id)
        self.record(
            events.ConnectorRemoved(
                client_id=self.client_id, connector_id=connector_id, reason=command.reason
            )
        )

    def _connector(self, connector_id: UUID) -> Connector:
        try:
            return self.connectors[connector_id]
        except KeyError:
            raise ConnectorNotFound(connector_id=connector_id) from None

    def _refuse_taken_name(self, connector_id: UUID, name: str) -> None:
        holder = self._names.get(folded_name(name))
        if holder not in (None, connector_id):
            raise ConnectorNameTaken(holder=holder, name=name)

    # Evolution

    def evolve(self, event: events.Event) -> None:
        """Assign what the event states."""
        self._evolve_datasets(event)
        self._evolve_connectors(event)

    def _evolve_datasets(self, event: events.Event) -> None:
        match event:
            case events.DatasetRegistered():
                dataset = Dataset(
                    id=event.dataset_id,
                    name=event.name,
                    dataset_type=event.dataset_type,
                    stage=event.stage,
                    client_id=event.client_id,
                    journey_id=event.journey_id,
                    status=Status.PROVISIONING,
                    metadata=event.metadata,
                    template_id=event.template_id,
                    source=event.source,
                    created_at=event.timestamp,
                    updated_at=event.timestamp,
                    version=event.originator_version,
                )
                self.datasets[dataset.id] = dataset
                self._slots[dataset.slot] = dataset.id
            case events.DatasetRevised():
                dataset = _touched(self.datasets[event.dataset_id], event)
                dataset.name, dataset.metadata = event.name, event.metadata
            case events.DatasetStatusChanged():
                dataset = _touched(self.datasets[event.dataset_id], event)
                dataset.status, dataset.status_reason = event.after, event.reason
                if event.after.is_active:
                    self._slots[dataset.slot] = dataset.id
                elif event.before.is_active:
                    del self._slots[dataset.slot]
                if event.after is Status.PROVISIONING:
                    dataset.checks, dataset.checked_at = {}, {}
                if event.after is Status.RETIRED:
                    del self.datasets[event.dataset_id]
            case events.QualityScored():
                dataset = _touched(self.datasets[event.dataset_id], event)
                checks = {check.check_type: check for check in event.checks}
                dataset.checks = {**dataset.checks, **checks}
                dataset.checked_at = {
                    **dataset.checked_at,
                    **dict.fromkeys(checks, event.timestamp),
                }

    def _evolve_connectors(self, event: events.Event) -> None:
        match event:
            case events.ConnectorRegistered():
                connector = Connector(
                    id=event.connector_id,
                    name=event.name,
                    client_id=event.client_id,
                    configuration=event.configuration,
                    created_at=event.timestamp,
                    updated_at=event.timestamp,
                    version=event.originator_version,
                )
                self.connectors[connector.id] = connector
                self._names[folded_name(connector.name)] = connector.id
            case events.ConnectorRevised():
                connector = _touched(self.connectors[event.connector_id], event)
                del self._names[folded_name(connector.name)]
                self._names[folded_name(event.name)] = connector.id
                connector.name, connector.configuration = event.name, event.configuration
            case events.ConnectorHealthRecorded():
                connector = _touched(self.connectors[event.connector_id], event)
                connector.health, connector.health_detail = event.health, event.detail
                connector.last_sync_at = event.last_sync_at or connector.last_sync_at
                connector.checked_at = event.timestamp
            case events.ConnectorRemoved():
                connector = _touched(self.connectors.pop(event.connector_id), event)
                del self._names[folded_name(connector.name)]


Entity = TypeVar("Entity", Dataset, Connector)


def _touched(entity: Entity, event: events.Event) -> Entity:
    entity.updated_at, entity.version = event.timestamp, event.originator_version
    return entity
