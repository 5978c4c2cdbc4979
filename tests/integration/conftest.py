"""What the integration tests share: a connection, the whole log, and templates to be scanned."""

import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection
from typer.testing import CliRunner

from discovery import datasets as dataset_files
from projections.projector import Projector
from registry.application import RegistryApplication
from registry.events import DatasetRegistryEvent, DatasetTemplateEvent, ScanEvent
from registry.settings import settings
from registry.store import EventLog, RecordedEvent

from .submissions import checks, new_datasets

Run = Callable[..., subprocess.CompletedProcess[str]]

SHIPPED = Path(__file__).parents[2] / "mock_data" / "templates"

TOPICS = [
    event_class.TOPIC
    for family in (DatasetRegistryEvent, DatasetTemplateEvent, ScanEvent)
    for event_class in family.__subclasses__()
]


@pytest.fixture
def connection(url: str) -> Iterator[Connection[Any]]:
    """A connection to the test's database, each statement its own transaction."""
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def recorded(connection: Connection[Any]) -> Callable[[], list[RecordedEvent]]:
    """Reads every event there is, in the order of the log."""
    return lambda: list(EventLog(connection).read(0, 1_000_000, TOPICS).events)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of the shipped templates, to be changed."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "templates"))


@pytest.fixture
def run(url: str, tmp_path: Path) -> Run:
    """Runs a package's command line in a process of its own, on the test's database."""

    def run(package: str, *arguments: object, **environment: str) -> Any:
        return subprocess.run(
            [sys.executable, "-m", package, *map(str, arguments)],
            env={**os.environ, "DATABASE_URL": url, "PYTHONUTF8": "1", **environment},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
        )

    return run


@pytest.fixture
def invoke(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs a package's command line within the test, on the test's database."""
    monkeypatch.chdir(tmp_path)

    def invoke(package: str, *arguments: object, **environment: str) -> Any:
        for name, value in {"DATABASE_URL": url, **environment}.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        command_line = importlib.import_module(f"{package}.__main__")
        monkeypatch.setattr(command_line, "configure_logs", lambda settings: None, raising=False)
        done = CliRunner().invoke(command_line.app, list(map(str, arguments)))
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)

    yield invoke
    settings.cache_clear()


@pytest.fixture
def live(application: RegistryApplication, url: str) -> str:
    """The URL of a database with a live generation of some datasets."""
    datasets = new_datasets(UUID(int=1), 100)
    application.submit_all([*datasets, *map(checks, datasets[:10])])
    Projector(url).catch_up()
    return url


@pytest.fixture
def looked_into(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The datasets that are looked into, not only compared with what is known of them."""
    found: list[str] = []
    look = dataset_files._found

    def tell(group: Any, *rest: Any) -> Any:
        found.append(str(group))
        return look(group, *rest)

    monkeypatch.setattr(dataset_files, "_found", tell)
    return found
