"""Watching: what is due is scanned, by one worker, and what a lost one left is taken over."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import Connection

from discovery import scan_work
from discovery.configuration import ListedSource, read_configuration
from discovery.dataset_reading import ScanOptions
from discovery.planned_scan import PlannedScan
from discovery.scan_report import ScanReport
from discovery.sources.source import Find, Source
from discovery.watch import Watch
from registry.application import RegistryApplication
from registry.commands import RequestScan, StartScan
from registry.database import migrate
from registry.events import Provenance
from registry.scan import MAX_STARTS
from registry.store import RecordedEvent
from registry.submission import Outcome, Submission

from .conftest import Run
from .waiting import until, waiting_for

Recorded = Callable[[], list[RecordedEvent]]
Watching = Callable[..., Watch]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with two datasets."""
    folder = tmp_path / "shop" / "retail" / "sales"
    folder.mkdir(parents=True)
    (folder / "orders.csv").write_text("order_id,amount\nA-001,9.5\nA-002,12.0\n")
    (folder / "stock.csv").write_text("sku,stock\nX1,4\nX2,0\n")
    return tmp_path / "shop"


@pytest.fixture
def told() -> list[str]:
    """What a watch in this process tells of its scans."""
    return []


@pytest.fixture
def watching(
    application: RegistryApplication, url: str, tmp_path: Path, told: list[str]
) -> Iterator[Watching]:
    """Makes watches of this process, by the text of their configuration or by their sources."""

    def make(toml: str = "", *sources: ListedSource) -> Watch:
        listed = {source.name: source for source in sources}
        if toml:
            (tmp_path / "discovery.toml").write_text(toml)
            listed |= read_configuration(tmp_path / "discovery.toml").sources

        def tell(name: str, done: ScanReport | str) -> None:
            told.append(f"{name}: {done if isinstance(done, str) else len(done.templates)}")

        watch = stack.enter_context(Watch(application, url, listed, tell, workers=1))
        watch.list_sources()
        return watch

    with ExitStack() as stack:
        yield make


def request(application: RegistryApplication, source: str = "shop") -> UUID:
    return submit(application, RequestScan(source=source), uuid4()).target


def submit(application: RegistryApplication, command: Any, target: UUID) -> Outcome:
    provenance = Provenance(actor="somebody", command_id=uuid4())
    return application.submit(Submission(command=command, target=target, provenance=provenance))


def scan_events(recorded: Recorded) -> list[str]:
    """Return the topics of what happened to scans; how far they came depends on their speed."""
    topics = [event.topic for event in recorded() if event.topic.startswith("Scan")]
    return [topic for topic in topics if topic != "ScanProgressed"]


ONE_SCAN = ["ScanRequested", "ScanStarted", "ScanFinished"]


def test_a_source_with_a_schedule_is_scanned_when_it_is_due(
    watching: Watching, shop: Path, told: list[str], recorded: Recorded
) -> None:
    watch = watching(f"[sources.shop]\nsource = '{shop}'\nevery = '1h'")
    watch.look()
    watch.look()
    assert (told, scan_events(recorded)) == (["shop: 2"], ONE_SCAN)
    often = watching(f"[sources.shop]\nsource = '{shop}'\nevery = '0.0001s'")
    often.look()
    often.look()
    assert scan_events(recorded) == ONE_SCAN * 3


def test_a_scan_says_what_it_found_and_the_templates_say_which_scan_found_them(
    watching: Watching, shop: Path, recorded: Recorded
) -> None:
    (shop / "retail" / "sales" / "cut.json").write_text('{"a": ["secret"')
    watching(f"[sources.shop]\nsource = '{shop}'\nevery = '1h'").look()
    finished = recorded()[-1]
    assert finished.facts["outcome"] == {
        "new": 2,
        "changed": 0,
        "unchanged": 0,
        "connectors": 0,
        "failed": 1,
        "failures": [finished.facts["outcome"]["failures"][0]],
    }
    assert finished.facts["outcome"]["failures"][0].startswith("retail/sales/cut.json")
    correlations = {
        event.facts["provenance"]["correlation_id"]
        for event in recorded()
        if event.topic == "DatasetTemplateRegistered"
    }
    assert correlations == {finished.facts["scan_id"]}


