"""Nobody gets in without a token, and no client gets at another client's data.

Most tests here walk all routes that the application has, so that new ones are held to the same.
"""

from collections.abc import Iterator
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.config import SchemathesisConfig
from schemathesis.openapi import from_dict

from api.access import METADATA_PATH
from api.caller import Scope
from tests.api.description import Operation, description
from tests.api.service import CLIENT, OTHER_CLIENT, Service

DATASETS = "/v1/dataops/datasets"
OPEN_PATHS = {
    "/schemas/definition.json",
    "/docs",
    "/docs/oauth2-redirect",
    "/redoc",
    "/openapi.json",
    METADATA_PATH,
    "/health",
    "/health/ready",
    "/v1/dataops/health",
    "/v1/dataops/health/ready",
    "/metrics",
}
"""What anybody may see: it tells nothing of what is in the registry."""

about_what_a_client_owns = from_dict(
    description().document,
    config=SchemathesisConfig.from_dict(
        {"generation": {"mode": "positive"}, "phases": {"coverage": {"enabled": False}}}
    ),
).include(path_regex=r"\{(?!template_id|scan_id|name|rebuild_id|recommendation_id|number|digest)")

ONLY_ASKED = {
    "/v1/dataops/templates/recommend",
    "/v1/dataops/templates/{template_id}/compatibility",
}
"""Where a POST changes nothing, and so a reader may send one."""

SHARED_IDS = {"template_id", "scan_id", "name", "rebuild_id", "number", "digest"}
"""The path parameters that name what all clients share."""


@pytest.fixture
def dataset_id(service: Service) -> UUID:
    """A dataset of `CLIENT`."""
    dataset_id = service.register_dataset(name="Issues of payments")
    service.project()
    return dataset_id


@pytest.fixture
def stranger(service: Service, dataset_id: UUID) -> httpx.Client:
    """A caller with every scope but the administrator's, for a client without any dataset."""
    return service.client(OTHER_CLIENT, *(set(Scope) - {Scope.ADMIN}))


def guarded(method: str | None = None) -> Iterator[Operation]:
    for operation in description().operations:
        if operation.path not in OPEN_PATHS and method in (None, operation.method):
            yield operation


def address_of(operation: Operation, some_id: UUID) -> str:
    return operation.path.format(**dict.fromkeys(operation.path_parameters, str(some_id)))


def names_what_a_client_owns(operation: Operation) -> bool:
    return bool(set(operation.path_parameters) - SHARED_IDS)


def test_every_route_but_the_open_ones_demands_a_token(
    service: Service, subtests: pytest.Subtests
) -> None:
    anybody = service.client_with(None)
    paths = set()
    for operation in guarded():
        paths.add(operation.path)
        with subtests.test(str(operation)):
            answer = anybody.request(operation.method, address_of(operation, uuid4()))
            assert answer.status_code == 401
            assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
    assert {DATASETS, f"{DATASETS}/{{dataset_id}}", "/v1/dataops/templates"} <= paths


def test_what_is_open_needs_no_token(service: Service, subtests: pytest.Subtests) -> None:
    service.project()
    anybody = service.client_with(None)
    for path in OPEN_PATHS:
        with subtests.test(path):
            assert anybody.get(path).status_code == 200


def test_every_route_but_the_open_ones_demands_a_scope(
    service: Service, subtests: pytest.Subtests
) -> None:
    caller = service.client(CLIENT)
    for operation in guarded():
        with subtests.test(str(operation)):
            answer = caller.request(operation.method, address_of(operation, uuid4()))
            assert answer.status_code == 403
            assert answer.json()["type"] == "urn:dataset-registry:problem:insufficient-scope"
            assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]


def test_whoever_may_only_read_can_change_nothing(
    service: Service, dataset_id: UUID, reader: httpx.Client, subtests: pytest.Subtests
) -> None:
    for operation in guarded():
        if operation.method not in ("GET", "HEAD") and operation.path not in ONLY_ASKED:
            with subtests.test(str(operation)):
                answer = reader.request(operation.method, address_of(operation, dataset_id))
                assert answer.status_code == 403


