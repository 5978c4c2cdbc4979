"""The catalogue as it stood at a position or at a time, over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from registry.commands import (
    ChangeDatasetStatus,
    RecordQualityChecks,
    RegisterConnector,
    RemoveConnector,
    ReviseDataset,
)
from registry.connector import ConnectorConfiguration
from registry.dataset import Status
from registry.quality import CheckType, DataQualityCheck
from tests.api.service import CLIENT, Service

API = "/v1/dataops"
LISTS = ["templates", "datasets", "connectors"]


def then(reader: httpx.Client, path: str, as_of: object, **filters: str) -> Any:
    answer = reader.get(f"{API}/{path}", params={"as_of": str(as_of), **filters})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_dataset_is_shown_as_it_stood_at_each_position(
    service: Service, reader: httpx.Client
) -> None:
    dataset_id = service.register_dataset(name="first")
    for name in ("second", "third"):
        service.submit(ReviseDataset(name=name), dataset_id, CLIENT)
    service.project()
    shown = [then(reader, f"datasets/{dataset_id}", position) for position in (1, 2, 3)]
    assert [each["name"] for each in shown] == ["first", "second", "third"]
    assert [each["version"] for each in shown] == [1, 2, 3]
    assert shown[-1] == reader.get(f"{API}/datasets/{dataset_id}").json()


def test_a_template_is_shown_as_it_stood_at_each_position(
    service: Service, reader: httpx.Client
) -> None:
    for name in ("first", "second"):
        template_id = service.register_template("fintech/payments/jira_issues", name=name)
    service.project()
    shown = [then(reader, f"templates/{template_id}", position) for position in (1, 2)]
    assert [each["name"] for each in shown] == ["first", "second"]


def test_an_answer_about_the_past_tells_the_position_it_is_about(
    service: Service, reader: httpx.Client
) -> None:
    for name in ("first", "second"):
        service.register_dataset(name)
    service.project()
    answer = reader.get(f"{API}/datasets", params={"as_of": 1})
    assert answer.headers["X-Registry-Position"] == "1"


def test_filters_and_counts_are_those_of_the_past(service: Service, reader: httpx.Client) -> None:
    dataset_id = service.register_dataset()
    service.submit(
        ChangeDatasetStatus(status=Status.VALIDATING, reason="looked at"), dataset_id, CLIENT
    )
    service.project()
    for position, found in ((1, 1), (2, 0)):
        page = then(reader, "datasets", position, status="provisioning")
        assert page["pagination"]["total_count"] == len(page["datasets"]) == found


def test_a_connector_that_was_removed_is_there_before(
    service: Service, reader: httpx.Client
) -> None:
    connector_id = uuid4()
    configuration = ConnectorConfiguration(connector_type="jira", auth_method="none")
    service.submit(
        RegisterConnector(name="Jira", configuration=configuration), connector_id, CLIENT
    )
    service.submit(RemoveConnector(reason="not needed"), connector_id, CLIENT)
    service.project()
    assert then(reader, f"connectors/{connector_id}", 1)["name"] == "Jira"
    assert [len(then(reader, "connectors", at)["connectors"]) for at in (1, 2)] == [1, 0]
    assert reader.get(f"{API}/connectors/{connector_id}", params={"as_of": 2}).status_code == 404


def test_quality_checks_recorded_later_are_not_shown(
    service: Service, reader: httpx.Client
) -> None:
    dataset_id = service.register_dataset()
    for score in (50, 99):
        check = DataQualityCheck(check_type=CheckType.SCHEMA_VALIDATION, score=score)
        service.submit(RecordQualityChecks(checks=[check]), dataset_id, CLIENT)
    service.project()
    counts = [
        then(reader, f"datasets/{dataset_id}/quality-checks", position)["pagination"]["total_count"]
        for position in (1, 2, 3)
    ]
    assert counts == [0, 1, 2]


def test_a_time_is_answered_with_what_was_recorded_by_then(
    service: Service, reader: httpx.Client
) -> None:
    service.register_dataset("first")
    service.project()
    between = datetime.now(UTC).isoformat()
    service.register_dataset("second")
    service.project()
    assert [each["name"] for each in then(reader, "datasets", between)["datasets"]] == ["first"]


@pytest.mark.parametrize("name", LISTS)
def test_before_the_first_event_the_catalogue_is_empty(
    service: Service, reader: httpx.Client, name: str
) -> None:
    service.register_template("fintech/developer_productivity/jira_issues")
    service.register_dataset()
    service.project()
    for as_of in (0, "1999-12-31T23:59:59Z"):
        page = then(reader, name, as_of)
        assert (page[name], page["pagination"]["total_count"]) == ([], 0)


@pytest.mark.parametrize("name", LISTS)
def test_a_moment_in_the_future_is_refused(
    service: Service, reader: httpx.Client, name: str
) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    for as_of, told in ((1, "the last one is 0"), (tomorrow.isoformat(), "lies in the future")):
        answer = reader.get(f"{API}/{name}", params={"as_of": str(as_of)})
        assert answer.status_code == 400
        assert answer.json()["type"].endswith(":future-moment")
        assert told in answer.json()["detail"]


@pytest.mark.parametrize("as_of", ["yesterday", "-1", "1.5", "2026-01-01", "2026-01-01T00:00:00"])
def test_what_is_neither_a_position_nor_a_time_is_refused(
    service: Service, reader: httpx.Client, as_of: str
) -> None:
    answer = reader.get(f"{API}/datasets", params={"as_of": as_of})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "as_of"


def test_the_past_of_another_client_is_as_closed_as_its_present(
    service: Service, reader: httpx.Client
) -> None:
    theirs = service.register_dataset(client_id=uuid4())
    service.project()
    assert then(reader, "datasets", 1)["datasets"] == []
    assert reader.get(f"{API}/datasets/{theirs}", params={"as_of": 1}).status_code == 404