def test_a_watched_source_is_scanned_once_for_each_change_by_however_many_watches(
    watching: Watching, shop: Path, told: list[str]
) -> None:
    toml = f"[sources.shop]\nsource = '{shop}'\nwatch = true"
    watches = [watching(toml), watching(toml)]

    def look() -> None:
        for watch in watches:
            watch.look()

    look()
    look()
    assert told == ["shop: 2"]
    (shop / "retail" / "sales" / "visits.csv").write_text("page\n/\n")
    look()
    assert told == ["shop: 2", "shop: 3"]
    watching(toml + "\nsamples = 'none'").look()
    assert told == ["shop: 2", "shop: 3", "shop: 3"]


def test_a_watched_source_that_is_gone_is_told_once_and_scanned_when_it_is_back(
    watching: Watching, tmp_path: Path, shop: Path, told: list[str], recorded: Recorded
) -> None:
    watch = watching(f"[sources.shop]\nsource = '{tmp_path / 'later'}'\nwatch = true")
    watch.look()
    watch.look()
    assert scan_events(recorded) == ["ScanRequested", "ScanStarted", "ScanFailed"]
    assert told == [f"shop: There is nothing at {tmp_path / 'later'}"]
    shop.rename(tmp_path / "later")
    watch.look()
    assert told[1:] == ["shop: 2"]


class Failing(Source):
    """A source of the tests that cannot be listed, and says why."""

    FORM: ClassVar = "failing"

    @classmethod
    def takes(cls, text: str) -> bool:
        return text == "failing"

    def finds(self) -> Iterator[Find]:
        raise ValueError("password swordfish was refused")


def test_a_source_that_fails_stops_no_other_and_its_words_are_not_kept(
    watching: Watching, shop: Path, told: list[str], recorded: Recorded
) -> None:
    plan = PlannedScan(source=Failing(text="failing"), options=ScanOptions())
    failing = ListedSource(name="failing", plan=plan, every=3600, watched=False)
    toml = f"[sources.shop]\nsource = '{shop}'\nevery = '1h'"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ListedSource, "kind", "failing")
        watch = watching(toml, failing)
    watch.look()
    assert sorted(told) == ["failing: ValueError: password swordfish was refused", "shop: 2"]
    assert "swordfish" not in str([event.facts for event in recorded()])


def test_progress_is_told_at_each_tenth_however_many_datasets_there_are(
    watching: Watching, tmp_path: Path, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "many" / "retail" / "sales"
    folder.mkdir(parents=True)
    for number in range(95):
        (folder / f"orders_{number}.json").write_text('[{"order": 1}]')
    monkeypatch.setattr(scan_work, "PROGRESS_SECONDS", 0.0)
    watching(f"[sources.many]\nsource = '{tmp_path / 'many'}'\nevery = '1h'").look()
    told = [event.facts["done"] for event in recorded() if event.topic == "ScanProgressed"]
    assert told == [10, 19, 29, 38, 48, 57, 67, 76, 86]


def test_a_scan_whose_workers_are_lost_again_and_again_is_given_up(
    watching: Watching, application: RegistryApplication, shop: Path, told: list[str]
) -> None:
    watch = watching(f"[sources.shop]\nsource = '{shop}'")
    scan_id = request(application)
    for _ in range(MAX_STARTS):
        submit(application, StartScan(source="shop", worker="lost"), scan_id)
    watch.look()
    assert told == ["shop: Its worker was lost 3 times, perhaps for want of memory"]


@contextmanager
def processes(url: str, config: Path, number: int) -> Iterator[list[subprocess.Popen[str]]]:
    """Run so many watches in processes of their own."""
    with ExitStack() as stack:
        running = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "discovery", "watch", "--config", str(config)],
                    env={**os.environ, "DATABASE_URL": url, "PYTHONUTF8": "1"},
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(number)
        ]
        try:
            for process in running:
                assert process.stdout
                assert process.stdout.readline() == "Watching 1 sources\n"
            yield running
        finally:
            for process in running:
                process.kill()


@pytest.fixture
def config(tmp_path: Path, shop: Path) -> Path:
    """A configuration of one source, which is scanned on request."""
    path = tmp_path / "discovery.toml"
    path.write_text(f"[sources.shop]\nsource = '{shop}'\n")
    return path


def is_listed(recorded: Recorded) -> bool:
    return any(event.topic == "SourceListed" for event in recorded())


def of_topic(recorded: Recorded, topic: str) -> list[RecordedEvent]:
    return [event for event in recorded() if event.topic == topic]