def test_a_client_sees_its_own_datasets_only(
    service: Service, dataset_id: UUID, reader: httpx.Client, stranger: httpx.Client
) -> None:
    theirs = service.register_dataset(client_id=OTHER_CLIENT)
    service.project()
    for caller, own in ((reader, dataset_id), (stranger, theirs)):
        page = caller.get(DATASETS).json()
        assert [dataset["dataset_id"] for dataset in page["datasets"]] == [str(own)]
        assert page["total_count"] == 1


def test_the_id_of_what_another_client_owns_is_not_found(
    service: Service,
    dataset_id: UUID,
    stranger: httpx.Client,
    subtests: pytest.Subtests,
) -> None:
    for operation in guarded("GET"):
        if names_what_a_client_owns(operation):
            with subtests.test(str(operation)):
                answer = stranger.get(address_of(operation, dataset_id))
                assert answer.status_code == 404
                assert "payments" not in answer.text


def test_no_list_tells_of_what_another_client_owns(
    service: Service, dataset_id: UUID, stranger: httpx.Client, subtests: pytest.Subtests
) -> None:
    for operation in guarded("GET"):
        if not operation.path_parameters:
            with subtests.test(str(operation)):
                answer = stranger.get(operation.path)
                assert str(dataset_id) not in answer.text
                assert str(CLIENT) not in answer.text


def test_another_client_cannot_be_asked_for(
    service: Service, stranger: httpx.Client, subtests: pytest.Subtests
) -> None:
    asked = 0
    for operation in guarded("GET"):
        if "client_id" in operation.query_parameters and not operation.path_parameters:
            asked += 1
            with subtests.test(str(operation)):
                answer = stranger.get(operation.path, params={"client_id": str(CLIENT)})
                assert answer.status_code == 403
                assert answer.json()["type"] == "urn:dataset-registry:problem:forbidden"
    assert asked


@about_what_a_client_owns.parametrize()
@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_request_however_well_formed_reaches_what_another_client_owns(
    case: Case, service: Service, existing: dict[str, UUID]
) -> None:
    for name in case.path_parameters:
        case.path_parameters[name] = str(existing[name])
    case.query.pop("min_position", None)  # for which the answer would wait
    head = service.registry.recorder.max_notification_id()
    token = service.token(OTHER_CLIENT, *(set(Scope) - {Scope.ADMIN}))
    answer = case.call(service.base_url, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code in (400, 404, 412, 422), answer.text
    assert str(CLIENT) not in answer.text
    assert service.registry.recorder.max_notification_id() == head


def test_an_administrator_crosses_from_client_to_client(
    service: Service, dataset_id: UUID, admin: httpx.Client
) -> None:
    theirs = service.register_dataset(client_id=OTHER_CLIENT)
    service.project()

    def listed(**filters: str) -> set[str]:
        datasets = admin.get(DATASETS, params=filters).json()["datasets"]
        return {dataset["dataset_id"] for dataset in datasets}

    assert listed() == {str(dataset_id), str(theirs)}
    assert listed(client_id=str(OTHER_CLIENT)) == {str(theirs)}
    assert listed(client_id=str(uuid4())) == set()
    assert admin.get(f"{DATASETS}/{theirs}").json()["client_id"] == str(OTHER_CLIENT)


def test_a_token_that_names_no_client_reaches_the_catalogue_but_no_dataset(
    service: Service, dataset_id: UUID
) -> None:
    token = service.issuer.token("some-application", [Scope.DATASETS_READ])  # type: ignore[arg-type]
    caller = service.client_with(token)
    assert caller.get("/v1/dataops/templates").status_code == 200
    for address in (DATASETS, f"{DATASETS}?client_id={CLIENT}", f"{DATASETS}/{dataset_id}"):
        answer = caller.get(address)
        assert answer.status_code == 403
        assert answer.json()["type"] == "urn:dataset-registry:problem:forbidden"
