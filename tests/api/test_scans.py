"""Scans are requested of sources that a watch lists, carried out elsewhere, and followed here."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from api.caller import Scope
from registry.commands import FinishScan, RecordScanProgress, ReleaseScan, StartScan
from registry.scan import ScanOutcome
from tests.api.service import CLIENT, OTHER_CLIENT, Service
from tests.integration.waiting import until

SCANS = "/v1/dataops/scans"


@pytest.fixture
def curator(service: Service) -> httpx.Client:
    """A caller that may change templates, and so request scans."""
    return service.client(CLIENT, Scope.TEMPLATES_WRITE)


@pytest.fixture
def shop(service: Service) -> str:
    """The name of a source that a watch lists."""
    service.list_source("shop")
    return "shop"


def test_a_requested_scan_is_accepted_and_followed_at_its_location(
    service: Service, curator: httpx.Client, shop: str
) -> None:
    answer = curator.post(SCANS, json={"source": shop})
    assert answer.status_code == 202
    scan = answer.json()
    assert answer.headers["Location"] == f"{SCANS}/{scan['scan_id']}"
    assert (scan["source"], scan["status"], scan["trigger"]) == ("shop", "requested", "request")
    service.project()
    position = scan.pop("position")
    followed = curator.get(answer.headers["Location"], params={"min_position": position})
    assert followed.json() == scan
    assert followed.headers["ETag"] == answer.headers["ETag"]


def test_a_scan_is_shown_as_far_as_its_worker_has_come(
    service: Service, curator: httpx.Client
) -> None:
    scan_id = service.request_scan("shop")
    worker = {"source": "shop", "worker": "a"}
    found = ScanOutcome(new=3, failed=1, failures=["retail/a.csv: line 3"])
    steps = [
        (StartScan(**worker), {"status": "running", "starts": 1, "done": 0}),
        (RecordScanProgress(done=1, total=4, **worker), {"done": 1, "total": 4}),
        (ReleaseScan(reason="ended", **worker), {"status": "requested", "starts": 0}),
        (StartScan(**worker), {"status": "running", "starts": 1, "done": 0, "total": None}),
        (
            FinishScan(outcome=found, **worker),
            {
                "status": "finished",
                "outcome": {
                    "new": 3,
                    "changed": 0,
                    "unchanged": 0,
                    "connectors": 0,
                    "failed": 1,
                    "failures": ["retail/a.csv: line 3"],
                },
            },
        ),
    ]
    for command, expected in steps:
        at = service.submit(command, scan_id).position
        service.project()
        shown = curator.get(f"{SCANS}/{scan_id}", params={"min_position": at}).json()
        assert {name: shown[name] for name in expected} == expected
    before = curator.get(f"{SCANS}/{scan_id}", params={"as_of": at - 1}).json()
    assert (before["status"], before["outcome"]) == ("running", None)


def test_scans_are_listed_the_latest_first_by_source_and_status(
    service: Service, curator: httpx.Client
) -> None:
    ids = [str(service.request_scan(name)) for name in ("shop", "wiki", "mail")]
    service.submit(StartScan(source="wiki", worker="a"), UUID(ids[1]))
    service.project()

    def listed(**filters: str | int) -> list[str]:
        page = curator.get(SCANS, params=filters).json()
        return [scan["scan_id"] for scan in page["scans"]]

    assert listed() == ids[::-1]
    assert listed(per_page=1, page=2) == [ids[1]]
    assert listed(source="shop") == [ids[0]]
    assert listed(status="running") == [ids[1]]
    assert listed(status="failed") == []


def test_a_source_that_no_watch_lists_cannot_be_scanned(curator: httpx.Client) -> None:
    answer = curator.post(SCANS, json={"source": "shop"})
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:dataset-registry:problem:not-found"
    assert 'There is no source "shop".' in answer.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {"source": "/etc/passwd"},
        {"source": "https://intranet.example/data.csv"},
        {"source": "../shop"},
        {"source": "shop", "place": "/etc/passwd"},
        {"source": "shop", "trigger": "schedule"},
        {"source": ["shop"]},
        {},
    ],
    ids=["path", "url", "parent", "place", "trigger", "list", "nothing"],
)
def test_a_request_can_name_no_path_host_or_option(
    curator: httpx.Client, shop: str, body: dict[str, object]
) -> None:
    assert curator.post(SCANS, json=body).status_code == 422


def test_while_a_scan_waits_another_request_is_told_which(curator: httpx.Client, shop: str) -> None:
    first = curator.post(SCANS, json={"source": shop}).json()
    again = curator.post(SCANS, json={"source": shop})
    assert (again.status_code, again.json()["type"]) == (
        409,
        "urn:dataset-registry:problem:rule-broken",
    )
    assert first["scan_id"] in again.json()["detail"]


def test_a_request_sent_again_under_its_key_requests_no_second_scan(
    curator: httpx.Client, shop: str
) -> None:
    key = {"Idempotency-Key": "scan-1"}
    first = curator.post(SCANS, json={"source": shop}, headers=key)
    again = curator.post(SCANS, json={"source": shop}, headers=key)
    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Location"] == first.headers["Location"]


@pytest.mark.parametrize("scope", [Scope.DATASETS_READ, Scope.DATASETS_WRITE])
def test_scans_are_for_those_who_may_change_templates(
    service: Service, shop: str, scope: Scope
) -> None:
    somebody = service.client(CLIENT, scope)
    assert somebody.post(SCANS, json={"source": shop}).status_code == 403
    assert somebody.get(SCANS).status_code == 403
    assert somebody.get(f"{SCANS}/{uuid4()}").status_code == 403


def test_a_scan_that_was_never_requested_is_not_found(
    service: Service, curator: httpx.Client
) -> None:
    service.project()
    assert curator.get(f"{SCANS}/{uuid4()}").status_code == 404


def test_what_happens_to_scans_is_told_to_those_who_see_all_events(
    service: Service, admin: httpx.Client
) -> None:
    scan_id = service.request_scan("shop")
    wanted = {"types": "SourceListed,ScanRequested"}
    listed, requested = admin.get("/v1/dataops/events", params=wanted).json()
    assert (listed["type"], "subject" in listed) == ("SourceListed", False)
    assert requested["subject"] == f"{SCANS}/{scan_id}"
    reader = service.client(OTHER_CLIENT, Scope.DATASETS_READ)
    assert reader.get("/v1/dataops/events", params=wanted).json() == []


def test_a_scan_requested_here_is_carried_out_by_a_watch_elsewhere(
    service: Service, curator: httpx.Client, tmp_path: Path
) -> None:
    folder = tmp_path / "shop" / "retail" / "sales"
    folder.mkdir(parents=True)
    (folder / "orders.csv").write_text("order_id,amount\nA-001,9.5\nA-002,12.0\n")
    config = tmp_path / "discovery.toml"
    config.write_text(f"[sources.shop]\nsource = '{tmp_path / 'shop'}'\n")

    def accepted() -> httpx.Response | None:
        answer = curator.post(SCANS, json={"source": "shop"})
        return answer if answer.status_code == 202 else None

    def ended() -> Mapping[str, Any] | None:
        service.project()
        scan: dict[str, Any] = curator.get(address).json()
        return scan if scan["status"] in {"finished", "failed"} else None

    with subprocess.Popen(
        [sys.executable, "-m", "discovery", "watch", "--config", str(config)],
        env={**os.environ, "DATABASE_URL": service.url},
    ) as watch:
        try:
            address = until(accepted).headers["Location"]
            scan = until(ended)
        finally:
            watch.terminate()
    assert watch.returncode == 0
    assert (scan["status"], scan["starts"], scan["outcome"]["new"]) == ("finished", 1, 1)
    templates = service.client(CLIENT, Scope.DATASETS_READ).get("/v1/dataops/templates").json()
    assert [each["dataset_type"] for each in templates["templates"]] == ["orders"]
