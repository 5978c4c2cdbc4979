"""Whoever follows the events gets each of them once, in order, and none that is not theirs."""

import re
import threading
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from api.caller import Scope
from registry.commands import RegisterConnector, RemoveConnector
from registry.connector import ConnectorConfiguration
from registry.store import history
from tests.api.event_source import EVENTS
from tests.api.service import CLIENT, OTHER_CLIENT, Service

BATCH = "application/cloudevents-batch+json"


def batches(caller: httpx.Client, **asked: Any) -> Iterator[httpx.Response]:
    """Follow the `next` links up to the head."""
    answer = caller.get(EVENTS, params=asked)
    while True:
        assert answer.status_code == 200, answer.text
        yield answer
        if answer.headers["X-Registry-Position"] == answer.headers["X-Registry-Head"]:
            return
        answer = caller.get(answer.links["next"]["url"])


def positions(caller: httpx.Client, **asked: Any) -> list[int]:
    return [event["position"] for batch in batches(caller, **asked) for event in batch.json()]


def register_connector(service: Service, client_id: UUID) -> UUID:
    connector_id = uuid4()
    configuration = ConnectorConfiguration(connector_type="jira")
    command = RegisterConnector(name="Jira", configuration=configuration)
    service.submit(command, connector_id, client_id)
    return connector_id


def register_datasets(service: Service, count: int) -> None:
    for number in range(count):
        service.register_dataset(f"type_{number}")


def test_a_batch_holds_events_as_cloudevents(service: Service, reader: httpx.Client) -> None:
    dataset_id = service.register_dataset("jira_issues", name="Issues")
    answer = reader.get(EVENTS)
    assert answer.headers["Content-Type"] == BATCH
    [event] = answer.json()
    assert datetime.fromisoformat(event["time"]).utcoffset() is not None
    assert datetime.fromisoformat(event.pop("time")) >= datetime.fromisoformat(
        event["data"].pop("timestamp")
    )
    assert UUID(event.pop("commandid"))
    data = event.pop("data")
    assert event == {
        "specversion": "1.0",
        "id": "1",
        "source": "urn:dataset-registry:events",
        "type": "DatasetRegistered",
        "subject": f"/v1/dataops/datasets/{dataset_id}",
        "datacontenttype": "application/json",
        "position": 1,
        "version": 1,
        "actor": "test",
        "clientid": str(CLIENT),
    }
    assert (data["name"], data["dataset_id"], data["client_id"]) == (
        "Issues",
        str(dataset_id),
        str(CLIENT),
    )
    assert "provenance" not in data


def test_attributes_are_named_as_cloudevents_demand(service: Service, reader: httpx.Client) -> None:
    writer = service.client(CLIENT, Scope.DATASETS_WRITE)
    body = {"name": "Jira", "configuration": {"connector_type": "jira"}}
    traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    writer.post("/v1/dataops/connectors", json=body, headers={"traceparent": traceparent})
    [event] = reader.get(EVENTS).json()
    assert all(re.fullmatch(r"[a-z0-9]{1,20}", name) for name in event)
    assert (event["clientid"], event["traceparent"]) == (str(CLIENT), traceparent)
    assert {"actor", "commandid", "correlationid", "causationid"} <= event.keys()


@pytest.mark.parametrize("limit", [1, 3, 10, 1_000])
def test_the_batches_hold_every_event_once_and_in_order(
    service: Service, reader: httpx.Client, limit: int
) -> None:
    register_datasets(service, 10)
    assert positions(reader, limit=limit) == list(range(1, 11))
    assert positions(reader, limit=limit, after=4) == list(range(5, 11))


def test_the_batches_hold_every_event_once_while_new_ones_arrive(
    service: Service, reader: httpx.Client
) -> None:
    writer = threading.Thread(target=register_datasets, args=[service, 60])
    writer.start()
    found: list[int] = []
    reached, address = "0", f"{EVENTS}?limit=7"
    while reached != "60":
        answer = reader.get(address)
        found += [event["position"] for event in answer.json()]
        reached, address = answer.headers["X-Registry-Position"], answer.links["next"]["url"]
    writer.join()
    assert found == list(range(1, 61))
    assert reader.get(address).json() == []


def test_a_position_that_is_not_visible_yet_is_never_passed(
    service: Service, reader: httpx.Client
) -> None:
    service.register_dataset("jira_issues")
    with psycopg.connect(service.url) as connection:
        connection.execute(
            "SELECT append_events(ARRAY[gen_random_uuid()], ARRAY[1::bigint],"
            " ARRAY['DatasetTemplateRetired'], ARRAY[%s::bytea])",
            [b'{"reason": "held back"}'],
        )
        answer = reader.get(EVENTS)
        assert [event["position"] for event in answer.json()] == [1]
        assert answer.headers["X-Registry-Position"] == "1"
        following = answer.links["next"]["url"]
        assert reader.get(following).headers["X-Registry-Position"] == "1"
    [event] = reader.get(following).json()
    assert event["data"]["reason"] == "held back"
    assert "subject" not in event


