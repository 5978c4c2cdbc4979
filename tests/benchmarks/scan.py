"""How fast templates are scanned: the shipped ones by a whole process, and ten thousand others."""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from discovery.dataset_reading import ScanOptions
from discovery.executors import executor
from discovery.scan_memory import ScanMemory
from discovery.scan_report import Change
from discovery.scanner import Scanner
from registry.application import RegistryApplication
from tests.benchmarks.servers import postgres

RUNS = 5
TEMPLATES = 10_000


def measure() -> Iterator[str]:
    """Time scans: of what is shipped by fresh processes, and of many files within this one."""
    yield from _shipped()
    yield from _many()


def _shipped() -> Iterator[str]:
    with postgres() as (url, data_dir):
        environment = {**os.environ, "DATABASE_URL": url, "REGISTRY_DATA_DIR": str(data_dir)}
        command = [sys.executable, "-m", "discovery", "scan", "--source", "mock_data/templates"]
        seconds = []
        for _ in range(RUNS):
            started = time.perf_counter()
            subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
            seconds.append(time.perf_counter() - started)
    yield f"first scan of 15 templates, whole process   {seconds[0]:6.2f} s   (goal < 2 s)"
    repeated = statistics.median(seconds[1:])
    yield f"repeated scan, median of {RUNS - 1}                 {repeated:6.2f} s"


def _many() -> Iterator[str]:
    with (
        tempfile.TemporaryDirectory(prefix="registry-bench-") as folder,
        postgres() as (url, _),
        RegistryApplication(url) as application,
    ):
        write_templates(Path(folder), TEMPLATES)
        first = _seconds_of_a_scan(application, url, folder, Change.NEW)
        second = _seconds_of_a_scan(application, url, folder, Change.UNCHANGED)
    rate = TEMPLATES / first
    yield f"first scan of {TEMPLATES} templates   {rate:6.0f} templates/s   (goal ≥ 2 000)"
    yield f"second scan, nothing changed    {first / second:6.1f} × faster        (goal ≥ 10)"


def _seconds_of_a_scan(
    application: RegistryApplication, url: str, source: str, expected: Change
) -> float:
    options = ScanOptions()
    started = time.perf_counter()
    with executor(0) as reading:
        memory = ScanMemory(url, source, asdict(options))
        report = Scanner(application, options=options, memory=memory, executor=reading).scan(source)
    seconds = time.perf_counter() - started
    assert report.count(expected) == TEMPLATES, report.failures[:3]
    return seconds


def write_templates(folder: Path, count: int) -> None:
    """Write files of five records of eight fields, of which no two files have the same."""
    chance = random.Random(7)
    industries = ("fintech", "healthcare", "retail", "logistics")
    for number in range(count):
        use_case = folder / industries[number % 4] / f"use_case_{number // 400}"
        use_case.mkdir(parents=True, exist_ok=True)
        records = [
            {
                "ticket_id": f"TCK-{chance.randrange(10**6):06}",
                f"metric_{number % 97}": round(chance.uniform(0, 500), 2),
                "status": chance.choice(["open", "closed", "pending"]),
                "assignee": chance.choice(["Ada Byron", "Alan Mathison", "Grace Murray"]),
                "contact": f"user{chance.randrange(10**4)}@example.com",
                "created_at": f"2024-05-{chance.randint(1, 28):02}T10:00:00Z",
                "priority": chance.randint(1, 5),
                "tags": chance.sample(["api", "ui", "db", "ops"], 2),
            }
            for _ in range(5)
        ]
        document = {"format_version": "1", "metadata": {"tags": ["bench"]}, "records": records}
        (use_case / f"dataset_{number}.json").write_text(json.dumps(document))
