"""Running, watching, rebuilding and mending read models from a shell."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection

from projections.catalogue import READ_MODELS
from projections.datasets import DATASETS
from projections.projector import Projector
from registry.application import RegistryApplication

from .conftest import Run
from .read_tables import live_rows, live_tables, positions, replayed_tables
from .submissions import checks, new_dataset
from .waiting import until

CLIENT = UUID(int=1)
DATASET = new_dataset(CLIENT)


@pytest.fixture
def head(application: RegistryApplication) -> int:
    """The head of a short log."""
    return application.submit_all([DATASET, checks(DATASET, 13.0)])[-1].position


@pytest.fixture
def poisoned(application: RegistryApplication, url: str) -> None:
    """Live read models; that of the datasets has set an event aside for a defect."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    Projector(url).catch_up()
    application.submit_all([DATASET, checks(DATASET, 13.0)])
    handlers = {**DATASETS.handlers, "QualityScored": broken}
    Projector(url, [replace(DATASETS, handlers=handlers)]).catch_up()
    Projector(url).catch_up()


def test_projections_run_once_bring_the_read_models_to_the_head(
    run: Run, head: int, connection: Connection[Any]
) -> None:
    done = run("projections", "run", "--once")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert positions(connection) == dict.fromkeys(READ_MODELS, head)


def test_projections_run_until_they_are_told_to_stop(
    head: int, url: str, connection: Connection[Any], tmp_path: Path
) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "projections", "run"],
        env={**os.environ, "DATABASE_URL": url},
        cwd=tmp_path,
        stderr=subprocess.DEVNULL,
    ) as projector:
        try:
            until(lambda: positions(connection) == dict.fromkeys(READ_MODELS, head))
            projector.send_signal(signal.SIGTERM)
            assert projector.wait(timeout=60) == 0
        finally:
            projector.kill()


def test_the_status_is_1_until_all_read_models_are_built_and_then_0(
    invoke: Run, head: int, url: str
) -> None:
    before = invoke("projections", "status")
    assert before.returncode == 1
    assert [line.split()[1] for line in before.stderr.splitlines()] == sorted(READ_MODELS)
    Projector(url).catch_up()
    after = invoke("projections", "status")
    assert (after.returncode, after.stderr) == (0, "")
    assert [line.split()[0].strip(":") for line in after.stdout.splitlines()] == sorted(READ_MODELS)


def test_a_rebuild_switches_and_a_rollback_switches_back(
    invoke: Run, head: int, url: str, connection: Connection[Any]
) -> None:
    Projector(url).catch_up()
    digests = invoke("projections", "digest").stdout
    assert len(digests.splitlines()) == len(READ_MODELS)
    rebuilt = invoke("projections", "rebuild", "--all", "--verify")
    assert (rebuilt.returncode, rebuilt.stdout.splitlines()) == (
        0,
        [f"✅ {name} is at generation 2, position {head}" for name in READ_MODELS],
    )
    assert invoke("projections", "digest").stdout == digests
    back = invoke("projections", "rollback", "datasets")
    assert (back.returncode, back.stdout) == (0, "✅ datasets is at generation 1 again\n")
    again = invoke("projections", "rollback", "datasets")
    assert again.returncode == 1
    assert again.stderr == "❌ no generation of datasets is kept before the live one\n"
    assert live_tables(connection) == replayed_tables(connection)


def test_an_upgrade_rebuilds_only_what_another_version_built(
    invoke: Run, head: int, url: str, connection: Connection[Any]
) -> None:
    Projector(url, [*READ_MODELS.values()][1:]).catch_up()
    Projector(url, [replace(DATASETS, version="older")]).catch_up()
    done = invoke("projections", "upgrade")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == f"✅ 2 rebuilt, {len(READ_MODELS) - 2} up to date"
    assert live_tables(connection) == replayed_tables(connection)


@pytest.mark.usefixtures("poisoned")
def test_dead_letters_are_listed_and_retried_from_the_shell(
    invoke: Run, connection: Connection[Any]
) -> None:
    listed = invoke("projections", "dead-letters", "list")
    assert listed.stdout == f"datasets {DATASET.target} 2 QualityScored: ZeroDivisionError: \n"
    assert invoke("projections", "dead-letters", "list", "templates").stdout == ""
    retried = invoke("projections", "dead-letters", "retry", "datasets")
    assert (retried.returncode, retried.stdout) == (0, "✅ 1 entities reconsidered\n")
    assert live_rows(connection, "datasets") == replayed_tables(connection)["datasets"]
    nothing = invoke("projections", "dead-letters", "retry", "datasets")
    assert (nothing.returncode, nothing.stdout) == (0, "There are no such dead letters\n")


@pytest.mark.usefixtures("poisoned")
def test_a_dead_letter_is_skipped_from_the_shell(invoke: Run, connection: Connection[Any]) -> None:
    skipped = invoke("projections", "dead-letters", "skip", "datasets", DATASET.target)
    assert (skipped.returncode, skipped.stdout) == (0, "✅ 1 entities reconsidered\n")
    assert invoke("projections", "dead-letters", "list").stdout == ""
    assert [row["version"] for row in live_rows(connection, "datasets").present] == [1]


@pytest.mark.parametrize("command", ["rebuild", "rollback"])
def test_an_unknown_read_model_is_refused_with_the_names_of_those_there_are(
    invoke: Run, command: str
) -> None:
    refused = invoke("projections", command, "nonsense")
    assert refused.returncode == 2
    assert all(name in refused.stderr for name in READ_MODELS)
