"""Whoever says which version it saw changes that one or nothing; what was written can be read."""

from typing import Any

import anyio.to_thread
import httpx
import pytest

from api import read_database
from api.read_database import ReadDatabase
from tests.api.commands.bodies import (
    COMMANDS,
    CONNECTORS,
    DATASETS,
    TEMPLATES,
    Body,
    checks,
    command,
    connector,
    dataset,
    template,
)
from tests.api.commands.log import Recorded

CHANGES = [
    (DATASETS, "PATCH", "", {"name": "Mine"}),
    (DATASETS, "POST", "/status", {"status": "failed"}),
    (DATASETS, "POST", "/quality-checks", checks(100)),
    (DATASETS, "DELETE", "", None),
    (CONNECTORS, "PATCH", "", {"name": "Mine"}),
    (CONNECTORS, "POST", "/health", {"health": "healthy"}),
    (CONNECTORS, "DELETE", "", None),
    (TEMPLATES, "POST", "/retire", {}),
]


@pytest.fixture
def existing(agent: httpx.Client, dataset_type: str) -> dict[str, httpx.Response]:
    """The answers to registrations, one for each collection."""
    bodies = {DATASETS: dataset(), CONNECTORS: connector(), TEMPLATES: template(dataset_type)}
    return {path: agent.post(path, json=body) for path, body in bodies.items()}


@pytest.mark.parametrize(("collection", "method", "below", "body"), CHANGES)
def test_a_change_is_made_to_the_version_that_was_seen_and_to_no_other(
    agent: httpx.Client,
    existing: dict[str, httpx.Response],
    recorded: Recorded,
    collection: str,
    method: str,
    below: str,
    body: Body | None,
) -> None:
    address, seen = (existing[collection].headers[name] for name in ("Location", "ETag"))
    before = len(recorded())
    for etag in ('"0"', '"999"', '"100000000000000000"'):
        answer = agent.request(method, address + below, json=body, headers={"If-Match": etag})
        assert answer.status_code == 412
        assert answer.json()["type"] == "urn:dataset-registry:problem:precondition-failed"
        expected = etag.strip('"')
        assert answer.json()["detail"].startswith(f"Version {expected} was expected, but the")
    assert len(recorded()) == before

    answer = agent.request(method, address + below, json=body, headers={"If-Match": seen})
    assert answer.is_success
    assert answer.headers.get("ETag") != seen
    answer = agent.request(method, address + below, json=body, headers={"If-Match": seen})
    assert answer.status_code in (404, 412)
    assert len(recorded()) == before + 1


def test_a_template_is_revised_at_the_version_that_was_seen(
    agent: httpx.Client, dataset_type: str
) -> None:
    def register(etag: str, **parts: Any) -> int:
        body = template(dataset_type, **parts)
        return agent.post(TEMPLATES, json=body, headers={"If-Match": etag}).status_code

    assert register('"1"', schema={"type": "object"}) == 412
    assert register('"0"', schema={"type": "object"}) == 201
    assert register('"0"', schema={}) == 412
    assert register('"1"', schema={}) == 200


def test_changes_to_other_things_do_not_change_a_version(
    agent: httpx.Client, existing: dict[str, httpx.Response]
) -> None:
    agent.post(DATASETS, json=dataset("slack_messages"))
    address, seen = (existing[DATASETS].headers[name] for name in ("Location", "ETag"))
    answer = agent.patch(address, json={"name": "Mine"}, headers={"If-Match": seen})
    assert answer.status_code == 200


def test_a_command_of_a_batch_is_held_to_its_expected_version(
    agent: httpx.Client, existing: dict[str, httpx.Response]
) -> None:
    target = existing[DATASETS].json()["dataset_id"]
    rename = {**command("revise_dataset", target, name="Mine"), "expected_version": 1}
    body = {"commands": [rename, rename]}
    answer = agent.post(COMMANDS, json=body, headers={"Idempotency-Key": "batch"})
    made, refused = answer.json()["outcomes"]
    assert (made["status"], refused["status"]) == (200, 412)
    assert refused["problem"]["type"] == "urn:dataset-registry:problem:precondition-failed"


def test_a_reader_that_has_the_present_version_is_not_sent_it_again(
    agent: httpx.Client, existing: dict[str, httpx.Response]
) -> None:
    for answer in existing.values():
        address, etag = answer.headers["Location"], answer.headers["ETag"]
        position = {"min_position": answer.headers["X-Registry-Position"]}
        for known in (etag, f'"7", {etag}', f"W/{etag}", "*"):
            shown = agent.get(address, params=position, headers={"If-None-Match": known})
            assert (shown.status_code, shown.content) == (304, b"")
            assert shown.headers["ETag"] == etag
        shown = agent.get(address, params=position, headers={"If-None-Match": '"999"'})
        assert shown.status_code == 200


def test_a_read_waits_for_the_position_that_it_asks_for(
    agent: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next command is sent only when the read has found its position not reached yet."""
    first = agent.post(DATASETS, json=dataset())
    address, position = first.headers["Location"], first.json()["position"]
    assert agent.get(address, params={"min_position": position}).json()["name"] != "Mine"
    looks: list[int] = []
    look = ReadDatabase.values

    async def look_and_change(self: ReadDatabase, *args: Any) -> Any:
        row = await look(self, *args)
        looks.append(row[0])
        if len(looks) == 1:
            await anyio.to_thread.run_sync(rename)
        return row

    def rename() -> None:
        assert agent.patch(address, json={"name": "Mine"}).json()["position"] == position + 1

    monkeypatch.setattr(ReadDatabase, "values", look_and_change)
    shown = agent.get(address, params={"min_position": position + 1})
    assert shown.json()["name"] == "Mine"
    assert looks[0] == position < looks[-1] == int(shown.headers["X-Registry-Position"])


def test_a_position_that_is_not_reached_in_time_is_answered_with_503(
    agent: httpx.Client,
    existing: dict[str, httpx.Response],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(read_database, "MAX_WAIT_SECONDS", 0.0)
    dataset_address = existing[DATASETS].headers["Location"]
    for address in (dataset_address, f"{dataset_address}/quality-checks", DATASETS, CONNECTORS):
        answer = agent.get(address, params={"min_position": 10**12})
        assert answer.status_code == 503
        assert answer.json()["type"] == "urn:dataset-registry:problem:unavailable"
        assert answer.headers["Retry-After"] == "1"
        assert answer.json()["detail"].startswith("Position 1000000000000 is not reached yet")
