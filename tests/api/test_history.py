"""What happened to a thing is told from the log: every event, who caused it, what it changed."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from api import story
from api.caller import Scope
from registry.commands import (
    ChangeDatasetStatus,
    RecordConnectorHealth,
    RecordQualityChecks,
    RegisterConnector,
    RegisterDataset,
    RemoveConnector,
    RetireDataset,
    RetireTemplate,
    ReviseDataset,
)
from registry.connector import ConnectorConfiguration, Health
from registry.dataset import DatasetMetadata, Stage, Status
from registry.dataset_registry import DatasetRegistry
from registry.quality import CheckType, DataQualityCheck
from tests.api.service import CLIENT, JOURNEY, OTHER_CLIENT, Service

DATASETS = "/v1/dataops/datasets"
CONNECTORS = "/v1/dataops/connectors"
TEMPLATES = "/v1/dataops/templates"

UNTOLD = {"version", "updated_at", "_links"}


@pytest.fixture
def dataset_id(service: Service) -> UUID:
    """A dataset of `CLIENT` that has come a long way, among others of the same client."""
    dataset_id = service.register_dataset("jira_issues", name="Issues", source="s3://issues")
    service.register_dataset("slack_messages", name="Not this one")
    checks = [DataQualityCheck(check_type=kind, score=99) for kind in CheckType]
    for command in (
        ChangeDatasetStatus(status=Status.VALIDATING, reason="all records are loaded"),
        RecordQualityChecks(checks=checks, promote=True),
        ReviseDataset(name="Issues of payments", tags=["payments"]),
        RetireDataset(reason="nobody asks for it"),
    ):
        service.submit(command, dataset_id, CLIENT)
    return dataset_id


def register_connector(service: Service, client_id: UUID = CLIENT) -> UUID:
    connector_id = uuid4()
    configuration = ConnectorConfiguration(connector_type="jira")
    service.submit(
        RegisterConnector(name="Jira", configuration=configuration), connector_id, client_id
    )
    return connector_id


def record_health(service: Service, connector_id: UUID, times: int) -> None:
    for number in range(times):
        command = RecordConnectorHealth(health=Health.HEALTHY, detail=f"look {number}")
        service.submit(command, connector_id, CLIENT)


def pages(caller: httpx.Client, address: str, **asked: Any) -> Iterator[list[dict[str, Any]]]:
    """Follow the `next` links, and yield the events of each page."""
    answer = caller.get(address, params=asked)
    for _ in range(100):
        assert answer.status_code == 200, answer.text
        page = answer.json()
        yield page["events"]
        if "next" not in page["_links"]:
            return
        answer = caller.get(page["_links"]["next"]["href"])
    pytest.fail("the pages have no end")


def test_a_history_tells_every_event_of_the_dataset_the_newest_first(
    service: Service, dataset_id: UUID, reader: httpx.Client
) -> None:
    answer = reader.get(f"{DATASETS}/{dataset_id}/history")
    assert answer.headers["X-Registry-Position"] == "7"
    page = answer.json()
    assert page["_links"] == {"self": {"href": f"{DATASETS}/{dataset_id}/history"}}
    assert [(event["position"], event["version"], event["type"]) for event in page["events"]] == [
        (7, 7, "DatasetStatusChanged"),
        (6, 6, "DatasetRevised"),
        (5, 5, "DatasetStatusChanged"),
        (4, 4, "QualityScored"),
        (3, 3, "DatasetStatusChanged"),
        (1, 1, "DatasetRegistered"),
    ]


def test_each_event_tells_the_fields_it_changed_before_and_after(
    service: Service, dataset_id: UUID, reader: httpx.Client
) -> None:
    [page] = pages(reader, f"{DATASETS}/{dataset_id}/history", order="asc")
    registered, validating, scored, ready, revised, retired = [event["changes"] for event in page]
    assert registered["name"] == {"before": None, "after": "Issues"}
    assert registered["status"] == {"before": None, "after": "provisioning"}
    assert validating == {
        "status": {"before": "provisioning", "after": "validating"},
        "status_reason": {"before": "", "after": "all records are loaded"},
    }
    assert scored["quality_score"] == {"before": None, "after": 99.0}
    assert len(scored["quality_checks"]["after"]) == 4
    assert ready["status"] == {"before": "validating", "after": "ready"}
    assert revised["name"] == {"before": "Issues", "after": "Issues of payments"}
    assert revised["metadata"]["after"]["tags"] == ["payments"]
    assert retired["status"] == {"before": "ready", "after": "retired"}
    assert page[-1]["reason"] == "nobody asks for it"


def test_the_changes_taken_together_are_the_dataset_as_it_is_shown(
    service: Service, dataset_id: UUID, reader: httpx.Client
) -> None:
    service.project()
    built: dict[str, Any] = {}
    for [event] in pages(reader, f"{DATASETS}/{dataset_id}/history", order="asc", limit=1):
        for field, change in event["changes"].items():
            assert change["before"] == built.get(field)
            built[field] = change["after"]
    shown = reader.get(f"{DATASETS}/{dataset_id}").json()
    told = {field: value for field, value in shown.items() if field not in UNTOLD}
    assert built == {field: value for field, value in told.items() if value is not None}


def test_an_event_tells_who_caused_it_on_whose_behalf_and_in_what_course_of_events(
    service: Service,
) -> None:
    writer = service.client(CLIENT, Scope.DATASETS_READ, Scope.DATASETS_WRITE)
    traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    created = writer.post(
        DATASETS,
        json={
            "name": "Issues",
            "dataset_type": "jira_issues",
            "stage": "development",
            "journey_id": str(JOURNEY),
        },
        headers={
            "X-Request-Id": "request-1",
            "X-Correlation-Id": "onboarding-42",
            "traceparent": traceparent,
        },
    )
    [[event]] = pages(writer, created.headers["Location"] + "/history")
    assert UUID(event.pop("command_id")).version == 4
    assert {
        name: event[name] for name in list(event) if name not in ("changes", "recorded_at")
    } == {
        "position": 1,
        "type": "DatasetRegistered",
        "version": 1,
        "actor": "developer",
        "client_id": str(CLIENT),
        "correlation_id": "onboarding-42",
        "causation_id": "request-1",
        "traceparent": traceparent,
        "reason": None,
    }


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 200])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_the_pages_hold_every_event_once_and_in_order(
    service: Service, reader: httpx.Client, order: str, limit: int
) -> None:
    connector_id = register_connector(service)
    record_health(service, connector_id, 6)
    found = list(pages(reader, f"{CONNECTORS}/{connector_id}/history", order=order, limit=limit))
    positions = [event["position"] for page in found for event in page]
    assert positions == sorted(range(1, 8), reverse=order == "desc")
    assert all(len(page) == limit for page in found[:-1])


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_the_pages_hold_every_event_once_while_new_ones_arrive(
    service: Service, reader: httpx.Client, order: str
) -> None:
    connector_id = register_connector(service)
    record_health(service, connector_id, 8)
    positions = []
    arriving = 5
    for page in pages(reader, f"{CONNECTORS}/{connector_id}/history", order=order, limit=2):
        positions += [event["position"] for event in page]
        if arriving:
            record_health(service, connector_id, 1)
            arriving -= 1
    there_before = list(range(1, 10))
    if order == "asc":
        assert positions == [*there_before, *range(10, 15)]
    else:
        assert positions == there_before[::-1]


def test_a_page_of_large_events_ends_early_and_none_is_left_out(
    service: Service, reader: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    connector_id = register_connector(service)
    record_health(service, connector_id, 3)
    monkeypatch.setattr(story, "MAX_PAGE_BYTES", 10)
    for order in ("asc", "desc"):
        found = list(pages(reader, f"{CONNECTORS}/{connector_id}/history", order=order))
        assert [len(page) for page in found] == [1, 1, 1, 1]
        assert {page[0]["position"] for page in found} == {1, 2, 3, 4}


def test_a_cursor_before_the_first_event_gives_an_empty_page(
    service: Service, dataset_id: UUID, reader: httpx.Client
) -> None:
    assert list(pages(reader, f"{DATASETS}/{dataset_id}/history", cursor=1)) == [[]]
    assert list(pages(reader, f"{DATASETS}/{dataset_id}/history", cursor=900, order="asc")) == [[]]


def test_what_is_not_projected_yet_has_a_history_for_its_client_and_for_administrators(
    service: Service, reader: httpx.Client, admin: httpx.Client
) -> None:
    service.project()
    theirs = register_connector(service, OTHER_CLIENT)
    own = register_connector(service)
    for caller, connector_id in ((reader, own), (admin, own), (admin, theirs)):
        [[event]] = pages(caller, f"{CONNECTORS}/{connector_id}/history")
        assert event["type"] == "ConnectorRegistered"
        assert event["changes"]["connector_id"]["after"] == str(connector_id)


def test_what_is_gone_still_has_its_history(
    service: Service, reader: httpx.Client, admin: httpx.Client
) -> None:
    connector_id = register_connector(service)
    service.submit(RemoveConnector(reason="Jira was shut down"), connector_id, CLIENT)
    service.project()
    for caller in (reader, admin):
        assert caller.get(f"{CONNECTORS}/{connector_id}").status_code == 404
        [[removed, _]] = pages(caller, f"{CONNECTORS}/{connector_id}/history")
        assert removed["type"] == "ConnectorRemoved"
        assert removed["reason"] == "Jira was shut down"
        assert removed["changes"]["name"] == {"before": "Jira", "after": None}


def test_a_dataset_that_another_one_mentions_is_not_taken_for_it(
    service: Service, reader: httpx.Client, admin: httpx.Client
) -> None:
    service.project()
    mentioned = uuid4()
    registration = RegisterDataset(
        name="A copy",
        dataset_type="jira_issues",
        stage=Stage.STAGING,
        journey_id=JOURNEY,
        metadata=DatasetMetadata(custom_fields={"copied_from": str(mentioned)}),
    )
    service.submit(registration, uuid4(), CLIENT)
    for caller in (reader, admin):
        answer = caller.get(f"{DATASETS}/{mentioned}/history")
        assert answer.status_code == 404
        assert answer.json()["detail"] == "There is no such dataset."
    theirs = RegisterDataset(
        name="The original", dataset_type="jira_issues", stage=Stage.STAGING, journey_id=JOURNEY
    )
    service.submit(theirs, mentioned, OTHER_CLIENT)
    [[event]] = pages(admin, f"{DATASETS}/{mentioned}/history")
    assert event["changes"]["name"]["after"] == "The original"


def test_a_thing_has_no_history_under_the_name_of_another_kind(
    service: Service, dataset_id: UUID, reader: httpx.Client, admin: httpx.Client
) -> None:
    for caller in (reader, admin):
        for path in (CONNECTORS, TEMPLATES):
            assert caller.get(f"{path}/{dataset_id}/history").status_code == 404


def test_the_history_of_what_another_client_owns_is_not_found(
    service: Service, dataset_id: UUID, admin: httpx.Client
) -> None:
    stranger = service.client(OTHER_CLIENT, Scope.DATASETS_READ)
    service.register_dataset(client_id=OTHER_CLIENT)
    answer = stranger.get(f"{DATASETS}/{dataset_id}/history")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "There is no such dataset."
    assert admin.get(f"{DATASETS}/{dataset_id}/history").status_code == 200


def test_all_see_what_happened_to_a_template_but_not_who_of_another_client_did_it(
    service: Service, reader: httpx.Client, admin: httpx.Client
) -> None:
    author = service.client(OTHER_CLIENT, Scope.DATASETS_READ, Scope.TEMPLATES_WRITE)
    created = author.post(
        TEMPLATES,
        json={
            "industry": "fintech",
            "use_case": "developer_productivity",
            "dataset_type": "jira_issues",
            "name": "Jira issues",
            "schema": {"type": "object"},
        },
    )
    address = created.headers["Location"] + "/history"
    provenance = ("actor", "client_id", "command_id", "correlation_id", "causation_id")
    for caller in (author, admin):
        [[event]] = pages(caller, address)
        assert event["client_id"] == str(OTHER_CLIENT)
        assert all(event[name] for name in provenance)
    [[event]] = pages(reader, address)
    assert event["changes"]["name"]["after"] == "Jira issues"
    assert [event[name] for name in provenance] == [None] * 5
    assert str(OTHER_CLIENT) not in reader.get(address).text


def test_what_happened_to_a_template_on_nobodys_behalf_is_told_to_all(
    service: Service, reader: httpx.Client
) -> None:
    template_id = service.register_template("fintech/developer_productivity/jira_issues")
    service.submit(RetireTemplate(reason="there is a better one"), template_id)
    [[retired, registered]] = pages(reader, f"{TEMPLATES}/{template_id}/history")
    assert registered["actor"] == "test"
    assert retired["reason"] == "there is a better one"
    assert retired["changes"] == {"status": {"before": "active", "after": "retired"}}


def test_an_event_that_cannot_be_folded_is_told_without_its_changes(
    service: Service, reader: httpx.Client
) -> None:
    """As in the read model, what comes after it for the same connector is not folded either."""
    connector_id = register_connector(service)
    with psycopg.connect(service.url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO registry_events (originator_id, originator_version, topic, state)"
            " VALUES (%s, 2, 'ConnectorRevised', %s)",
            [DatasetRegistry(CLIENT).id, f'{{"connector_id": "{connector_id}"}}'.encode()],
        )
        sound = {
            "connector_id": str(connector_id),
            "health": "healthy",
            "detail": "",
            "timestamp": "2026-01-31T12:00:00Z",
        }
        connection.execute(
            "INSERT INTO registry_events (originator_id, originator_version, topic, state)"
            " VALUES (%s, 3, 'ConnectorHealthRecorded', %s)",
            [DatasetRegistry(CLIENT).id, json.dumps(sound).encode()],
        )
    [page] = pages(reader, f"{CONNECTORS}/{connector_id}/history")
    assert [event["changes"] is None for event in page] == [True, True, False]
    assert page[0]["actor"] is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("order", "sideways"),
        ("cursor", "-1"),
        ("cursor", "first"),
        ("limit", "0"),
        ("limit", "201"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_named(
    service: Service, dataset_id: UUID, reader: httpx.Client, name: str, value: str
) -> None:
    answer = reader.get(f"{DATASETS}/{dataset_id}/history", params={name: value})
    assert answer.status_code == 422
    assert [error["parameter"] for error in answer.json()["errors"]] == [name]
