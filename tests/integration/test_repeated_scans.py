"""Scanning again and again, looking into data, and what the command line says of itself."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import typer

from discovery import __main__ as command_line
from discovery import rounds as rounds_module
from discovery.executors import executor
from discovery.rounds import rounds
from discovery.scan_report import ScanReport
from discovery.scanner import Scanner
from discovery.sources.sources import source_of
from discovery.spans import seconds_of
from registry.application import RegistryApplication
from registry.store import RecordedEvent

from .conftest import Run
from .waiting import until

Recorded = Callable[[], list[RecordedEvent]]
COMMANDS = typer.main.get_command(command_line.app).commands  # type: ignore[attr-defined]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with one dataset."""
    folder = tmp_path / "source" / "retail" / "shop"
    folder.mkdir(parents=True)
    (folder / "orders.csv").write_text("order_id,amount\nA-001,9.5\nA-002,12.0\n")
    return tmp_path / "source"


@contextmanager
def scanning(url: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Scan in a process of its own until interrupted."""
    with subprocess.Popen(
        [sys.executable, "-m", "discovery", "scan", *map(str, arguments)],
        env={**os.environ, "DATABASE_URL": url, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.send_signal(signal.SIGINT)
        assert "❌" not in process.communicate(timeout=30)[1]
        assert process.returncode == 130


def rounds_of(
    application: RegistryApplication, source: Path, every: float = 0, *, watch: bool = False
) -> Iterator[Sequence[ScanReport]]:
    """Scan a source in rounds."""
    at = source_of(str(source))
    return rounds(lambda: [Scanner(application).scan(at)], [at], every, watch=watch)


@pytest.mark.parametrize("again", [["--every", "1s"], ["--watch"]])
def test_a_file_that_comes_is_scanned_until_the_scan_is_interrupted(
    url: str, source: Path, recorded: Recorded, again: list[str]
) -> None:
    with scanning(url, "--source", source, *again) as process:
        assert process.stdout
        assert process.stdout.readline() == "✅ Scanned 1 dataset templates\n"
        (source / "retail" / "shop" / "stock.csv").write_text("sku,stock\nX1,4\nX2,0\n")
        until(lambda: process.stdout.readline() == "✅ Scanned 2 dataset templates\n")
        assert process.stdout.readline() == "✅ Registered 1 templates in catalog (1 unchanged)\n"
        assert process.stdout.readline()  # of --every, another scan is a second away
    assert recorded()[-1].facts["source"] == "retail/shop/stock.csv"


def test_a_watched_source_is_scanned_only_when_files_come_go_or_change(
    application: RegistryApplication, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = source / "retail" / "shop"
    changes = iter(
        [
            lambda: None,
            lambda: None,
            lambda: (folder / "stock.csv").write_text("sku,stock\nX1,4\n"),
            lambda: None,
            lambda: (folder / "orders.csv").unlink(),
            lambda: (folder / "stock.csv").write_text("sku,stock\nX1,4\nX2,1\n"),
        ]
    )
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        next(changes)()

    monkeypatch.setattr(rounds_module.time, "sleep", sleep)
    scans = rounds_of(application, source, watch=True)
    found = [[template.path[12:] for template in next(scans)[0].templates] for _ in range(4)]
    assert found == [["orders.csv"], ["orders.csv", "stock.csv"], ["stock.csv"], ["stock.csv"]]
    assert len(pauses) == 6


def test_a_file_that_comes_while_a_watched_source_is_scanned_is_not_missed(
    application: RegistryApplication, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = Scanner.scan

    def slow_scan(*arguments: Any) -> ScanReport:
        report = scan(*arguments)
        (source / "retail" / "shop" / "stock.csv").write_text("sku,stock\nX1,4\n")
        return report

    monkeypatch.setattr(Scanner, "scan", slow_scan)
    monkeypatch.setattr(rounds_module.time, "sleep", lambda seconds: None)
    scans = rounds_of(application, source, watch=True)
    assert [len(next(scans)[0].templates), len(next(scans)[0].templates)] == [1, 2]


def test_scans_are_so_many_seconds_apart(
    application: RegistryApplication, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(rounds_module.time, "sleep", pauses.append)
    scans = rounds_of(application, source, every=90)
    assert [len(next(scans)[0].templates) for _ in range(3)] == [1, 1, 1]
    assert pauses == [90, 90]
    assert len(list(rounds_of(application, source))) == 1


def test_scans_one_after_another_share_their_processes(
    application: RegistryApplication, source: Path
) -> None:
    with executor(2) as reading:
        scanner = Scanner(application, executor=reading)
        reports = [scanner.scan(str(source)) for _ in range(2)]
    assert [report.failures for report in reports] == [[], []]


@pytest.mark.parametrize(
    ("text", "seconds"), [("1s", 1), ("0.5s", 0.5), ("30m", 1800), ("1h", 3600), ("2d", 172_800)]
)
def test_a_span_of_time_is_a_number_and_a_unit(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    "text", ["soon", "5", "s", "-1s", "0s", "1w", "1 h", "1e3s", "١s", "9999999d", "1h30m"]
)
def test_a_span_of_time_that_is_none_is_refused(invoke: Run, source: Path, text: str) -> None:
    done = invoke("discovery", "scan", "--source", source, f"--every={text}")
    assert (done.returncode, done.stdout) == (2, "")
    assert "is no span of time such as 30s, 10m or 1h" in _words(done.stderr)


def test_a_scan_cannot_both_be_repeated_and_watch(invoke: Run, source: Path) -> None:
    done = invoke("discovery", "scan", "--source", source, "--every", "1h", "--watch")
    assert (done.returncode, done.stdout) == (2, "")
    assert "give one of them" in _words(done.stderr)


def test_a_database_without_tables_is_told_in_a_sentence(
    run: Run, empty_url: str, source: Path
) -> None:
    done = run("discovery", "scan", "--source", source, DATABASE_URL=empty_url)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "does not exist" in done.stderr


def test_looking_into_data_tells_of_it_and_registers_nothing(
    invoke: Run, source: Path, recorded: Recorded
) -> None:
    file = source / "retail" / "shop" / "orders.csv"
    done = invoke("discovery", "infer", file)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 records" in done.stdout
    told = json.loads(invoke("discovery", "infer", file, "--json").stdout)
    assert told.keys() >= {"schema", "dialect", "profile", "keys", "warnings"}
    assert told["dialect"].keys() >= {"delimiter", "quote", "encoding", "header", "skip"}
    assert told["keys"].keys() >= {"primary_keys", "foreign_keys"}
    assert recorded() == []


def test_looking_into_data_of_which_a_part_is_broken_tells_of_the_rest_and_exits_with_1(
    invoke: Run, source: Path
) -> None:
    (source / "retail" / "shop" / "cut.json").write_text('{"a": [1')
    done = invoke("discovery", "infer", source, "--json")
    assert done.returncode == 1
    assert done.stderr.startswith("❌ retail/shop/cut.json: ")
    assert "order_id" in done.stdout


def test_looking_into_what_is_not_there_exits_with_2(invoke: Run) -> None:
    done = invoke("discovery", "infer", "nowhere")
    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        "❌ There is nothing at nowhere\n",
    )


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_is_explained_and_every_command_has_an_example(invoke: Run, name: str) -> None:
    for parameter in COMMANDS[name].params:
        assert getattr(parameter, "help", None), f"{parameter.name} is not explained"
    help_ = _words(invoke("discovery", name, "--help").stdout)
    assert f"Example: python -m discovery {name} " in help_


def _words(text: str) -> str:
    """Return a text without the frames and line breaks that a terminal's width brings."""
    return " ".join(text.replace("│", " ").split())
