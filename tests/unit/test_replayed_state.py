"""An aggregate's state follows from its events alone, whole or from a snapshot on."""

from dataclasses import replace
from uuid import UUID

import pytest
from given import (
    CLIENT,
    CONNECTOR,
    DATASET,
    OTHER_CONNECTOR,
    OTHER_DATASET,
    SOMEBODY,
    START,
    TEMPLATE,
    Given,
    configuration,
    connected,
    dataset_in,
    definition,
    given,
    given_no_template,
    registered,
    replayed,
    template_registered,
)

from registry.aggregate import Aggregate
from registry.commands import (
    ChangeDatasetStatus,
    RecordConnectorHealth,
    RegisterConnector,
    RegisterTemplate,
    ReviseDataset,
)
from registry.connector import Health
from registry.dataset import Stage, Status
from registry.dataset_registry import DatasetRegistry
from registry.dataset_template import DatasetTemplate
from registry.errors import ConnectorNameTaken, SlotTaken
from registry.snapshots import SNAPSHOT_INTERVAL, restore, snapshot_is_due, snapshot_of
from registry.store import EventMapper

MAPPER = EventMapper()
HAPPENED = [
    *dataset_in(Status.FAILED, OTHER_DATASET),
    *dataset_in(Status.READY),
    connected("Jira", config={"projects": ["OPS"]}),
]


def stored_and_read(event):
    return MAPPER.to_domain_event(MAPPER.to_stored_event(event))


def restored(aggregate, blank):
    restore(blank, stored_and_read(snapshot_of(aggregate)))
    return blank


def test_a_recorded_event_tells_where_it_belongs_when_it_happened_and_on_whose_behalf():
    case = given(registered()).when(ReviseDataset(name="Tickets"))

    (event,) = case.outcome.events
    assert (event.originator_id, event.originator_version) == (case.aggregate.id, 2)
    assert event.timestamp == case.aggregate.last_updated > START
    assert event.provenance == SOMEBODY


def test_events_are_handed_over_once():
    aggregate = given(registered()).when(ReviseDataset(name="Tickets")).aggregate

    assert list(aggregate.collect_events()) != []
    assert list(aggregate.collect_events()) == list(aggregate.pending_events) == []


def test_replaying_what_was_recorded_gives_the_same_state():
    case, again = given(registered()), given(registered()).aggregate
    for command in (ReviseDataset(name="Tickets"), ReviseDataset(tags=["new"])):
        for event in case.when(command).outcome.events:
            again.apply(stored_and_read(event))

    assert again.datasets == case.aggregate.datasets
    assert (again.version, again.last_updated) == (3, case.aggregate.last_updated)


@pytest.mark.parametrize("version", [0, 1, 3])
def test_an_event_out_of_order_is_refused(version):
    aggregate = given(registered()).aggregate
    event = replace(connected(), originator_id=aggregate.id, originator_version=version)

    with pytest.raises(ValueError, match=f"event {version} of .* does not follow version 1 of"):
        aggregate.apply(event)
    assert (aggregate.version, aggregate.connectors) == (1, {})


def test_an_event_of_another_aggregate_is_refused():
    aggregate = given().aggregate
    event = replace(registered(), originator_id=UUID(int=5), originator_version=1)

    with pytest.raises(ValueError, match=r"event 1 of 00000000-.*-000000000005 does not follow"):
        aggregate.apply(event)


def test_a_client_has_one_registry():
    assert DatasetRegistry(CLIENT).id == UUID("db669972-0a26-5f5e-85c1-ac5a856608bd")
    assert DatasetRegistry(UUID(int=2)).id != DatasetRegistry(CLIENT).id


def test_a_thing_has_the_version_at_which_it_last_changed():
    case = given(registered(), connected(), registered(OTHER_DATASET, Stage.SANDBOX))
    case.when(ReviseDataset(name="Tickets"))
    case.when(RecordConnectorHealth(health=Health.HEALTHY), CONNECTOR)

    things = (DATASET, CONNECTOR, OTHER_DATASET)
    assert [case.aggregate.entity(each).version for each in things] == [4, 5, 3]
    assert case.aggregate.entity(UUID(int=404)) is None
    assert (case.aggregate.version, case.aggregate.total_datasets) == (5, 2)


def test_a_template_is_the_one_thing_of_its_aggregate():
    case = given_no_template()
    assert case.aggregate.entity(TEMPLATE) is None
    case.when(RegisterTemplate(definition=definition()))
    assert case.aggregate.entity(TEMPLATE).version == 1


def test_a_snapshot_holds_all_that_a_registry_remembers():
    aggregate = given(*HAPPENED).aggregate

    again = restored(aggregate, DatasetRegistry(CLIENT))

    assert (again.datasets, again.connectors) == (aggregate.datasets, aggregate.connectors)
    assert (again.version, again.last_updated) == (aggregate.version, aggregate.last_updated)


def test_a_registry_from_a_snapshot_keeps_the_rules():
    case = Given(restored(given(*HAPPENED).aggregate, DatasetRegistry(CLIENT)))

    case.when(ChangeDatasetStatus(status=Status.PROVISIONING), OTHER_DATASET)
    case.then(SlotTaken(holder=DATASET, stage=Stage.STAGING, dataset_type="jira_issues"))
    case.when(RegisterConnector(name="JIRA", configuration=configuration()), OTHER_CONNECTOR)
    case.then(ConnectorNameTaken(holder=CONNECTOR, name="JIRA"))


def test_a_snapshot_holds_all_that_a_template_remembers():
    aggregate = given(template_registered(definition(sample_data=[{"id": 1}]))).aggregate

    again = restored(aggregate, DatasetTemplate(TEMPLATE))

    assert (again.template, again.version) == (aggregate.template, 1)
    assert again.last_updated == aggregate.last_updated


def test_a_snapshot_is_of_one_kind_of_aggregate():
    snapshot = snapshot_of(given(*HAPPENED).aggregate)

    with pytest.raises(TypeError, match="DatasetRegistrySnapshot/1 is no snapshot of a DatasetTem"):
        restore(DatasetTemplate(TEMPLATE), snapshot)
    with pytest.raises(TypeError, match="no snapshot is defined for Aggregate"):
        snapshot_of(Aggregate(CLIENT))
    with pytest.raises(TypeError, match="no snapshot is defined for DatasetTemplate"):
        snapshot_of(DatasetTemplate(TEMPLATE))


@pytest.mark.parametrize(
    ("before", "recorded", "is_due"),
    [
        (0, 0, False),
        (SNAPSHOT_INTERVAL - 2, 1, False),
        (SNAPSHOT_INTERVAL - 1, 1, True),
        (SNAPSHOT_INTERVAL, 0, False),
        (SNAPSHOT_INTERVAL, 1, False),
        (1, 3 * SNAPSHOT_INTERVAL, True),
    ],
)
def test_a_snapshot_is_due_when_what_is_recorded_crosses_an_interval(before, recorded, is_due):
    connectors = [connected(str(number), UUID(int=number)) for number in range(before + recorded)]
    aggregate = replayed(DatasetRegistry(CLIENT), connectors[:before])
    for event in connectors[before:]:
        aggregate.record(event)

    assert snapshot_is_due(aggregate) is is_due
