"""What may be in a batch, and whose."""

from uuid import UUID, uuid4

import httpx
import pytest

from api.caller import Scope
from tests.api.commands.agents import AGENT, post_batch, statuses_in
from tests.api.commands.bodies import (
    COMMANDS,
    CONNECTORS,
    DATASETS,
    Body,
    command,
    connector,
    dataset,
    template,
)
from tests.api.commands.log import Recorded
from tests.api.service import Service


@pytest.mark.parametrize("count", [0, 501])
def test_a_batch_holds_1_to_500_commands(agent: httpx.Client, count: int) -> None:
    answer = post_batch(agent, *[command("register_connector", **connector())] * count)
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
        answer = post_batch(writer, dataset_command, template_command)
        assert answer.status_code == 403
        assert 'scope="dataops:templates:write"' in answer.headers["WWW-Authenticate"]
        assert len(recorded()) == before
    assert post_batch(writer, dataset_command).status_code == 200


def test_what_another_client_owns_is_not_found(
    stranger: httpx.Client,
    client_id: UUID,
    dataset_id: str,
    connector_id: str,
    recorded: Recorded,
) -> None:
    answer = post_batch(
        stranger,
        command("revise_dataset", dataset_id, name="Mine"),
        command("retire_dataset", dataset_id),
        command("record_connector_health", connector_id, health="healthy"),
        command("remove_connector", connector_id),
    )
    assert statuses_in(answer) == [404] * 4
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
    answer = post_batch(
        admin,
        command("revise_dataset", dataset_id, name="Mine"),
        command("remove_connector", theirs["connector_id"]),
        atomic=True,
    )
    assert statuses_in(answer) == [200, 200]


def test_a_template_that_contradicts_itself_is_told_with_the_command_it_is_in(
    agent: httpx.Client, client_id: UUID, dataset_type: str, recorded: Recorded
) -> None:
    answer = post_batch(
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
    answer = post_batch(agent, command("register_dataset", **dataset("slack_messages")), wrong)
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
    answer = post_batch(service.client_with(token), command("register_dataset", **dataset()))
    assert answer.status_code == 403
