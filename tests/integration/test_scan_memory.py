"""What did not change since the last scan is not read again, and what did never goes unseen."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import Connection

from discovery import scan_memory
from discovery import scanner as scanner_module
from discovery.dataset_reading import ScanOptions
from discovery.scan_memory import ScanMemory
from discovery.scan_report import Change, ScanInterrupted, ScanReport
from discovery.scanner import Scanner
from registry.application import RegistryApplication
from registry.commands import RetireTemplate
from registry.database import migrate
from registry.events import Provenance
from registry.privacy import SamplePolicy
from registry.store import RecordedEvent
from registry.submission import Submission

from .conftest import Run
from .waiting import until, waiting_for

Recorded = Callable[[], list[RecordedEvent]]
Scan = Callable[..., ScanReport]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Three datasets: two files, and a folder with a description."""
    folder = tmp_path / "source" / "retail" / "shop"
    (folder / "visits").mkdir(parents=True)
    (folder / "orders.csv").write_text("order_id,amount\nA-001,9.5\nA-002,12.0\n")
    (folder / "stock.json").write_text('[{"sku": "X1", "stock": 4}]')
    (folder / "visits" / "part-0.jsonl").write_text('{"page": "/"}\n{"page": "/cart"}\n')
    (folder / "visits" / "dataset.yaml").write_text("name: Visits\n")
    return tmp_path / "source"


@pytest.fixture
def scan(application: RegistryApplication, url: str, source: Path) -> Scan:
    """Scans the source, remembering."""

    def scan(options: ScanOptions | None = None, **more: Any) -> ScanReport:
        options = options or ScanOptions()
        memory = ScanMemory(url, str(source), asdict(options))
        scanner = Scanner(application, options=options, memory=memory, **more)
        return scanner.scan(str(source))

    return scan


def test_what_has_the_size_and_time_it_had_is_not_read_again(
    scan: Scan, source: Path, recorded: Recorded
) -> None:
    first = scan()
    before = recorded()
    for file in source.rglob("*.*"):
        _spoil(file)
    second = scan()
    assert (second.failures, second.count(Change.UNCHANGED)) == ([], 3)
    assert _told(second) == _told(first)
    assert second.position == first.position == before[-1].position
    assert recorded() == before


def test_what_is_only_touched_is_compared_and_not_looked_into(
    scan: Scan, source: Path, looked_into: list[str], recorded: Recorded
) -> None:
    first = scan()
    assert sorted(looked_into) == [
        "retail/shop/orders.csv",
        "retail/shop/stock.json",
        "retail/shop/visits",
    ]
    looked_into.clear()
    for file in source.rglob("*.*"):
        os.utime(file, ns=(1, 1))
    second = scan()
    assert (looked_into, second.failures, len(recorded())) == ([], [], 3)
    assert _told(second) == _told(first)
    _spoil(source / "retail" / "shop" / "orders.csv")
    assert scan().failures == []  # the new times are remembered


def test_changed_content_revises_the_template_and_no_other_is_read(
    scan: Scan, source: Path, looked_into: list[str], recorded: Recorded
) -> None:
    scan()
    looked_into.clear()
    (source / "retail" / "shop" / "orders.csv").write_text("order_id,amount\nA-001,7.5\n")
    report = scan()
    assert looked_into == ["retail/shop/orders.csv"]
    assert (report.count(Change.CHANGED), report.count(Change.UNCHANGED)) == (1, 2)
    assert recorded()[-1].topic == "DatasetTemplateRevised"
    looked_into.clear()
    assert (scan().count(Change.UNCHANGED), looked_into) == (3, [])


@pytest.mark.parametrize(
    ("name", "content"),
    [("part-1.jsonl", '{"page": "/", "seconds": 3}\n'), ("dataset.yaml", "name: Page views\n")],
)
def test_a_part_or_description_that_comes_or_changes_revises_the_template(
    scan: Scan, source: Path, looked_into: list[str], name: str, content: str
) -> None:
    scan()
    looked_into.clear()
    (source / "retail" / "shop" / "visits" / name).write_text(content)
    assert scan().count(Change.CHANGED) == 1
    assert looked_into == ["retail/shop/visits"]


