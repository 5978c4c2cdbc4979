"""Every event tells who caused it, why, and in what course of events."""

import re
from uuid import UUID, uuid4

import httpx
import pytest

from api.caller import Scope
from tests.api.commands.bodies import COMMANDS, DATASETS, checks, command, connector, dataset
from tests.api.commands.log import Recorded
from tests.api.service import Service

TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def ada(service: Service, client_id: UUID) -> httpx.Client:
    token = service.issuer.token(client_id, [Scope.DATASETS_WRITE], subject="ada@example.org")
    return service.client_with(token)


def test_an_event_carries_what_token_and_headers_say(
    ada: httpx.Client, client_id: UUID, recorded: Recorded
) -> None:
    headers = {
        "X-Request-Id": "request-7",
        "X-Correlation-Id": "onboarding/42",
        "traceparent": TRACEPARENT,
    }
    ada.post(DATASETS, json=dataset(), headers=headers)
    [event] = recorded(client_id=client_id)
    assert UUID(event.facts["provenance"].pop("command_id")).version == 4
    assert event.facts["provenance"] == {
        "actor": "ada@example.org",
        "client_id": str(client_id),
        "correlation_id": "onboarding/42",
        "causation_id": "request-7",
        "traceparent": TRACEPARENT,
    }


def test_without_headers_a_request_is_its_own_cause_and_course(
    ada: httpx.Client, client_id: UUID, recorded: Recorded
) -> None:
    answer = ada.post(DATASETS, json=dataset())
    [event] = recorded(client_id=client_id)
    provenance = event.facts["provenance"]
    request_id = answer.headers["X-Request-Id"]
    assert (provenance["causation_id"], provenance["correlation_id"]) == (request_id, request_id)
    assert provenance["traceparent"] is None


@pytest.mark.parametrize(
    "junk",
    [
        "two words",
        '"><script>',
        "x" * 129,
        "\xe9",
        "00-0-0-01",
        f"01-{'0' * 32}-{'0' * 16}-01",
        TRACEPARENT.upper(),
        f"{TRACEPARENT}-more",
    ],
)
def test_junk_in_headers_is_ignored(
    ada: httpx.Client, client_id: UUID, recorded: Recorded, junk: str
) -> None:
    headers = dict.fromkeys((b"X-Request-Id", b"X-Correlation-Id", b"traceparent"), junk.encode())
    answer = ada.post(DATASETS, json=dataset(), headers=headers)
    assert answer.status_code == 201
    [event] = recorded(client_id=client_id)
    provenance = event.facts["provenance"]
    assert provenance["traceparent"] is None
    assert provenance["causation_id"] == answer.headers["X-Request-Id"]
    assert re.fullmatch(r"[\w.:-]{1,128}", provenance["causation_id"])
    assert re.fullmatch(r"[!-~]{1,128}", provenance["correlation_id"])


def test_each_command_has_an_id_which_all_its_events_share(
    ada: httpx.Client, client_id: UUID, recorded: Recorded
) -> None:
    address = ada.post(DATASETS, json=dataset()).headers["Location"]
    ada.post(f"{address}/status", json={"status": "validating"})
    ada.post(f"{address}/quality-checks", json=checks(100, promote=True))
    ids = [event.facts["provenance"]["command_id"] for event in recorded(client_id=client_id)]
    assert len(ids) == 4
    assert len(set(ids)) == 3
    assert ids[2] == ids[3]


def test_the_commands_of_a_batch_share_the_request_that_caused_them(
    ada: httpx.Client, client_id: UUID, recorded: Recorded
) -> None:
    commands = [
        command("register_dataset", **dataset()),
        command("register_connector", **connector()),
    ]
    headers = {"Idempotency-Key": uuid4().hex, "X-Request-Id": "batch-9"}
    ada.post(COMMANDS, json={"commands": commands}, headers=headers)
    first, second = (event.facts["provenance"] for event in recorded(client_id=client_id))
    assert first.pop("command_id") != second.pop("command_id")
    assert first == second
    assert first["causation_id"] == "batch-9"


def test_a_body_cannot_say_who_sends_it(
    ada: httpx.Client, client_id: UUID, recorded: Recorded
) -> None:
    for forged in ({"client_id": str(uuid4())}, {"provenance": {"actor": "root"}}):
        assert ada.post(DATASETS, json=dataset(**forged)).status_code == 422
    assert recorded(client_id=client_id) == []