@pytest.mark.parametrize(
    "types",
    [
        {"types": "ConnectorRegistered,ConnectorRemoved"},
        {"types": ["ConnectorRegistered", "ConnectorRemoved"]},
    ],
)
def test_only_events_of_the_types_asked_for_are_given(
    service: Service, reader: httpx.Client, types: dict[str, Any]
) -> None:
    service.register_dataset()
    connector_id = register_connector(service, CLIENT)
    service.submit(RemoveConnector(reason="shut down"), connector_id, CLIENT)
    [batch] = batches(reader, **types)
    assert [event["type"] for event in batch.json()] == ["ConnectorRegistered", "ConnectorRemoved"]


def test_whoever_filters_still_moves_on(service: Service, reader: httpx.Client) -> None:
    register_datasets(service, 3)
    answer = reader.get(EVENTS, params={"types": "QualityScored", "limit": 5})
    assert answer.json() == []
    assert answer.headers["X-Registry-Position"] == "3"
    assert answer.links["next"]["url"] == f"{EVENTS}?types=QualityScored&limit=5&after=3"


def test_a_batch_ends_after_so_many_positions_and_the_next_goes_on(
    service: Service, reader: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MAX_POSITIONS", 4)
    register_datasets(service, 9)
    connector_id = register_connector(service, CLIENT)
    found = list(batches(reader, types="ConnectorRegistered"))
    assert [batch.headers["X-Registry-Position"] for batch in found] == ["4", "8", "10"]
    assert [len(batch.json()) for batch in found] == [0, 0, 1]
    assert found[-1].json()[0]["subject"] == f"/v1/dataops/connectors/{connector_id}"


def test_a_batch_of_large_events_ends_early_and_none_is_left_out(
    service: Service, reader: httpx.Client
) -> None:
    for number in range(5):
        sample = [{"text": "x" * 10_000}] * 200
        service.register_template(f"fintech/payments/type_{number}", sample_data=sample)
    found = [[event["position"] for event in batch.json()] for batch in batches(reader)]
    assert found == [[1, 2, 3], [4, 5]]


def test_a_position_past_the_end_is_the_end(service: Service, reader: httpx.Client) -> None:
    service.register_dataset()
    answer = reader.get(EVENTS, params={"after": 2**62})
    assert answer.json() == []
    assert answer.headers["X-Registry-Position"] == "1"


def test_a_client_sees_its_own_events_and_those_of_templates(
    service: Service, reader: httpx.Client, admin: httpx.Client
) -> None:
    service.register_dataset(client_id=CLIENT)  # 1
    service.register_dataset(client_id=OTHER_CLIENT)  # 2
    service.register_template("fintech/payments/jira_issues")  # 3
    register_connector(service, OTHER_CLIENT)  # 4
    register_connector(service, CLIENT)  # 5
    stranger = service.client(OTHER_CLIENT, Scope.DATASETS_READ)
    assert positions(reader) == [1, 3, 5]
    assert positions(reader, client_id=CLIENT) == [1, 3, 5]
    assert positions(stranger) == [2, 3, 4]
    assert positions(admin) == [1, 2, 3, 4, 5]
    assert positions(admin, client_id=OTHER_CLIENT) == [2, 3, 4]
    assert positions(admin, client_id=OTHER_CLIENT, types="ConnectorRegistered") == [4]
    assert positions(admin, client_id=uuid4()) == [3]
    assert str(OTHER_CLIENT) not in reader.get(EVENTS).text


def test_another_clients_events_cannot_be_asked_for(service: Service, reader: httpx.Client) -> None:
    for accept in ("*/*", "text/event-stream"):
        answer = reader.get(EVENTS, params={"client_id": OTHER_CLIENT}, headers={"Accept": accept})
        assert answer.status_code == 403
        assert answer.json()["type"] == "urn:dataset-registry:problem:forbidden"


def test_an_administrator_sees_events_that_this_version_knows_nothing_of(
    service: Service, reader: httpx.Client, admin: httpx.Client
) -> None:
    with psycopg.connect(service.url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO registry_events (originator_id, originator_version, topic, state)"
            " VALUES (gen_random_uuid(), 1, 'SomethingHappened', '{}')"
        )
    [event] = admin.get(EVENTS).json()
    assert (event["type"], event["data"]) == ("SomethingHappened", {})
    assert positions(reader) == []


@pytest.mark.parametrize(
    ("name", "value", "detail"),
    [
        ("after", "-1", "greater than or equal to 0"),
        ("after", "yesterday", "a valid integer"),
        ("after", str(2**63), "less than"),
        ("limit", "0", "greater than or equal to 1"),
        ("limit", "1001", "less than or equal to 1000"),
        ("client_id", "me", "a valid UUID"),
        ("types", "DatasetRegistered,DatasetLost", "no type 'DatasetLost'; there are Compat"),
        ("types", "", "no type ''"),
        ("type", "DatasetRegistered", "not permitted"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_named(
    service: Service, reader: httpx.Client, name: str, value: str, detail: str
) -> None:
    answer = reader.get(EVENTS, params={name: value})
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["parameter"].startswith(name)
    assert detail in error["detail"]
