"""References among the tables of a source, found by its scans without reading a table twice."""

import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from psycopg import Connection

from discovery import relations
from discovery.dataset_reading import ScanOptions
from discovery.scan_memory import ScanMemory
from discovery.scan_report import Change, ScanReport
from discovery.scanner import Scanner
from registry.application import RegistryApplication
from registry.privacy import SamplePolicy
from registry.store import RecordedEvent

Recorded = Callable[[], list[RecordedEvent]]
Scan = Callable[..., ScanReport]

CUSTOMERS = "id,name\n" + "".join(f"{3 * n},Customer {n}\n" for n in range(1, 81))
ORDERS = "order_id,customer_id,amount\n" + "".join(
    f"{1000 + n},{3 * (1 + n % 80)},{n * 1.37:.2f}\n" for n in range(200)
)
REFERENCE = ("customer_id", "retail/shop/customers", "id")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A source with orders, and with a template that is no table."""
    folder = tmp_path / "source" / "retail" / "shop"
    folder.mkdir(parents=True)
    (folder / "orders.csv").write_text(ORDERS)
    (folder / "stock.json").write_text('[{"sku": "X1", "stock": 4}]')
    return folder


@pytest.fixture
def scan(application: RegistryApplication, url: str, shop: Path) -> Scan:
    """Scans the source, remembering."""
    source = str(shop.parents[1])

    def scan(options: ScanOptions | None = None, **more: Any) -> ScanReport:
        options = options or ScanOptions()
        memory = ScanMemory(url, source, asdict(options))
        return Scanner(application, options=options, memory=memory, **more).scan(source)

    return scan


def test_tables_that_are_read_together_are_registered_once_with_their_references(
    scan: Scan, shop: Path, recorded: Recorded
) -> None:
    (shop / "customers.csv").write_text(CUSTOMERS)
    report = scan()
    assert (report.failures, report.count(Change.NEW), len(recorded())) == ([], 3, 3)
    assert _references(recorded, "orders") == [REFERENCE]
    assert _references(recorded, "customers") == []
    assert _keys(recorded, "customers")["primary_keys"] == {"retail/shop/customers": ["id"]}


def test_a_table_that_comes_revises_those_that_refer_to_it_and_none_is_read_again(
    scan: Scan, shop: Path, recorded: Recorded, looked_into: list[str]
) -> None:
    scan()
    assert _references(recorded, "orders") == []
    looked_into.clear()
    (shop / "customers.csv").write_text(CUSTOMERS)
    report = scan()
    assert looked_into == ["retail/shop/customers.csv"]
    assert [(each.identity, each.change) for each in report.templates] == [
        ("retail/shop/customers", Change.NEW),
        ("retail/shop/orders", Change.CHANGED),
        ("retail/shop/stock", Change.UNCHANGED),
    ]
    assert _references(recorded, "orders") == [REFERENCE]
    before, looked_into[:] = recorded(), []
    assert (scan().count(Change.UNCHANGED), recorded(), looked_into) == (3, before, [])


def test_a_table_that_goes_or_changes_is_no_longer_referred_to(
    scan: Scan, shop: Path, recorded: Recorded
) -> None:
    (shop / "customers.csv").write_text(CUSTOMERS)
    scan()
    (shop / "customers.csv").write_text("id,name\n7,Ana\n8,Ivo\n")
    scan()
    assert _references(recorded, "orders") == []
    (shop / "customers.csv").write_text(CUSTOMERS)
    scan()
    assert _references(recorded, "orders") == [REFERENCE]
    (shop / "customers.csv").unlink()
    scan()
    assert _references(recorded, "orders") == []


def test_a_table_that_says_nothing_to_the_others_revises_none_of_them(
    scan: Scan, shop: Path, recorded: Recorded
) -> None:
    (shop / "customers.csv").write_text(CUSTOMERS)
    scan()
    (shop / "weather.csv").write_text("day,rain\n2024-01-01,0.5\n2024-01-02,1.5\n")
    scan()
    assert [event.topic for event in recorded()] == ["DatasetTemplateRegistered"] * 4


def test_a_table_that_cannot_be_read_for_the_moment_is_still_referred_to(
    scan: Scan, shop: Path, recorded: Recorded
) -> None:
    (shop / "customers.csv").write_text(CUSTOMERS)
    scan()
    (shop / "customers.csv").unlink()
    os.mkfifo(shop / "customers.csv")
    assert len(scan().failures) == 1
    assert _references(recorded, "orders") == [REFERENCE]


def test_a_dry_run_tells_what_references_would_revise_and_revises_nothing(
    scan: Scan, shop: Path, recorded: Recorded
) -> None:
    scan()
    (shop / "customers.csv").write_text(CUSTOMERS)
    report = scan(dry_run=True)
    assert (report.count(Change.NEW), report.count(Change.CHANGED), len(recorded())) == (1, 1, 2)
    assert _references(recorded, "orders") == []
    assert scan().count(Change.CHANGED) == 1


def test_of_very_many_tables_the_first_are_registered_before_the_last_are_read(
    scan: Scan, shop: Path, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relations, "MOST_HELD", 1)
    for name in ("customers", "items", "visits"):
        (shop / f"{name}.csv").write_text(CUSTOMERS if name == "customers" else ORDERS)
    report = scan()
    assert (report.failures, report.count(Change.NEW)) == ([], 5)
    for name in ("orders", "items", "visits"):
        assert REFERENCE in _references(recorded, name)
    before = recorded()
    assert (scan().count(Change.UNCHANGED), recorded()) == (5, before)


def test_in_a_source_of_very_many_tables_those_of_one_folder_are_compared(
    scan: Scan, shop: Path, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relations, "MOST_TABLES", 2)
    elsewhere = shop.parent / "crm"
    elsewhere.mkdir()
    (elsewhere / "orders.csv").write_text(ORDERS)
    (shop / "customers.csv").write_text(CUSTOMERS)
    scan()
    assert _references(recorded, "orders", "shop") == [REFERENCE]
    assert _references(recorded, "orders", "crm") == []


def test_no_hash_of_what_tells_of_a_person_is_kept(
    scan: Scan, shop: Path, connection: Connection[Any]
) -> None:
    from discovery.keys.stored_evidence import from_text

    rows = "".join(f"{n},wilma{n}.oakenshaw@posteo.de\n" for n in range(30))
    (shop / "people.csv").write_text(f"id,email\n{rows}")

    def kept() -> list[dict[str, int]]:
        found = connection.execute(
            "SELECT findings #>> '{}' FROM scanned_files WHERE jsonb_typeof(findings) = 'string'"
        ).fetchall()
        evidence = [from_text(text) for (text,) in found if len(text) != 64]
        return [
            {column.name: len(column.keys.hashes) for column in each.columns} for each in evidence
        ]

    scan()
    assert {"id": 30, "email": 0} in kept()
    scan(ScanOptions(samples=SamplePolicy.RAW))
    assert {"id": 30, "email": 30} in kept()


def test_what_is_doubtful_of_data_is_stored_and_remembered(
    scan: Scan, shop: Path, recorded: Recorded
) -> None:
    (shop / "notes.csv").write_text("id,note\n1,a\n2,b,c\n3,d\n" + "4,e\n" * 20)
    for change in (Change.NEW, Change.UNCHANGED):
        report = scan()
        (notes,) = (each for each in report.templates if each.identity.endswith("notes"))
        assert (notes.change, notes.warning_count) == (change, len(notes.warnings))
        assert 3 in [warning["line"] for warning in notes.warnings]
    statistics = _last(recorded, "notes", "shop")["statistics"]
    assert statistics["warnings"] == list(notes.warnings)


def _last(recorded: Recorded, dataset_type: str, use_case: str) -> dict[str, Any]:
    definitions = [event.facts["definition"] for event in recorded()]
    identity = {"industry": "retail", "use_case": use_case, "dataset_type": dataset_type}
    found: dict[str, Any] = [each for each in definitions if each["identity"] == identity][-1]
    return found


def _keys(recorded: Recorded, dataset_type: str, use_case: str = "shop") -> dict[str, Any]:
    keys: dict[str, Any] = _last(recorded, dataset_type, use_case)["statistics"]["keys"]
    return keys


def _references(
    recorded: Recorded, dataset_type: str, use_case: str = "shop"
) -> list[tuple[str, str, str]]:
    return [
        (*each["from"], each["to_table"], *each["to"])
        for each in _keys(recorded, dataset_type, use_case)["foreign_keys"]
    ]
