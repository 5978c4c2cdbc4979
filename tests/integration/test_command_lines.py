"""Scanning, migrating and resetting from a shell: what is printed, and the exit status."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from registry.database import latest_revision
from registry.store import RecordedEvent

from .conftest import SHIPPED, Run

Recorded = Callable[[], list[RecordedEvent]]
JIRA = Path("fintech", "developer_productivity", "jira_issues.json")
NEW = [
    "✅ Scanned 15 dataset templates",
    "✅ Registered 15 templates in catalog",
    "✅ Sample data extracted for all templates",
]


def test_a_scan_says_what_was_scanned_registered_and_sampled(run: Run, recorded: Recorded) -> None:
    done = run("discovery", "scan", "--source", SHIPPED)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == NEW
    assert len(recorded()) == 15


def test_a_second_scan_says_that_nothing_changed(invoke: Run, recorded: Recorded) -> None:
    invoke("discovery", "scan", "--source", SHIPPED)
    done = invoke("discovery", "scan", "--source", SHIPPED)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "✅ Scanned 15 dataset templates",
        "✅ Registered 0 templates in catalog (15 unchanged)",
        "✅ Sample data extracted for all templates",
    ]
    assert len(recorded()) == 15


def test_a_dry_run_lists_the_events_and_appends_none(run: Run, recorded: Recorded) -> None:
    done = run("discovery", "scan", "--source", SHIPPED, "--dry-run")
    lines = done.stdout.splitlines()
    assert (done.returncode, recorded()) == (0, [])
    assert len([line for line in lines if line.startswith("DatasetTemplateRegistered ")]) == 15
    assert (
        "DatasetTemplateRegistered fintech/developer_productivity/jira_issues (version 1)" in lines
    )
    assert "✅ Would register 15 templates in catalog" in lines


def test_a_scan_with_failures_exits_with_1_and_registers_the_rest(
    run: Run, repository: Path, recorded: Recorded
) -> None:
    (repository / JIRA).write_text('{"format_version": "1",')
    done = run("discovery", "scan", "--source", repository)
    assert done.returncode == 1
    assert done.stderr.startswith(f"❌ {JIRA}: line 1, column ")
    assert done.stdout.splitlines()[:2] == [
        "✅ Scanned 14 dataset templates (1 failed)",
        "✅ Registered 14 templates in catalog",
    ]
    assert len(recorded()) == 14


def test_a_scan_of_what_is_not_there_exits_with_2(run: Run) -> None:
    done = run("discovery", "scan", "--source", "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "❌ There is nothing at nowhere\n"


@pytest.mark.parametrize("arguments", [["scan"], ["scan", "--sauce", "x"], ["scam"]])
def test_a_command_that_is_not_understood_exits_with_2_and_says_why(
    invoke: Run, arguments: list[str]
) -> None:
    done = invoke("discovery", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Error" in done.stderr


def test_a_scan_reports_to_programs_in_json(run: Run, repository: Path) -> None:
    (repository / JIRA).write_text("[")
    done = run("discovery", "scan", "--source", repository, "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert (report["scanned"], report["new"], report["dry_run"]) == (14, 14, False)
    assert [failure["path"] for failure in report["failed"]] == [str(JIRA)]
    assert report["position"] == 14
    dry = json.loads(run("discovery", "scan", "--source", SHIPPED, "--json", "--dry-run").stdout)
    assert (dry["new"], dry["unchanged"], dry["dry_run"]) == (1, 14, True)


def test_the_registry_is_migrated_down_and_up(invoke: Run, url: str) -> None:
    down = invoke("registry", "migrate", "--revision", "base")
    assert (down.returncode, down.stdout) == (0, "✅ Database is at revision base\n")
    up = invoke("registry", "migrate")
    assert (up.returncode, up.stdout) == (0, f"✅ Database is at revision {latest_revision()}\n")
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM registry_events").fetchone() == (0,)


def test_a_reset_empties_the_registry_only_when_it_is_confirmed(invoke: Run, url: str) -> None:
    invoke("discovery", "scan", "--source", SHIPPED)

    def events() -> Any:
        with psycopg.connect(url) as connection:
            return connection.execute("SELECT count(*) FROM registry_events").fetchone()

    assert invoke("registry", "reset").returncode == 1
    assert events() == (15,)
    done = invoke("registry", "reset", "--yes")
    assert (done.returncode, done.stdout) == (0, "✅ The registry is empty\n")
    assert events() == (0,)


def test_without_a_database_url_the_registry_keeps_its_own_database(
    run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    own = {"DATABASE_URL": "", "REGISTRY_DATA_DIR": str(tmp_path_factory.mktemp("data"))}
    first = run("discovery", "scan", "--source", SHIPPED, **own)
    assert (first.returncode, first.stdout.splitlines()) == (0, NEW), first.stderr
    second = run("discovery", "scan", "--source", SHIPPED, **own)
    assert "✅ Registered 0 templates in catalog (15 unchanged)" in second.stdout, second.stderr
