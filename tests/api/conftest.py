"""A service that runs, and callers of it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
import structlog

from api.caller import Scope
from registry.application import RegistryApplication
from registry.commands import RegisterConnector
from registry.connector import ConnectorConfiguration
from registry.settings import Settings, settings
from tests.api.service import CLIENT, Service, running_service


@pytest.fixture(autouse=True)
def _no_settings_of_the_developer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[None]:
    """Neither the environment nor a `.env` file of whoever runs the tests takes part in them."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture(autouse=True, scope="session")
def _logs_where_pytest_shows_them() -> None:
    """The service logs from a thread of its own, which must not write to captured output."""
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


@pytest.fixture
def database_template(request: pytest.FixtureRequest) -> str:
    """A service finds its read models built, if empty, unless its test is marked otherwise."""
    never = request.node.get_closest_marker("never_built_read_models")
    return "template" if never else str(request.getfixturevalue("projected"))


@pytest.fixture
def service(url: str, tmp_path: Path, application: RegistryApplication) -> Iterator[Service]:
    with running_service(url, tmp_path, application) as service:
        yield service


@pytest.fixture
def reader(service: Service) -> httpx.Client:
    """A caller that may read the data of `CLIENT`."""
    return service.client(CLIENT, Scope.DATASETS_READ)


@pytest.fixture
def admin(service: Service) -> httpx.Client:
    """A caller that may do everything for every client."""
    return service.client(CLIENT, Scope.ADMIN)


@pytest.fixture
def existing(service: Service) -> dict[str, UUID]:
    """The ids of a template, a scan, and a dataset and connector of `CLIENT`, by parameter."""
    connector_id = uuid4()
    command = RegisterConnector(
        name="Jira", configuration=ConnectorConfiguration(connector_type="jira")
    )
    service.submit(command, connector_id, CLIENT)
    ids = {
        "template_id": service.register_template("fintech/developer_productivity/jira_issues"),
        "dataset_id": service.register_dataset(),
        "connector_id": connector_id,
        "scan_id": service.request_scan("shop"),
    }
    service.project()
    return ids
