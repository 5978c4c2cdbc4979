"""Rebuilds are ordered over HTTP and carried out by the projector."""

import threading
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.caller import Scope
from projections.projector import Projector
from tests.api.service import CLIENT, Service

REBUILD = "/v1/dataops/projections/templates/rebuild"


@pytest.fixture
def admin(service: Service) -> httpx.Client:
    return service.client(CLIENT, Scope.ADMIN)


@pytest.fixture
def projector(service: Service) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=Projector(service.url).run, args=[stop])
    thread.start()
    yield
    stop.set()
    thread.join()


def finished(admin: httpx.Client, path: str) -> dict[str, Any]:
    """Poll a rebuild until it has ended."""
    for _ in range(200):
        shown: dict[str, Any] = admin.get(path).json()
        if shown["finished_at"]:
            return shown
        time.sleep(0.05)
    raise AssertionError(f"not finished: {shown}")


def test_a_rebuild_that_was_ordered_is_carried_out_and_tells_its_generation(
    service: Service, admin: httpx.Client, projector: None
) -> None:
    service.register_template("fintech/support/jira_issues")
    answer = admin.post(REBUILD, params={"verify": True})
    assert (answer.status_code, answer.json()["status"]) == (202, "waiting")
    ended = finished(admin, answer.headers["Location"])
    assert (ended["status"], ended["error"], ended["generation"]) == ("done", None, 2)
    listed = admin.get("/v1/dataops/projections").json()["projections"]
    assert {each["name"]: each["generation"] for each in listed}["templates"] == 2
    assert admin.get("/v1/dataops/templates").json()["total_count"] == 1


def test_two_open_rebuilds_of_one_read_model_are_refused(
    service: Service, admin: httpx.Client
) -> None:
    service.project()
    assert admin.post(REBUILD).status_code == 202
    assert admin.post(REBUILD).status_code == 409


def test_only_administrators_order_rebuilds_and_only_of_what_there_is(
    service: Service, admin: httpx.Client
) -> None:
    reader = service.client(CLIENT, Scope.DATASETS_READ)
    assert reader.post(REBUILD).status_code == 403
    assert admin.post("/v1/dataops/projections/nothing/rebuild").status_code == 404
    assert admin.get(f"{REBUILD}/{uuid4()}").status_code == 404
