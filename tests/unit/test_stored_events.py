"""Events as they are stored: every one is read back as it was, by later versions as well."""

from dataclasses import is_dataclass, replace

import msgspec
import pytest
from eventsourcing.persistence import StoredEvent
from eventsourcing.utils import TopicError, resolve_topic
from given import DATASET, registered
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from instances import instances, required_fields

from registry.dataset import DatasetMetadata
from registry.events import Event
from registry.snapshots import SNAPSHOT_TOPICS
from registry.store import EventMapper

FROZEN = {
    "DatasetRegistered": "client_id dataset_id dataset_type journey_id metadata name source"
    " stage template_id",
    "DatasetRevised": "client_id dataset_id metadata name",
    "DatasetStatusChanged": "after before client_id dataset_id reason",
    "QualityScored": "checks client_id dataset_id score",
    "ConnectorRegistered": "client_id configuration connector_id name",
    "ConnectorRevised": "client_id configuration connector_id name",
    "ConnectorHealthRecorded": "client_id connector_id detail health",
    "ConnectorRemoved": "client_id connector_id reason",
    "DatasetTemplateRegistered": "definition digest source template_id",
    "DatasetTemplateRevised": "definition digest source template_id",
    "DatasetTemplateRetired": "reason template_id",
    "DatasetTemplateRestored": "reason template_id",
    "SourceListed": "every kind place source watched",
    "ScanRequested": "scan_id source trigger",
    "ScanStarted": "scan_id source worker",
    "ScanProgressed": "done scan_id source total",
    "ScanReleased": "reason scan_id source",
    "ScanFinished": "mark outcome scan_id source",
    "ScanFailed": "mark reason scan_id source",
    "RecommendationJudged": "client_id inquiry reason recommendation_id shown template_id verdict",
    "RecommendationModelFitted": "evaluation model_version parameters training",
    "TemplateRevisionRejected": "mode schema schema_digest source template_id verdict",
    "CompatibilityModeSet": "mode reason template_id",
    "TemplateRefined": "fields reason template_id",
    "TemplateRefinementWithdrawn": "field reason template_id",
    "TemplateReviewed": "approved reason template_id",
}
"""The facts that stored events of each topic have. Append; change or remove nothing."""


def leaves(kind):
    """Yield the event classes below a class that have none below themselves."""
    for child in kind.__subclasses__():
        yield from leaves(child) if child.__subclasses__() else [child]


EVENT_CLASSES = list(leaves(Event))
MAPPER = EventMapper()


def stored(event):
    return MAPPER.to_stored_event(event)


def read(topic, document):
    """Return the event whose stored state is that JSON document."""
    state = msgspec.json.encode(document)
    return MAPPER.to_domain_event(StoredEvent(DATASET, 7, topic, state))


def test_topics_are_frozen():
    topics = [kind.TOPIC for kind in EVENT_CLASSES]
    assert len(topics) == len(set(topics))
    assert set(topics) == {*FROZEN, *SNAPSHOT_TOPICS}


@pytest.mark.parametrize(("topic", "names"), FROZEN.items())
def test_facts_are_frozen_and_new_ones_have_a_default(topic, names):
    required = [spec.name for spec in required_fields(resolve_topic(topic))]
    assert sorted(required) == names.split()


every_event = pytest.mark.parametrize("kind", EVENT_CLASSES)
few = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@every_event
@few
@given(data=st.data())
def test_every_event_is_read_back_as_it_was(kind, data):
    event = data.draw(instances(kind))

    again = MAPPER.to_domain_event(stored(event))

    assert type(again) is kind
    assert vars(again) == vars(event)


@every_event
@few
@given(data=st.data())
def test_fields_that_a_later_version_adds_are_passed_over(kind, data):
    event = data.draw(instances(kind))
    assert read(kind.TOPIC, with_later_fields(event)) == event


def with_later_fields(value):
    match value:
        case list():
            return [with_later_fields(part) for part in value]
        case dict():
            return {key: with_later_fields(part) for key, part in value.items()}
        case _ if is_dataclass(value):
            return with_later_fields(vars(value)) | {"added_later": {"a": 1}}
    return value


@every_event
@few
@given(data=st.data())
def test_fields_that_an_earlier_version_did_not_have_get_their_default(kind, data):
    event = data.draw(instances(kind, with_defaults=True))
    assert read(kind.TOPIC, without_defaults(event)) == event


def without_defaults(value):
    match value:
        case list():
            return [without_defaults(part) for part in value]
        case dict():
            return {key: without_defaults(part) for key, part in value.items()}
        case _ if is_dataclass(value):
            names = [spec.name for spec in required_fields(type(value))]
            return {name: without_defaults(getattr(value, name)) for name in names}
    return value


def test_what_imitates_a_typed_value_stays_what_it_is():
    lookalike = {"_type_": "uuid_hex", "_data_": "not hexadecimal", "__type__": "X", "type": "str"}
    metadata = DatasetMetadata(custom_fields={**lookalike, "inner": [lookalike]})
    event = registered(metadata=metadata)

    assert MAPPER.to_domain_event(stored(event)).metadata == metadata


def test_an_event_is_stored_as_plain_json_without_what_the_store_keeps_in_columns():
    event = replace(registered(), originator_id=DATASET, originator_version=3)

    row = stored(event)

    assert (row.originator_id, row.originator_version) == (DATASET, 3)
    assert msgspec.json.decode(row.state) == {
        "timestamp": "0001-01-01T00:00:00Z",
        "provenance": None,
        "client_id": "00000000-0000-0000-0000-000000000001",
        "dataset_id": "00000000-0000-0000-0000-00000000000a",
        "name": "Issues",
        "dataset_type": "jira_issues",
        "stage": "staging",
        "journey_id": "00000000-0000-0000-0000-000000000002",
        "template_id": None,
        "source": None,
        "metadata": {
            "industry": None,
            "use_case": None,
            "tags": ["support"],
            "custom_fields": {},
        },
        "recommendation_id": None,
    }


def test_reading_checks_no_rule():
    """A rule that tightens later must not make an old stream unreadable."""
    document = msgspec.json.decode(stored(registered()).state)
    document |= {"name": "", "dataset_type": "Not A Slug"}

    event = read("DatasetRegistered", document)

    assert (event.name, event.dataset_type) == ("", "Not A Slug")


@pytest.mark.parametrize("change", [{"stage": "moon"}, {"dataset_id": 5}, {"metadata": None}])
def test_a_stored_event_of_another_type_is_not_guessed_at(change):
    document = msgspec.json.decode(stored(registered()).state)
    with pytest.raises(msgspec.ValidationError):
        read("DatasetRegistered", document | change)


def test_an_unknown_topic_is_an_error():
    with pytest.raises(TopicError, match="DatasetPainted"):
        read("DatasetPainted", {})


def test_events_are_equal_when_they_state_the_same():
    assert registered() == replace(registered(), originator_version=5)
    assert registered() != replace(registered(), name="Other")
