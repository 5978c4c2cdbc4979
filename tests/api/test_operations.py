"""Operators are told the truth about lag, and how requests go."""

import asyncio
import re
from collections.abc import Mapping
from uuid import uuid4

import httpx
import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.caller import Scope
from api.metrics import Metrics, RequestMetrics
from projections.catalogue import READ_MODELS
from tests.api.service import CLIENT, OTHER_CLIENT, Service

PROJECTIONS = "/v1/dataops/projections"

Samples = Mapping[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
def anybody(service: Service) -> httpx.Client:
    return service.client_with(None)


def samples(text: str) -> Samples:
    return {
        (sample.name.removeprefix("registry_"), frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scraped(anybody: httpx.Client) -> Samples:
    answer = anybody.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return samples(answer.text)


def labelled(**labels: str) -> frozenset[tuple[str, str]]:
    return frozenset(labels.items())


def record_an_event(service: Service, age: str) -> None:
    """Put an event that is as old as that into the log, where no projector has seen it."""
    with psycopg.connect(service.url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO registry_events"
            " (originator_id, originator_version, topic, state, recorded_at)"
            " VALUES (gen_random_uuid(), 1, 'SomethingHappened', '{}', now() - %s::interval)",
            [age],
        )


def test_read_models_that_keep_up_have_no_lag(
    service: Service, reader: httpx.Client, anybody: httpx.Client
) -> None:
    service.register_dataset()
    service.project()
    answer = reader.get(PROJECTIONS)
    assert answer.headers["X-Registry-Position"] == "1"
    progress = answer.json()
    assert progress["head"] == 1
    assert [each["name"] for each in progress["projections"]] == sorted(READ_MODELS)
    for each in progress["projections"]:
        assert READ_MODELS[each.pop("name")].version == each.pop("version")
        assert each == {
            "generation": 1,
            "position": 1,
            "lag_events": 0,
            "lag_seconds": 0.0,
            "dead_letters": 0,
        }
    metrics = scraped(anybody)
    for name in READ_MODELS:
        projection = labelled(projection=name)
        assert metrics["projection_position", projection] == 1
        assert metrics["projection_lag_events", projection] == 0
        assert metrics["projection_lag_seconds", projection] == 0
        assert metrics["projection_dead_letters", projection] == 0
    assert metrics["head_position", labelled()] == 1
    assert metrics["database_up", labelled()] == 1


def test_a_projector_that_stands_still_is_seen_everywhere(
    service: Service, reader: httpx.Client, anybody: httpx.Client
) -> None:
    service.register_dataset()
    service.project()
    record_an_event(service, "1 hour")
    record_an_event(service, "1 second")
    metrics = scraped(anybody)
    for each in reader.get(PROJECTIONS).json()["projections"]:
        assert (each["position"], each["lag_events"]) == (1, 2)
        assert each["lag_seconds"] >= 3600
        projection = labelled(projection=each["name"])
        assert metrics["projection_lag_events", projection] == 2
        assert metrics["projection_lag_seconds", projection] >= 3600
    assert metrics["head_position", labelled()] == 3
    ready = anybody.get("/health/ready")
    assert ready.status_code == 503
    [told] = [told for told in ready.json()["problems"] if told.startswith("datasets ")]
    assert re.fullmatch(r"datasets has been behind for 36\d\d s", told)


def test_dead_letters_are_counted_and_are_no_lag(
    service: Service, reader: httpx.Client, anybody: httpx.Client
) -> None:
    service.project()
    with psycopg.connect(service.url, autocommit=True) as connection:
        for version in (1, 2):
            connection.execute(
                "INSERT INTO registry_events (originator_id, originator_version, topic, state)"
                " VALUES (%s, %s, 'ConnectorRemoved', %s)",
                [CLIENT, version, f'{{"connector_id": "{uuid4()}"}}'.encode()],
            )
    service.project()
    counted = {
        each["name"]: (each["dead_letters"], each["lag_events"])
        for each in reader.get(PROJECTIONS).json()["projections"]
    }
    assert counted == {**dict.fromkeys(READ_MODELS, (0, 0)), "connectors": (2, 0), "search": (2, 0)}
    assert scraped(anybody)["projection_dead_letters", labelled(projection="connectors")] == 2


@pytest.mark.never_built_read_models
def test_read_models_that_were_never_built_are_not_listed(
    reader: httpx.Client, anybody: httpx.Client
) -> None:
    assert reader.get(PROJECTIONS).json() == {"head": 0, "projections": []}
    assert not [name for name, _ in scraped(anybody) if name.startswith("projection_")]


def test_requests_are_counted_by_the_template_of_their_route(
    service: Service, reader: httpx.Client, anybody: httpx.Client
) -> None:
    service.project()
    dataset_id = service.register_dataset()
    service.project()
    for _ in range(3):
        reader.get(f"/v1/dataops/datasets/{dataset_id}")
    service.client(OTHER_CLIENT, Scope.DATASETS_READ).get(f"/v1/dataops/datasets/{dataset_id}")
    anybody.get("/v1/dataops/datasets")
    anybody.get(f"/v1/dataops/nothing/{dataset_id}")
    anybody.put("/v1/dataops/datasets")
    text = anybody.get("/metrics").text
    metrics = samples(text)
    shown = "/v1/dataops/datasets/{dataset_id}"
    for method, route, status, count in (
        ("GET", shown, "200", 3),
        ("GET", shown, "404", 1),
        ("GET", "/v1/dataops/datasets", "401", 1),
        ("GET", "none", "404", 1),
        ("PUT", "/v1/dataops/datasets", "405", 1),
    ):
        requests = labelled(method=method, route=route, status=status)
        assert metrics["http_requests_total", requests] == count
    durations = labelled(method="GET", route=shown)
    assert metrics["http_request_duration_seconds_count", durations] == 4
    assert metrics["http_request_duration_seconds_sum", durations] > 0
    assert metrics["http_request_duration_seconds_bucket", durations | labelled(le="+Inf")] == 4
    assert str(dataset_id) not in text
    assert str(CLIENT) not in text


def test_a_scrape_finds_the_scrape_before_it(anybody: httpx.Client) -> None:
    scrapes = labelled(method="GET", route="/metrics", status="200")
    assert ("http_requests_total", scrapes) not in scraped(anybody)
    assert scraped(anybody)["http_requests_total", scrapes] == 1


def test_requests_are_counted_without_a_database_too(
    service: Service, anybody: httpx.Client
) -> None:
    with psycopg.connect(service.url, autocommit=True) as connection:
        connection.execute("ALTER TABLE projection_generations RENAME TO hidden")
    metrics = scraped(anybody)
    assert metrics["database_up", labelled()] == 0
    assert not [name for name, _ in metrics if name.startswith("projection_")]
    assert scraped(anybody)[
        "http_requests_total", labelled(method="GET", route="/metrics", status="200")
    ]


def counted(method: str, *routes: Route) -> Samples:
    """Return what is counted for one request of an application of those routes."""
    metrics = Metrics()
    app = Starlette(routes=routes)
    app.add_middleware(RequestMetrics, metrics=metrics)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)

    async def request() -> None:
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            await client.request(method, "/")

    asyncio.run(request())
    return samples(metrics.exposition(0, None, []).decode())


def test_what_fails_is_counted_as_the_500_that_it_is_answered_with() -> None:
    async def failing(request: Request) -> Response:
        raise ZeroDivisionError

    requests = labelled(method="GET", route="/", status="500")
    assert counted("GET", Route("/", failing))["http_requests_total", requests] == 1


def test_an_unheard_of_method_gets_no_label_of_its_own() -> None:
    requests = labelled(method="other", route="none", status="404")
    assert counted("BREW")["http_requests_total", requests] == 1