def test_of_two_running_watches_one_takes_each_scan(
    application: RegistryApplication, url: str, config: Path, recorded: Recorded
) -> None:
    with processes(url, config, 2):
        until(lambda: is_listed(recorded))
        for number in range(1, 4):
            request(application)
            until(lambda number=number: len(of_topic(recorded, "ScanFinished")) == number)
    assert scan_events(recorded) == ONE_SCAN * 3


@contextmanager
def held_up(url: str) -> Iterator[None]:
    """Let no scan get on: each waits for what is remembered of the source."""
    with psycopg.connect(url) as connection:
        connection.execute("LOCK TABLE scanned_files")
        yield


def pid_of(started: RecordedEvent) -> int:
    return int(started.facts["worker"].split(":")[-2])


def test_a_scan_whose_worker_is_killed_is_taken_over_by_another(
    application: RegistryApplication,
    url: str,
    config: Path,
    recorded: Recorded,
    connection: Connection[Any],
) -> None:
    with processes(url, config, 2) as running:
        until(lambda: is_listed(recorded))
        with held_up(url):
            scan_id = request(application)
            until(lambda: waiting_for(connection, "relation") == 1)
            (first,) = of_topic(recorded, "ScanStarted")
            killed = next(process for process in running if process.pid == pid_of(first))
            killed.send_signal(signal.SIGKILL)
            until(lambda: len(of_topic(recorded, "ScanStarted")) == 2)
        (finished,) = until(lambda: of_topic(recorded, "ScanFinished"))
    first, second = of_topic(recorded, "ScanStarted")
    assert finished.facts["scan_id"] == first.facts["scan_id"] == str(scan_id)
    assert pid_of(second) == next(each.pid for each in running if each is not killed)
    assert finished.facts["outcome"]["new"] == 2


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_watch_that_is_told_to_end_leaves_its_scan_to_the_next(
    application: RegistryApplication,
    url: str,
    config: Path,
    recorded: Recorded,
    connection: Connection[Any],
    watching: Watching,
    told: list[str],
    ending: int,
) -> None:
    with processes(url, config, 1) as (process,):
        until(lambda: is_listed(recorded))
        with held_up(url):
            request(application)
            until(lambda: waiting_for(connection, "relation") == 1)
            process.send_signal(ending)
            out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert out.splitlines()[-1] == "Ended; what was not done is left to the next watch"
    assert scan_events(recorded) == ["ScanRequested", "ScanStarted", "ScanReleased"]
    watching(config.read_text()).look()
    assert told == ["shop: 2"]


def test_a_wrong_configuration_is_told_line_by_line(invoke: Run, config: Path) -> None:
    config.write_text("[sources.shop]\nsource = 'x'\nevery = 'soon'\n")
    done = invoke("discovery", "watch", "--config", config)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"❌ {config}, line 3: sources.shop.every: soon is no span of time such as 30s, 10m or 1h\n"
    )


def test_while_the_database_is_away_a_watch_tries_again(
    watching: Watching,
    shop: Path,
    told: list[str],
    connection: Connection[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watch = watching(f"[sources.shop]\nsource = '{shop}'\nevery = '1h'")
    looks = iter([psycopg.OperationalError("gone"), psycopg.OperationalError("gone"), None])

    def look() -> None:
        if problem := next(looks):
            raise problem
        raise KeyboardInterrupt

    monkeypatch.setattr(watch, "look", look)
    monkeypatch.setattr("discovery.watch.time.sleep", lambda seconds: None)
    with pytest.raises(KeyboardInterrupt):
        watch.run()
    assert told == ["database: gone It is tried again."]


def test_a_watch_lists_its_sources_again_in_a_registry_that_was_emptied(
    watching: Watching, shop: Path, url: str, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = watching(f"[sources.shop]\nsource = '{shop}'\nevery = '0.0001s'")
    pauses = iter(
        [
            lambda: migrate(url, "base"),
            lambda: migrate(url),
            lambda: None,
            lambda: None,
        ]
    )

    def sleep(seconds: float) -> None:
        if pause := next(pauses, None):
            pause()
        else:
            raise KeyboardInterrupt

    monkeypatch.setattr("discovery.watch.time.sleep", sleep)
    with pytest.raises(KeyboardInterrupt):
        watch.run()
    assert told[0] == "shop: 2"
    assert told[1].startswith("database: ")
    assert told[2:] == ["shop: 2"] * (len(told) - 2)
    assert len(told) > 2
