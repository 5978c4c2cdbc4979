"""Whether the service lives, and whether it can do its work and says what is missing."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from projections.catalogue import READ_MODELS
from registry.database import latest_revision, migrate
from tests.api.service import Service

READY = "/health/ready"


@pytest.fixture
def anybody(service: Service) -> httpx.Client:
    return service.client_with(None)


def problems(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 503
    assert answer.json()["status"] == "not ready"
    found: list[str] = answer.json()["problems"]
    return found


def execute(url: str, statement: str, *parameters: Any) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement, parameters)


def record_an_event(service: Service, age: str) -> None:
    """Put an event that is as old as that into the log, where no projector has seen it."""
    execute(
        service.url,
        "INSERT INTO registry_events (originator_id, originator_version, topic, state, recorded_at)"
        " VALUES (gen_random_uuid(), 1, 'SomethingHappened', '{}', now() - %s::interval)",
        age,
    )


@contextmanager
def unreachable(url: str) -> Iterator[None]:
    """Have the server end all connections to the database, and take no new ones."""
    server = make_conninfo(url, dbname="postgres")
    name = conninfo_to_dict(url)["dbname"]
    execute(server, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    execute(
        server,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = %s AND application_name = 'api'",
        name,
    )
    yield
    execute(server, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def test_the_service_lives_whatever_its_database_does(
    service: Service, anybody: httpx.Client
) -> None:
    assert anybody.get("/health").status_code == 200  # so it has started
    with unreachable(service.url):
        answer = anybody.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "live"})


def test_the_service_is_ready_when_all_is_in_order(service: Service, anybody: httpx.Client) -> None:
    service.register_dataset()
    service.project()
    answer = anybody.get(READY)
    assert answer.status_code == 200
    state = answer.json()
    assert [projection["name"] for projection in state.pop("projections")] == sorted(READ_MODELS)
    assert state == {
        "status": "ready",
        "database": "reachable",
        "migration": latest_revision(),
        "head": 1,
        "problems": [],
    }


def test_health_is_found_beside_the_catalogue_too(service: Service, anybody: httpx.Client) -> None:
    service.project()
    assert anybody.get("/v1/dataops/health").json() == {"status": "live"}
    assert anybody.get("/v1/dataops/health/ready").json()["status"] == "ready"


@pytest.mark.never_built_read_models
def test_read_models_that_were_never_built_are_named(anybody: httpx.Client) -> None:
    assert problems(anybody.get(READY)) == [
        f"{name} is not built yet: is a projector running?" for name in sorted(READ_MODELS)
    ]


def test_a_database_behind_the_code_is_a_problem(service: Service, anybody: httpx.Client) -> None:
    service.project()
    execute(service.url, "UPDATE alembic_version SET version_num = '0000'")
    answer = anybody.get(READY)
    [problem] = problems(answer)
    assert problem.startswith(f"The database is at revision 0000; {latest_revision()} is needed")
    assert answer.json()["migration"] == "0000"


def test_a_database_without_tables_is_a_problem(service: Service, anybody: httpx.Client) -> None:
    migrate(service.url, "base")
    answer = anybody.get(READY)
    [problem] = problems(answer)
    assert problem.startswith(f"The database is not migrated; {latest_revision()} is needed")
    assert answer.json()["database"] == "reachable"


def test_a_read_model_that_fell_behind_is_a_problem(
    service: Service, anybody: httpx.Client
) -> None:
    service.project()
    record_an_event(service, age="1 hour")
    answer = anybody.get(READY)
    assert len(problems(answer)) == len(READ_MODELS)
    assert all(re.search(r" has been behind for 36\d\d s$", told) for told in problems(answer))
    for projection in answer.json()["projections"]:
        assert projection["lag_events"] == 1
        assert projection["lag_seconds"] >= 3600


def test_an_event_of_this_moment_may_still_be_on_its_way(
    service: Service, anybody: httpx.Client
) -> None:
    service.project()
    record_an_event(service, age="1 second")
    answer = anybody.get(READY)
    assert answer.status_code == 200
    assert {projection["lag_events"] for projection in answer.json()["projections"]} == {1}


def test_an_unreachable_database_is_a_problem_and_its_return_is_noticed(
    service: Service, anybody: httpx.Client, reader: httpx.Client
) -> None:
    service.project()
    assert anybody.get(READY).status_code == 200
    with unreachable(service.url):
        answer = anybody.get(READY)
        assert problems(answer) == ["The database cannot be reached or took too long."]
        assert answer.json()["database"] == "unreachable"
    assert anybody.get(READY).status_code == 200


def test_without_its_database_the_catalogue_is_unavailable(
    service: Service, reader: httpx.Client
) -> None:
    service.project()
    assert reader.get("/v1/dataops/templates").status_code == 200
    with unreachable(service.url):
        answer = reader.get("/v1/dataops/templates")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.json()["detail"] == "The database cannot be reached or took too long."
