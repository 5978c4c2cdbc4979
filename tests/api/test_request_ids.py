"""Every request has an id, which its answer and its log lines carry."""

from uuid import UUID

import httpx
import pytest

from tests.api.service import CLIENT, Service

HEADER = "X-Request-Id"


@pytest.fixture
def anybody(service: Service) -> httpx.Client:
    return service.client_with(None)


def test_the_request_id_of_the_caller_comes_back(anybody: httpx.Client) -> None:
    for offered in ("42", "trace:5f.a-b_c", "x" * 128):
        assert anybody.get("/health", headers={HEADER: offered}).headers[HEADER] == offered


def test_a_caller_without_a_request_id_is_given_one(anybody: httpx.Client) -> None:
    first, second = (UUID(anybody.get("/health").headers[HEADER]) for _ in range(2))
    assert first != second


@pytest.mark.parametrize("offered", ["", "two words", "x" * 129, "<script>", 'a"b', "a\tb", "ä"])
def test_a_request_id_that_could_do_harm_is_replaced(anybody: httpx.Client, offered: str) -> None:
    answer = anybody.get("/health", headers={HEADER: offered.encode()})
    assert UUID(answer.headers[HEADER])


def test_every_failure_tells_its_request_id(
    service: Service, anybody: httpx.Client, reader: httpx.Client, subtests: pytest.Subtests
) -> None:
    service.project()
    powerless = service.client(CLIENT)
    datasets = "/v1/dataops/datasets"
    failures = {
        401: (anybody, "GET", datasets),
        403: (powerless, "GET", datasets),
        404: (reader, "GET", "/v1/dataops/nothing"),
        405: (reader, "PUT", datasets),
        422: (reader, "GET", f"{datasets}?page=0"),
    }
    for status, (caller, method, address) in failures.items():
        with subtests.test(status=status):
            answer = caller.request(method, address, headers={HEADER: f"failure-{status}"})
            assert answer.headers["Content-Type"] == "application/problem+json"
            problem = answer.json()
            assert (answer.status_code, problem["status"]) == (status, status)
            assert answer.headers[HEADER] == problem["request_id"] == f"failure-{status}"
            assert problem["instance"] == answer.url.path
            assert problem["type"].startswith("urn:dataset-registry:problem:")
            assert problem["title"]
            assert problem["detail"]