def test_a_file_that_goes_leaves_its_template_and_is_not_told_of(
    scan: Scan, source: Path, recorded: Recorded
) -> None:
    scan()
    (source / "retail" / "shop" / "orders.csv").unlink()
    report = scan()
    assert [template.path for template in report.templates] == [
        "retail/shop/stock.json",
        "retail/shop/visits",
    ]
    assert (report.failures, len(recorded())) == ([], 3)


def test_a_file_that_comes_back_is_read_if_another_gave_its_template_meanwhile(
    scan: Scan, source: Path, recorded: Recorded
) -> None:
    orders, kept = source / "retail" / "shop" / "orders.csv", source.parent / "kept"
    scan()
    orders.rename(kept)
    orders.with_name("orders.tsv").write_text("order_id\tamount\nA-007\t1.5\n")
    assert scan().count(Change.CHANGED) == 1
    orders.with_name("orders.tsv").unlink()
    kept.rename(orders)
    assert scan().count(Change.CHANGED) == 1
    definitions = [event.facts["definition"] for event in recorded() if _is_of(event, "orders")]
    assert definitions[-1] == definitions[0] != definitions[1]


def test_a_second_file_of_one_identity_is_reported_however_often_it_is_scanned(
    scan: Scan, source: Path, recorded: Recorded
) -> None:
    scan()
    (source / "retail" / "shop" / "orders.json").write_text('[{"order_id": 7}]')
    for _ in range(2):
        (failure,) = scan().failures
        assert failure.path == "retail/shop/orders.json"
        assert failure.reason.endswith("was found in retail/shop/orders.csv already")
    os.utime(source / "retail" / "shop" / "orders.csv", ns=(1, 1))
    failures, templates = (report := scan()).failures, report.templates
    assert len(failures) == 1
    assert len(templates) == 3


def test_what_failed_is_read_again_and_reported_again(
    scan: Scan, source: Path, recorded: Recorded
) -> None:
    broken = source / "retail" / "shop" / "broken.json"
    broken.write_text("[")
    assert [str(scan().failures), str(scan().failures)] == [str(scan().failures)] * 2
    broken.write_text('[{"a": 1}]')
    assert scan().count(Change.NEW) == 1


def test_other_options_read_anew(scan: Scan, looked_into: list[str]) -> None:
    scan()
    for options in (ScanOptions({"industry": "media"}), ScanOptions(samples=SamplePolicy.NONE)):
        looked_into.clear()
        scan(options)
        assert len(looked_into) == 3


def test_values_once_kept_raw_are_masked_by_the_next_masked_scan(
    scan: Scan, source: Path, recorded: Recorded
) -> None:
    (source / "retail" / "shop" / "people.json").write_text('[{"email": "jane.doe@posteo.de"}]')
    scan()
    scan(ScanOptions(samples=SamplePolicy.RAW))
    scan()
    last = [event.facts["definition"] for event in recorded() if _is_of(event, "people")]
    assert ["posteo" in json.dumps(definition) for definition in last] == [False, True, False]


def test_a_template_that_changed_in_the_registry_is_held_against_its_file_again(
    scan: Scan, application: RegistryApplication, looked_into: list[str]
) -> None:
    template = scan().templates[0]
    application.submit(
        Submission(
            command=RetireTemplate(reason="too old"),
            target=template.template_id,
            provenance=Provenance(actor="someone", command_id=uuid4()),
        )
    )
    looked_into.clear()
    scan()
    assert looked_into == [template.path]
    looked_into.clear()
    assert (scan().count(Change.UNCHANGED), looked_into) == (3, [])


