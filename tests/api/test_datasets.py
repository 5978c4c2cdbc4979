"""Datasets, as their client gets them over HTTP."""

from uuid import UUID, uuid4

import httpx
import pytest

from api.caller import Scope
from registry.commands import (
    ChangeDatasetStatus,
    RecordQualityChecks,
    RetireDataset,
)
from registry.dataset import DatasetMetadata, Stage, Status
from registry.quality import CheckType, DataQualityCheck
from tests.api.service import CLIENT, JOURNEY, Service

DATASETS = "/v1/dataops/datasets"
OTHER_JOURNEY = UUID("70000000-0000-4000-8000-000000000002")


def ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [dataset["dataset_id"] for dataset in answer.json()["datasets"]]


def test_a_list_of_datasets_is_exactly_as_described(service: Service, reader: httpx.Client) -> None:
    template_id = service.register_template("fintech/developer_productivity/jira_issues")
    dataset_id = service.register_dataset(
        "jira_issues",
        name="Issues of payments",
        stage=Stage.STAGING,
        template_id=template_id,
        source="glean:jira",
        metadata=DatasetMetadata(
            industry="fintech",
            use_case="developer_productivity",
            tags=["payments"],
            custom_fields={"projects": ["PAY", "KYC"]},
        ),
    )
    service.project()
    answer = reader.get(DATASETS)
    [dataset] = answer.json()["datasets"]
    assert dataset.pop("created_at") == dataset.pop("updated_at")
    address = f"{DATASETS}/{dataset_id}"
    assert dataset == {
        "dataset_id": str(dataset_id),
        "name": "Issues of payments",
        "dataset_type": "jira_issues",
        "stage": "staging",
        "client_id": str(CLIENT),
        "journey_id": str(JOURNEY),
        "template_id": str(template_id),
        "status": "provisioning",
        "status_reason": "",
        "source": "glean:jira",
        "metadata": {
            "industry": "fintech",
            "use_case": "developer_productivity",
            "tags": ["payments"],
            "custom_fields": {"projects": ["PAY", "KYC"]},
        },
        "quality_score": None,
        "quality_checks": [],
        "version": 1,
        "_links": {
            "self": {"href": address},
            "quality_checks": {"href": f"{address}/quality-checks"},
            "template": {"href": f"/v1/dataops/templates/{template_id}"},
        },
    }
    first = {"href": f"{DATASETS}?page=1"}
    assert {part: value for part, value in answer.json().items() if part != "datasets"} == {
        "total_count": 1,
        "pagination": {"page": 1, "per_page": 50, "total_count": 1, "total_pages": 1},
        "_links": {"self": first, "first": first, "last": first},
    }


def test_a_dataset_without_template_has_no_link_to_one(
    service: Service, reader: httpx.Client
) -> None:
    dataset_id = service.register_dataset()
    service.project()
    dataset = reader.get(f"{DATASETS}/{dataset_id}").json()
    assert dataset["template_id"] is None
    assert "template" not in dataset["_links"]


def test_a_dataset_is_the_same_in_a_list_and_by_itself(
    service: Service, reader: httpx.Client
) -> None:
    dataset_id = service.register_dataset()
    service.project()
    [listed] = reader.get(DATASETS).json()["datasets"]
    answer = reader.get(f"{DATASETS}/{dataset_id}")
    assert answer.json() == listed
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["X-Registry-Position"] == "1"


def test_the_newest_dataset_comes_first(service: Service, reader: httpx.Client) -> None:
    registered = [
        str(service.register_dataset(dataset_type))
        for dataset_type in ("jira_issues", "slack_messages", "zendesk_tickets")
    ]
    service.project()
    assert ids(reader.get(DATASETS)) == registered[::-1]


def test_every_filter_narrows_the_list(
    service: Service, reader: httpx.Client, subtests: pytest.Subtests
) -> None:
    development = str(service.register_dataset("jira_issues"))
    failed = str(service.register_dataset("jira_issues", stage=Stage.PRODUCTION))
    service.submit(ChangeDatasetStatus(status=Status.FAILED), UUID(failed), CLIENT)
    messages = str(service.register_dataset("slack_messages", journey_id=OTHER_JOURNEY))
    service.project()
    expectations: list[tuple[dict[str, str], list[str]]] = [
        ({}, [messages, failed, development]),
        ({"client_id": str(CLIENT)}, [messages, failed, development]),
        ({"journey_id": str(OTHER_JOURNEY)}, [messages]),
        ({"stage": "production"}, [failed]),
        ({"stage": "sandbox"}, []),
        ({"status": "provisioning"}, [messages, development]),
        ({"status": "failed"}, [failed]),
        ({"dataset_type": "jira_issues"}, [failed, development]),
        ({"dataset_type": "jira_issues", "stage": "development"}, [development]),
        ({"journey_id": str(OTHER_JOURNEY), "status": "failed"}, []),
    ]
    for filters, expected in expectations:
        with subtests.test(**filters):
            answer = reader.get(DATASETS, params=filters)
            assert ids(answer) == expected
            assert answer.json()["total_count"] == len(expected)


