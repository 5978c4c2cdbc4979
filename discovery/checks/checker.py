"""Carrying out the quality checks of datasets, and recording their scores."""

import getpass
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from discovery.checks.connector_health import connector_health, connector_of, location_health
from discovery.checks.data_completeness import data_completeness, fields_to_fill
from discovery.checks.locations import Locations, NotAllowed
from discovery.checks.places import CHECKED_RECORDS
from discovery.checks.registered import NoSuchDataset, registries
from discovery.checks.sample_queries import sample_query_success, usual_queries
from discovery.checks.schema_validation import schema_validation
from discovery.readers.dataset_records import DatasetRecords
from discovery.unreadable import Unreadable
from registry.application import RegistryApplication
from registry.commands import RecordQualityChecks
from registry.dataset import Dataset, Status
from registry.dataset_registry import DatasetRegistry
from registry.dataset_template import DatasetTemplate
from registry.events import Provenance
from registry.quality import DataQualityCheck, QualityScore
from registry.submission import Submission
from registry.template import Template

_NO_RECORDS: Final = DatasetRecords(total=0, first=())


@dataclass(kw_only=True)
class CheckedDataset:
    """A dataset with the results of its checks, and why others could not be carried out.

    `score` and `status` are as recording the results left them, or would.
    """

    dataset: Dataset
    checks: list[DataQualityCheck] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    score: QualityScore | None = None
    status: Status = Status.PROVISIONING

    @property
    def is_good(self) -> bool:
        """Whether all four checks stand, together good enough for READY."""
        return not self.problems and self.score is not None and self.score.meets_threshold


class Checker:
    """Checks datasets, and records what it finds.

    Args:
        application: what knows the datasets, and records.
        url: the database that it is in.
        locations: where may be looked.
        most: the number of records looked at of each dataset.
        promote: whether a validating dataset becomes READY once its score is good enough.
        dry_run: whether nothing is recorded.
    """

    def __init__(
        self,
        application: RegistryApplication,
        url: str,
        locations: Locations,
        *,
        most: int = CHECKED_RECORDS,
        promote: bool = False,
        dry_run: bool = False,
    ) -> None:
        self._application = application
        self._url = url
        self._locations = locations
        self._most = most
        self._promote = promote
        self._carry_out = application.preview if dry_run else application.submit_all
        self._actor = f"discovery:{getpass.getuser()}"
        self._run = uuid4()

    def check(
        self, dataset_ids: Collection[UUID] | None = None, *, before: datetime | None = None
    ) -> Iterator[CheckedDataset]:
        """Yield each dataset once it is checked: those named, or all that are not retired.

        Args:
            dataset_ids: the datasets that are named.
            before: leave out those of which every check that stands is of this moment or later.

        Raises:
            NoSuchDataset: one that is named was never registered, or is retired.
        """
        left = set(dataset_ids or ())
        for registry in registries(self._application, self._url, dataset_ids):
            datasets = [
                dataset
                for dataset in registry.datasets.values()
                if (dataset_ids is None or dataset.id in dataset_ids) and _is_due(dataset, before)
            ]
            templates = self._templates(datasets)
            for dataset in datasets:
                template = templates.get(dataset.template_id) if dataset.template_id else None
                checked = CheckedDataset(dataset=dataset)
                self._look_at(checked, template, registry)
                self._record(checked)
                left.discard(dataset.id)
                yield checked
        if left:
            raise NoSuchDataset(f"dataset {min(left)} is retired")

    def _templates(self, datasets: Sequence[Dataset]) -> Mapping[UUID, Template]:
        wanted = {dataset.template_id for dataset in datasets if dataset.template_id}
        loaded = self._application.load(map(DatasetTemplate, wanted)).values()
        return {
            each.id: each.template
            for each in loaded
            if isinstance(each, DatasetTemplate) and each.template
        }

    def _look_at(
        self, checked: CheckedDataset, template: Template | None, registry: DatasetRegistry
    ) -> None:
        """Carry out the checks; what cannot be judged gets no score, but is told as a problem."""
        records = self._records(checked)
        if template is None:
            is_named = checked.dataset.template_id is not None
            reason = "its template is not registered" if is_named else "it has no template"
            checked.problems.append(f"{reason}, so nothing tells what its records should be like")
        elif records:
            checked.checks += _checks_of_records(records, checked.dataset, template)
        try:
            checked.checks += self._health(checked.dataset, registry, records)
        except NotAllowed as problem:
            checked.problems.append(str(problem))

    def _records(self, checked: CheckedDataset) -> DatasetRecords | None:
        """Return the records of a dataset: none where they should be, None if that is not known."""
        if not checked.dataset.source:
            checked.problems.append("it has no source, which tells where its records are")
            return None
        try:
            return self._locations.records(checked.dataset.source, self._most)
        except NotAllowed as problem:
            checked.problems.append(str(problem))
            return None
        except Unreadable as problem:
            checked.problems.append(str(problem))
            return _NO_RECORDS

    def _health(
        self, dataset: Dataset, registry: DatasetRegistry, records: DatasetRecords | None
    ) -> Iterator[DataQualityCheck]:
        named = dataset.metadata.custom_fields.get("connector")
        connector = connector_of(dataset.dataset_type, named, registry.connectors.values())
        if connector:
            yield connector_health(connector, self._locations, datetime.now(UTC))
        elif named is not None:
            yield location_health(f"there is no connector {named!r:.100}")
        elif records is not None:
            yield location_health("" if records is not _NO_RECORDS else "there is nothing to read")

    def _record(self, checked: CheckedDataset) -> None:
        dataset = checked.dataset
        checked.status, checked.score = dataset.status, dataset.quality_score
        if not checked.checks:
            return
        command = RecordQualityChecks(checks=checked.checks, promote=self._promote)
        provenance = Provenance(
            actor=self._actor,
            command_id=uuid4(),
            client_id=dataset.client_id,
            correlation_id=str(self._run),
        )
        [outcome] = self._carry_out(
            [
                Submission(
                    command=command,
                    target=dataset.id,
                    provenance=provenance,
                    client_id=dataset.client_id,
                )
            ]
        )
        if outcome.error:
            checked.problems.append(str(outcome.error))
        elif isinstance(outcome.entity, Dataset):
            checked.score, checked.status = outcome.entity.quality_score, outcome.entity.status


def _is_due(dataset: Dataset, before: datetime | None) -> bool:
    oldest = min(dataset.checked_at.values(), default=None)
    return before is None or oldest is None or oldest < before


def _checks_of_records(
    records: DatasetRecords, dataset: Dataset, template: Template
) -> list[DataQualityCheck]:
    told, definition = dataset.metadata.custom_fields, template.definition
    fields = fields_to_fill(template.schema, definition.statistics)
    queries = _queries(told) or _queries(definition.custom_fields) or usual_queries(fields)
    expected = _expected(told, definition.default_record_count)
    return [
        schema_validation(records, template.schema),
        data_completeness(records, fields, expected),
        sample_query_success(records, queries),
    ]


def _queries(custom_fields: Mapping[str, Any]) -> list[str]:
    declared = custom_fields.get("sample_queries")
    declared = declared if isinstance(declared, list) else []
    return [query for query in declared if isinstance(query, str)]


def _expected(custom_fields: Mapping[str, Any], usual: int) -> int:
    declared = custom_fields.get("expected_records")
    return declared if isinstance(declared, int) and declared >= 0 else usual