def test_a_newer_inference_reads_anew(
    scan: Scan, looked_into: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    scan()
    looked_into.clear()
    monkeypatch.setattr(scan_memory, "INFERENCE", scan_memory.INFERENCE + 1)
    scan()
    assert len(looked_into) == 3


def test_an_emptied_registry_remembers_nothing(
    invoke: Run, source: Path, recorded: Recorded, url: str
) -> None:
    new = "✅ Registered 3 templates in catalog"
    for empty in (
        lambda: invoke("registry", "reset", "--yes"),
        lambda: (migrate(url, "base"), migrate(url)),
        lambda: None,
    ):
        done = invoke("discovery", "scan", "--source", source)
        assert (done.stdout.splitlines()[1], len(recorded())) == (new, 3)
        empty()


def test_a_dry_run_remembers_nothing_but_uses_what_is_known(
    scan: Scan, looked_into: list[str], recorded: Recorded
) -> None:
    assert scan(dry_run=True).count(Change.NEW) == 3
    assert recorded() == []
    assert scan().count(Change.NEW) == 3
    looked_into.clear()
    assert (scan(dry_run=True).count(Change.UNCHANGED), looked_into) == (3, [])


def test_a_source_whose_name_is_no_text_can_be_remembered(url: str) -> None:
    memory = ScanMemory(url, "/data/caf\udce9", {})
    assert memory.recall() == {}


def test_an_interrupted_scan_tells_what_it_did_and_the_next_one_reads_only_the_rest(
    scan: Scan, source: Path, looked_into: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanner_module, "BATCH", 1)
    monkeypatch.setattr(scanner_module, "BUNDLE", 1)
    done: list[int] = []

    def interrupt(size: int) -> None:
        done.append(size)
        if len(done) == 3:
            raise KeyboardInterrupt

    @contextmanager
    def progress(datasets: int, size: int) -> Iterator[Callable[[int], None]]:
        yield interrupt

    with pytest.raises(ScanInterrupted) as interrupted:
        scan(progress=progress)
    assert sorted(template.path for template in interrupted.value.report.templates) == [
        "retail/shop/orders.csv",
        "retail/shop/stock.json",
    ]
    looked_into.clear()
    report = scan()
    assert (report.count(Change.NEW), report.count(Change.UNCHANGED)) == (1, 2)
    assert looked_into == ["retail/shop/visits"]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_scan_that_is_broken_off_leaves_a_sound_registry_and_the_next_one_completes_it(
    url: str,
    connection: Connection[Any],
    tmp_path: Path,
    run: Run,
    recorded: Recorded,
    number: signal.Signals,
) -> None:
    folder = tmp_path / "source" / "retail" / "many"
    folder.mkdir(parents=True)
    for each in range(300):
        (folder / f"set_{each}.json").write_text(f'[{{"key": {each}}}]')
    with psycopg.connect(url) as holder:
        # Not to be written to: so the scan stands still once its first batch is registered.
        holder.execute("LOCK TABLE scanned_files IN EXCLUSIVE MODE")
        with subprocess.Popen(
            [sys.executable, "-m", "discovery", "scan", "--source", tmp_path / "source"],
            env={**os.environ, "DATABASE_URL": url, "PYTHONUTF8": "1"},
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            until(lambda: waiting_for(connection, "relation"))
            process.send_signal(number)
            stdout, stderr = process.communicate(timeout=30)
    assert stdout == ""
    if number is signal.SIGINT:
        assert process.returncode == 130
        assert stderr == (
            "⚠️ Interrupted after 200 templates; they stay registered, and the next scan goes on\n"
        )
    assert len(recorded()) == 200
    done = run("discovery", "scan", "--source", tmp_path / "source")
    assert (done.returncode, done.stderr) == (0, "")
    assert "✅ Registered 100 templates in catalog (200 unchanged)" in done.stdout
    assert len(recorded()) == 300


def _told(report: ScanReport) -> list[tuple[object, ...]]:
    return [
        (one.path, one.template_id, one.identity, one.version, one.has_sample)
        for one in report.templates
    ]


def _spoil(file: Path) -> None:
    """Replace what a file holds, keeping its size and times."""
    status = file.stat()
    file.write_bytes(b"\x00" * status.st_size)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def _is_of(event: RecordedEvent, dataset_type: str) -> bool:
    identity = event.facts.get("definition", {}).get("identity", {})
    return bool(identity.get("dataset_type") == dataset_type)