def test_pages_divide_the_list_and_keep_its_filters(service: Service, reader: httpx.Client) -> None:
    registered = [str(service.register_dataset(f"type_{number}")) for number in range(5)]
    service.register_dataset("type_0", stage=Stage.SANDBOX)
    service.project()
    address: str | None = f"{DATASETS}?stage=development&per_page=2"
    pages = []
    while address:
        page = reader.get(address)
        pages.append(ids(page))
        address = page.json()["_links"].get("next", {}).get("href")
    newest_first = registered[::-1]
    assert pages == [newest_first[:2], newest_first[2:4], newest_first[4:]]


def test_a_parameter_out_of_bounds_is_named(
    reader: httpx.Client, subtests: pytest.Subtests
) -> None:
    out_of_bounds = {
        "page": "0",
        "per_page": "201",
        "client_id": "me",
        "journey_id": "1",
        "stage": "moon",
        "status": "READY",
        "dataset_type": "Jira",
    }
    for parameter, value in out_of_bounds.items():
        with subtests.test(parameter=parameter):
            answer = reader.get(DATASETS, params={parameter: value})
            assert answer.status_code == 422
            assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]


def test_a_dataset_shows_the_latest_result_of_each_quality_check(
    service: Service, reader: httpx.Client
) -> None:
    dataset_id = service.register_dataset()
    all_four = [DataQualityCheck(check_type=kind, score=90) for kind in CheckType]
    better = DataQualityCheck(
        check_type=CheckType.SCHEMA_VALIDATION, score=99.5, details={"records": 200}
    )
    for checks in (all_four, [better]):
        service.submit(RecordQualityChecks(checks=checks), dataset_id, CLIENT)
    service.project()
    answer = reader.get(f"{DATASETS}/{dataset_id}")
    assert answer.json()["quality_score"] == pytest.approx(0.3 * 99.5 + 0.7 * 90)
    checks_by_type = {check["check_type"]: check for check in answer.json()["quality_checks"]}
    assert checks_by_type.keys() == set(CheckType)
    latest = checks_by_type["schema_validation"]
    assert latest.pop("checked_at") == answer.json()["updated_at"]
    assert latest == {
        "check_type": "schema_validation",
        "score": 99.5,
        "threshold": 95.0,
        "passed": True,
        "details": {"records": 200},
    }
    assert not checks_by_type["connector_health"]["passed"]
    assert answer.headers["ETag"] == f'"{answer.json()["version"]}"'


def test_a_retired_dataset_stays_in_the_records(service: Service, reader: httpx.Client) -> None:
    dataset_id = service.register_dataset()
    service.submit(RetireDataset(reason="replaced"), dataset_id, CLIENT)
    service.project()
    dataset = reader.get(f"{DATASETS}/{dataset_id}").json()
    assert (dataset["status"], dataset["status_reason"]) == ("retired", "replaced")
    assert ids(reader.get(DATASETS, params={"status": "retired"})) == [str(dataset_id)]


def test_every_link_of_a_dataset_leads_somewhere(
    service: Service, reader: httpx.Client, subtests: pytest.Subtests
) -> None:
    template_id = service.register_template("fintech/developer_productivity/jira_issues")
    dataset_id = service.register_dataset(template_id=template_id)
    service.project()
    for relation, link in reader.get(f"{DATASETS}/{dataset_id}").json()["_links"].items():
        with subtests.test(relation):
            assert reader.get(link["href"]).status_code == 200


def test_an_unknown_dataset_is_not_found(service: Service, reader: httpx.Client) -> None:
    service.project()
    answer = reader.get(f"{DATASETS}/{uuid4()}")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "There is no such dataset."


def test_an_id_that_is_no_uuid_is_invalid(reader: httpx.Client) -> None:
    answer = reader.get(f"{DATASETS}/jira_issues")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "dataset_id"


@pytest.mark.never_built_read_models
def test_datasets_are_unavailable_until_their_read_model_is_built(service: Service) -> None:
    reader = service.client(CLIENT, Scope.DATASETS_READ)
    for address in (DATASETS, f"{DATASETS}/{uuid4()}"):
        answer = reader.get(address)
        assert answer.status_code == 503
        assert answer.json()["type"] == "urn:dataset-registry:problem:unavailable"
