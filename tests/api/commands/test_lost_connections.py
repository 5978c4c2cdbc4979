"""The database fails, and the answer says what that means for the command."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from psycopg import Connection

from tests.api.commands.bodies import COMMANDS, DATASETS, Body, command, dataset
from tests.api.commands.log import Recorded
from tests.api.service import Service
from tests.integration.dying_backends import Moment, backends_die

KEY = {"Idempotency-Key": "key-1"}
UNAVAILABLE = "urn:dataset-registry:problem:unavailable"
BATCH = {"commands": [command("register_dataset", **dataset())]}


@pytest.fixture
def database(service: Service) -> Iterator[Connection[Any]]:
    with psycopg.connect(service.url, autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize("moment", [Moment.WHILE_SAVING, Moment.AT_COMMIT])
@pytest.mark.parametrize(("path", "body"), [(DATASETS, dataset()), (COMMANDS, BATCH)])
def test_a_keyed_command_is_answered_though_its_backends_die(
    agent: httpx.Client,
    client_id: UUID,
    database: Connection[Any],
    recorded: Recorded,
    moment: Moment,
    path: str,
    body: Body,
) -> None:
    with backends_die(database, moment, deaths=2):
        answers = [agent.post(path, json=body, headers=KEY) for _ in range(2)]
    assert all(answer.is_success for answer in answers)
    assert answers[0].content == answers[1].content
    [event] = recorded(client_id=client_id)
    assert event.facts["dataset_id"] in answers[0].text


@pytest.mark.parametrize("moment", [Moment.WHILE_SAVING, Moment.AT_COMMIT])
def test_of_a_command_without_a_key_it_is_said_that_nobody_knows_what_became_of_it(
    agent: httpx.Client,
    client_id: UUID,
    database: Connection[Any],
    recorded: Recorded,
    moment: Moment,
) -> None:
    with backends_die(database, moment, deaths=1):
        answer = agent.post(DATASETS, json=dataset())
        assert answer.status_code == 503
        assert answer.json()["type"] == UNAVAILABLE
        assert "whether they were is not known" in answer.json()["detail"]
        assert answer.headers["Retry-After"] == "1"
        assert recorded(client_id=client_id) == []
        assert agent.post(DATASETS, json=dataset()).status_code == 201
    assert len(recorded(client_id=client_id)) == 1


@pytest.mark.parametrize("headers", [{}, KEY])
def test_without_a_database_commands_are_refused_until_it_is_back(
    service: Service,
    agent: httpx.Client,
    client_id: UUID,
    postgres: str,
    recorded: Recorded,
    monkeypatch: pytest.MonkeyPatch,
    headers: dict[str, str],
) -> None:
    pool = service.app.state.commands._application.recorder.datastore.pool
    monkeypatch.setattr(pool, "timeout", 0.1)
    name = psycopg.conninfo.conninfo_to_dict(service.url)["dbname"]
    with psycopg.connect(postgres, autocommit=True) as operator:
        operator.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        operator.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
            [name],
        )
        answer = agent.post(DATASETS, json=dataset(), headers=headers)
        assert answer.status_code == 503
        assert answer.json()["type"] == UNAVAILABLE
        assert answer.headers["Retry-After"] == "1"
        operator.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
    monkeypatch.undo()
    assert agent.post(DATASETS, json=dataset(), headers=headers).status_code == 201
    assert len(recorded(client_id=client_id)) == 1
