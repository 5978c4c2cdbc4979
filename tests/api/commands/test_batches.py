"""Many commands in one request."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from api.caller import Scope
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
from tests.api.commands.conftest import AGENT
from tests.api.commands.log import Recorded
from tests.api.service import Service


def post(agent: httpx.Client, *commands: Body, key: str = "", **parts: Any) -> httpx.Response:
    """Send a batch under a key of its own."""
    headers = {"Idempotency-Key": key or uuid4().hex}
    return agent.post(COMMANDS, json={"commands": list(commands), **parts}, headers=headers)


def statuses(answer: httpx.Response) -> list[int]:
    return [outcome["status"] for outcome in answer.json()["outcomes"]]


@pytest.fixture
def dataset_id(agent: httpx.Client) -> str:
    return str(agent.post(DATASETS, json=dataset()).json()["dataset_id"])


@pytest.fixture
def connector_id(agent: httpx.Client) -> str:
    return str(agent.post(CONNECTORS, json=connector()).json()["connector_id"])


@pytest.fixture
def template_id(agent: httpx.Client, dataset_type: str) -> str:
    answer = agent.post(TEMPLATES, json=template(dataset_type))
    return str(answer.json()["template_id"])


def test_commands_of_every_kind_are_carried_out_in_one_request(
    agent: httpx.Client,
    dataset_id: str,
    connector_id: str,
    template_id: str,
    dataset_type: str,
) -> None:
    answer = post(
        agent,
        command("register_dataset", **dataset("slack_messages")),
        command("revise_dataset", dataset_id, name="Mine"),
        command("change_dataset_status", dataset_id, status="validating"),
        command("record_quality_checks", dataset_id, **checks(99, promote=True)),
        command("register_connector", **connector("Slack")),
        command("revise_connector", connector_id, name="Mine"),
        command("record_connector_health", connector_id, health="healthy"),
        command("register_template", **template(f"other_{dataset_type}"[:60], records=[{"a": 1}])),
        command("retire_template", template_id),
        command("restore_template", template_id),
        command("retire_dataset", dataset_id, reason="replaced"),
        command("remove_connector", connector_id),
    )
    assert answer.status_code == 200
    outcomes = answer.json()["outcomes"]
    assert statuses(answer) == [201, 200, 200, 200, 201, 200, 200, 201, 200, 200, 200, 200]
    assert [outcome["result"].get("status") for outcome in outcomes[:4]] == [
        "provisioning",
        "provisioning",
        "validating",
        "ready",
    ]
    position = answer.json()["position"]
    assert answer.headers["X-Registry-Position"] == str(position)
    for number in (0, 4, 7, 9, 10):  # the last words on a thing each
        result = outcomes[number]["result"]
        address = result["_links"]["self"]["href"]
        shown = agent.get(address, params={"min_position": position})
        assert shown.json() == result
        assert shown.headers["ETag"] == f'"{outcomes[number]["version"]}"'
    assert agent.get(f"{CONNECTORS}/{connector_id}").status_code == 404


def test_each_command_has_its_own_outcome_and_a_refused_one_hinders_no_other(
    agent: httpx.Client, client_id: UUID, dataset_id: str, recorded: Recorded
) -> None:
    answer = post(
        agent,
        command("register_dataset", **dataset()),
        command("register_dataset", **dataset("slack_messages")),
        command("retire_dataset", str(uuid4())),
        command("change_dataset_status", dataset_id, status="ready"),
        command("retire_dataset", dataset_id),
        command("register_dataset", **dataset(name="Next")),
        command("register_connector", **connector("Jira")),
        command("register_connector", **connector("JIRA")),
    )
    assert answer.status_code == 200
    assert statuses(answer) == [409, 201, 404, 409, 200, 201, 201, 409]
    taken = answer.json()["outcomes"][0]
    assert "result" not in taken
    assert taken["problem"]["type"] == "urn:dataset-registry:problem:rule-broken"
    assert dataset_id in taken["problem"]["detail"]
    assert len(recorded(client_id=client_id)) == 1 + 4


def test_an_atomic_batch_is_carried_out_whole(
    agent: httpx.Client, client_id: UUID, recorded: Recorded
) -> None:
    answer = post(
        agent,
        command("register_dataset", **dataset()),
        command("register_connector", **connector()),
        atomic=True,
    )
    assert (answer.status_code, statuses(answer)) == (200, [201, 201])
    assert len(recorded(client_id=client_id)) == 2


def test_an_atomic_batch_with_a_refused_command_is_not_carried_out_at_all(
    agent: httpx.Client, client_id: UUID, template_id: str, recorded: Recorded
) -> None:
    batch = [
        command("register_dataset", **dataset()),
        command("retire_template", template_id),
        command("register_connector", **connector("Jira")),
        command("register_connector", **connector("jira")),
    ]
    answer = post(agent, *batch, atomic=True)
    assert (answer.status_code, statuses(answer)) == (409, [409, 409, 409, 409])
    problems = [outcome["problem"] for outcome in answer.json()["outcomes"]]
    not_carried_out, rule_broken = (
        f"urn:dataset-registry:problem:{name}" for name in ("not-carried-out", "rule-broken")
    )
    assert [problem["type"] for problem in problems] == [*[not_carried_out] * 3, rule_broken]
    assert recorded(client_id=client_id) == []
    assert len(recorded(template_id=template_id)) == 1


def test_all_events_of_a_batch_stand_together_in_the_order_of_its_commands(
    agent: httpx.Client, client_id: UUID, recorded: Recorded
) -> None:
    types = [f"type_{number}" for number in range(500)]
    answer = post(agent, *(command("register_dataset", **dataset(each)) for each in types))
    assert statuses(answer) == [201] * 500
    events = recorded(client_id=client_id)
    assert [event.facts["dataset_type"] for event in events] == types
    last = agent.get(
        DATASETS, params={"min_position": answer.json()["position"], "per_page": 1, "page": 500}
    )
    assert last.json()["total_count"] == 500


@pytest.mark.parametrize("count", [0, 501])
def test_a_batch_holds_1_to_500_commands(agent: httpx.Client, count: int) -> None:
    answer = post(agent, *[command("register_connector", **connector())] * count)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/commands"


def test_templates_in_a_batch_need_the_scope_for_templates(
    service: Service, template_id: str, dataset_type: str, recorded: Recorded
) -> None:
    writer = service.client(uuid4(), Scope.DATASETS_WRITE)
    dataset_command = command("register_dataset", **dataset())
    for template_command in (
        command("register_template", **template(dataset_type, schema={})),
        command("retire_template", template_id),
        command("restore_template", template_id),
    ):
        before = len(recorded())
        answer = post(writer, dataset_command, template_command)
        assert answer.status_code == 403
        assert 'scope="dataops:templates:write"' in answer.headers["WWW-Authenticate"]
        assert len(recorded()) == before
    assert post(writer, dataset_command).status_code == 200


def test_what_another_client_owns_is_not_found(
    stranger: httpx.Client,
    client_id: UUID,
    dataset_id: str,
    connector_id: str,
    recorded: Recorded,
) -> None:
    answer = post(
        stranger,
        command("revise_dataset", dataset_id, name="Mine"),
        command("retire_dataset", dataset_id),
        command("record_connector_health", connector_id, health="healthy"),
        command("remove_connector", connector_id),
    )
    assert statuses(answer) == [404] * 4
    assert len(recorded(client_id=client_id)) == 2


def test_an_administrator_changes_things_of_several_clients_at_once(
    service: Service,
    agent: httpx.Client,
    stranger: httpx.Client,
    dataset_id: str,
) -> None:
    theirs = stranger.post(CONNECTORS, json=connector()).json()
    stranger.get(CONNECTORS, params={"min_position": theirs["position"]})
    stranger.get(DATASETS, params={"min_position": theirs["position"]})
    admin = service.client(uuid4(), Scope.ADMIN)
    answer = post(
        admin,
        command("revise_dataset", dataset_id, name="Mine"),
        command("remove_connector", theirs["connector_id"]),
        atomic=True,
    )
    assert statuses(answer) == [200, 200]


def test_a_template_that_contradicts_itself_is_told_with_the_command_it_is_in(
    agent: httpx.Client, client_id: UUID, dataset_type: str, recorded: Recorded
) -> None:
    answer = post(
        agent,
        command("register_dataset", **dataset()),
        command(
            "register_template", **template(dataset_type, schema={"type": "null"}, records=[1])
        ),
    )
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("The value at command 2, record 1 cannot be")
    assert recorded(client_id=client_id) == []


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"command": "drop_everything", "body": {}}, "#/commands/1"),
        ({"body": {}}, "#/commands/1"),
        ({"command": "retire_dataset"}, "#/commands/1/id"),
        ({"command": "retire_dataset", "id": "nobody", "body": {}}, "#/commands/1/id"),
        (
            {"command": "register_dataset", "id": str(UUID(int=1)), "body": dataset()},
            "#/commands/1/id",
        ),
        (command("register_connector", name="x"), "#/commands/1/body/configuration"),
        (command("register_dataset", **dataset(stage="moon")), "#/commands/1/body/stage"),
        ({**command("register_dataset", **dataset()), "when": 1}, "#/commands/1/when"),
        (
            {**command("register_dataset", **dataset()), "expected_version": -1},
            "#/commands/1/expected_version",
        ),
    ],
)
def test_a_batch_with_a_command_that_is_none_is_not_begun(
    agent: httpx.Client, client_id: UUID, recorded: Recorded, wrong: Body, pointer: str
) -> None:
    answer = post(agent, command("register_dataset", **dataset("slack_messages")), wrong)
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert recorded(client_id=client_id) == []


def test_a_batch_needs_an_idempotency_key(agent: httpx.Client, recorded: Recorded) -> None:
    body = {"commands": [command("register_dataset", **dataset())]}
    answer = agent.post(COMMANDS, json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "Idempotency-Key"


def test_a_caller_that_names_no_client_registers_nothing(service: Service) -> None:
    token = service.issuer.token("some-application", AGENT)  # type: ignore[arg-type]
    answer = post(service.client_with(token), command("register_dataset", **dataset()))
    assert answer.status_code == 403
