"""Scanning several sources at once, and sources that are systems with connectors."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from uuid import UUID, uuid4

import pytest

from discovery.dataset_reading import DatasetReading, FoundConnector, ScanOptions
from discovery.registrar import ScanContext
from discovery.scan_report import Change
from discovery.scanner import Scanner
from discovery.sources.source import Find, Source
from discovery.unreadable import Unreadable
from registry.application import RegistryApplication
from registry.commands import RegisterConnector
from registry.connector import ConnectorConfiguration, Health
from registry.events import Provenance
from registry.store import RecordedEvent
from registry.submission import Submission

from .conftest import SHIPPED, Run

Recorded = Callable[[], list[RecordedEvent]]
CLIENT = UUID(int=7)
REVIEW = "⚠️ 2 templates need review: GET /templates?needs_review=true"
"""What is told of the two tables, whose two rows prove little."""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with two datasets."""
    folder = tmp_path / "shop" / "retail" / "sales"
    folder.mkdir(parents=True)
    (folder / "orders.csv").write_text("order_id,amount\nA-001,9.5\nA-002,12.0\n")
    (folder / "stock.csv").write_text("sku,stock\nX1,4\nX2,0\n")
    return tmp_path / "shop"


def test_several_sources_are_scanned_and_told_of_together(
    invoke: Run, shop: Path, recorded: Recorded
) -> None:
    done = invoke("discovery", "scan", "--source", SHIPPED, "--source", shop)
    assert done.returncode == 0
    assert done.stderr.splitlines() == [REVIEW]
    assert done.stdout.splitlines()[0] == "✅ Scanned 17 dataset templates"
    assert len(recorded()) == 17
    again = invoke("discovery", "scan", "--source", SHIPPED, "--source", shop, "--json")
    told = json.loads(again.stdout)
    assert (told["unchanged"], [each["scanned"] for each in told["sources"]]) == (17, [15, 2])


def test_a_source_that_is_not_there_does_not_hinder_the_others(
    invoke: Run, shop: Path, recorded: Recorded
) -> None:
    done = invoke("discovery", "scan", "--source", "nowhere", "--source", shop)
    assert done.returncode == 2
    assert done.stderr.splitlines() == ["❌ There is nothing at nowhere", REVIEW]
    assert done.stdout.splitlines()[0] == "✅ Scanned 2 dataset templates"
    assert len(recorded()) == 2


def test_a_template_that_two_sources_give_is_registered_once_and_reported(
    invoke: Run, shop: Path, tmp_path: Path, recorded: Recorded
) -> None:
    other = tmp_path / "other" / "retail" / "sales"
    other.mkdir(parents=True)
    (other / "orders.csv").write_text("order_id\n1\n")
    done = invoke("discovery", "scan", "--source", shop, "--source", tmp_path / "other")
    assert done.returncode == 1
    assert f"was found in {shop} retail/sales/orders.csv already" in done.stderr
    assert len(recorded()) == 2


def test_a_setting_that_the_kind_of_source_does_not_know_is_refused(
    invoke: Run, shop: Path
) -> None:
    done = invoke("discovery", "scan", "--source", shop, "--set", "depth=3")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("❌ --set depth: Extra inputs are not permitted")


def test_the_kinds_of_source_are_listed_with_what_they_need(invoke: Run) -> None:
    told = {
        each["kind"]: each for each in json.loads(invoke("discovery", "sources", "--json").stdout)
    }
    assert told["files"]["form"].startswith("a file, folder, pattern or fsspec URL")
    for kind in told.values():
        assert kind["about"].endswith(".")
        assert all(setting["about"] for setting in kind["settings"]), kind["kind"]
    assert "files: Template repositories" in invoke("discovery", "sources").stdout


