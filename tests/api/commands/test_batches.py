"""Many commands in one request."""

from uuid import UUID, uuid4

import httpx

from tests.api.commands.agents import post_batch, statuses_in
from tests.api.commands.bodies import (
    CONNECTORS,
    DATASETS,
    checks,
    command,
    connector,
    dataset,
    template,
)
from tests.api.commands.log import Recorded


def test_commands_of_every_kind_are_carried_out_in_one_request(
    agent: httpx.Client,
    dataset_id: str,
    connector_id: str,
    template_id: str,
    dataset_type: str,
) -> None:
    answer = post_batch(
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
    assert statuses_in(answer) == [201, 200, 200, 200, 201, 200, 200, 201, 200, 200, 200, 200]
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
    answer = post_batch(
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
    assert statuses_in(answer) == [409, 201, 404, 409, 200, 201, 201, 409]
    taken = answer.json()["outcomes"][0]
    assert "result" not in taken
    assert taken["problem"]["type"] == "urn:dataset-registry:problem:rule-broken"
    assert dataset_id in taken["problem"]["detail"]
    assert len(recorded(client_id=client_id)) == 1 + 4


def test_an_atomic_batch_is_carried_out_whole(
    agent: httpx.Client, client_id: UUID, recorded: Recorded
) -> None:
    answer = post_batch(
        agent,
        command("register_dataset", **dataset()),
        command("register_connector", **connector()),
        atomic=True,
    )
    assert (answer.status_code, statuses_in(answer)) == (200, [201, 201])
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
    answer = post_batch(agent, *batch, atomic=True)
    assert (answer.status_code, statuses_in(answer)) == (409, [409, 409, 409, 409])
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
    answer = post_batch(agent, *(command("register_dataset", **dataset(each)) for each in types))
    assert statuses_in(answer) == [201] * 500
    events = recorded(client_id=client_id)
    assert [event.facts["dataset_type"] for event in events] == types
    last = agent.get(
        DATASETS, params={"min_position": answer.json()["position"], "per_page": 1, "page": 500}
    )
    assert last.json()["total_count"] == 500
