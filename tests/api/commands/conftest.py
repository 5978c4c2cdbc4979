"""A service whose read models follow by themselves, and an agent of a client of its own."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from uuid import UUID, uuid4

import httpx
import pytest

from projections.projector import Projector
from registry.application import RegistryApplication
from tests.api.commands.agents import AGENT
from tests.api.commands.bodies import CONNECTORS, DATASETS, TEMPLATES, connector, dataset, template
from tests.api.commands.log import Recorded, events
from tests.api.commands.refusals import INTERNALS
from tests.api.service import Service, running_service


@pytest.fixture(scope="module")
def service(
    new_database: Callable[[], AbstractContextManager[str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Service]:
    """One for all tests of a module: each has a client of its own, or a template of its own."""
    with (
        new_database() as url,
        RegistryApplication(url) as registry,
        _projector(url),
        running_service(url, tmp_path_factory.mktemp("data"), registry, _env_file=None) as service,
    ):
        yield service


@contextmanager
def _projector(url: str) -> Iterator[None]:
    projector = Projector(url)
    projector.catch_up()
    stop = threading.Event()
    thread = threading.Thread(target=projector.run, args=[stop])
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@pytest.fixture
def client_id() -> UUID:
    return uuid4()


@pytest.fixture
def agent(service: Service, client_id: UUID) -> httpx.Client:
    """A caller that may do for its client whatever agents may."""
    return service.client(client_id, *AGENT)


@pytest.fixture
def stranger(service: Service) -> httpx.Client:
    """A caller that may do the same for another client."""
    return service.client(uuid4(), *AGENT)


@pytest.fixture
def dataset_type() -> str:
    """A type of datasets that no other test uses."""
    return f"type_{uuid4().hex}"


@pytest.fixture
def recorded(service: Service) -> Recorded:
    """Reads what is recorded, as of the client or template that is named."""
    return partial(events, service.url)


@pytest.fixture
def dataset_id(agent: httpx.Client) -> str:
    return str(agent.post(DATASETS, json=dataset()).json()["dataset_id"])


@pytest.fixture
def connector_id(agent: httpx.Client) -> str:
    return str(agent.post(CONNECTORS, json=connector()).json()["connector_id"])


@pytest.fixture
def template_id(agent: httpx.Client, dataset_type: str) -> str:
    return str(agent.post(TEMPLATES, json=template(dataset_type)).json()["template_id"])


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Expect logs with neither traces nor secrets."""
    with caplog.at_level(logging.DEBUG):
        yield
    for text in INTERNALS:
        assert text not in caplog.text