@dataclass(frozen=True)
class Desk:
    """A system's connector, as a find; its health is looked at with every scan."""

    name: str
    endpoint: str = "https://desk.example"
    health: Health = Health.HEALTHY
    size: int = 0

    @property
    def path(self) -> str:
        return self.name

    @property
    def mark(self) -> str:
        return str(uuid4())

    def read(self, known_digest: str, options: ScanOptions) -> DatasetReading:
        if self.name == "broken":
            raise Unreadable("the system does not answer", "status")
        configuration = ConnectorConfiguration(connector_type="desk", endpoint=self.endpoint)
        found = FoundConnector(name=self.name, configuration=configuration, health=self.health)
        return DatasetReading(path=self.path, size=0, connectors=[found])


class System(Source):
    """A system of the tests."""

    FORM: ClassVar = "system://NAME"
    desks: tuple[Desk, ...] = ()

    @classmethod
    def takes(cls, text: str) -> bool:
        return text.startswith("system://")

    def finds(self) -> Iterator[Find]:
        return iter(self.desks)


def system(*desks: Desk) -> System:
    return System(text="system://acme", desks=desks)


FOR_CLIENT = ScanContext(client=CLIENT)


def test_connectors_are_registered_for_the_client_with_their_health(
    application: RegistryApplication, recorded: Recorded
) -> None:
    report = Scanner(application).scan(system(Desk("jira"), Desk("wiki")), FOR_CLIENT)
    assert [each.change for each in report.connectors] == [Change.NEW, Change.NEW]
    assert [event.topic for event in recorded()] == [
        "ConnectorRegistered",
        "ConnectorHealthRecorded",
        "ConnectorRegistered",
        "ConnectorHealthRecorded",
    ]
    assert {event.facts["client_id"] for event in recorded()} == {str(CLIENT)}


def test_a_connector_that_is_found_again_is_revised_and_looked_at(
    application: RegistryApplication, recorded: Recorded
) -> None:
    first = Scanner(application).scan(system(Desk("jira")), FOR_CLIENT)
    moved = Desk("jira", endpoint="https://new.example", health=Health.DEGRADED)
    second = Scanner(application).scan(system(moved), FOR_CLIENT)
    third = Scanner(application).scan(system(moved), FOR_CLIENT)
    changes = [each.connectors[0].change for each in (first, second, third)]
    assert changes == [Change.NEW, Change.CHANGED, Change.UNCHANGED]
    assert len({each.connectors[0].connector_id for each in (first, second, third)}) == 1
    assert [event.topic for event in recorded()][2:] == [
        "ConnectorRevised",
        "ConnectorHealthRecorded",
        "ConnectorHealthRecorded",
    ]


def test_a_connector_that_cannot_be_registered_is_reported_and_the_others_are(
    application: RegistryApplication,
) -> None:
    configuration = ConnectorConfiguration(connector_type="desk")
    application.submit(
        Submission(
            command=RegisterConnector(name="JIRA", configuration=configuration),
            target=uuid4(),
            client_id=CLIENT,
            provenance=Provenance(actor="somebody", command_id=uuid4()),
        )
    )
    found = system(Desk("jira"), Desk("broken"), Desk("wiki"))
    report = Scanner(application).scan(found, FOR_CLIENT)
    assert [each.name for each in report.connectors] == ["wiki"]
    told = sorted(map(str, report.failures))
    assert told[0] == "broken: status: the system does not answer"
    assert told[1].startswith("jira: jira: Connector ")
    assert told[1].endswith('is already named "jira"; names are unique without regard to case.')


def test_without_a_client_connectors_are_counted_and_not_registered(
    application: RegistryApplication, recorded: Recorded
) -> None:
    report = Scanner(application).scan(system(Desk("jira")))
    assert (report.unclaimed, report.connectors, recorded()) == (1, [], [])


def test_a_dry_run_tells_of_connectors_and_registers_none(
    application: RegistryApplication, recorded: Recorded
) -> None:
    report = Scanner(application, dry_run=True).scan(system(Desk("jira")), FOR_CLIENT)
    assert [len(each.events) for each in report.connectors] == [2]
    assert recorded() == []
