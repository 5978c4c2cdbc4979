"""A scan registers plain data beside templates, whatever it is written in, and keeps secrets."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pyarrow
import pyarrow.parquet
import pytest
from psycopg import Connection

from discovery import datasets
from discovery.dataset_reading import ScanOptions
from discovery.readers import readers
from discovery.scan_report import Change
from discovery.scanner import Scanner
from registry.application import RegistryApplication
from registry.privacy import SamplePolicy
from registry.store import RecordedEvent

from .conftest import Run

Recorded = Callable[[], list[RecordedEvent]]

ORDERS = "order_id,placed,amount\nA-001,2024-01-02,9.50\nA-002,2024-01-03,12.00\nA-003,,7.25\n"
LINES = '{"sku": "X1", "stock": 4}\n{"sku": "X2", "stock": 0}\n'
PEOPLE = (
    "customer,email,card,city\n"
    "Wilhelmina Oakenshaw,wilma.oakenshaw@posteo.de,4539578763621486,Trondheim\n"
    "Bartholomew Quimby,b.quimby@fastmail.com,4716461583322103,Trondheim\n"
    "Ingeborg Falkenrath,ingeborg@falkenrath.example,4485275742308327,Bergen\n"
)
SECRETS = [
    *("Oakenshaw", "Quimby", "Falkenrath", "posteo", "fastmail"),
    *("4539578763621486", "4716461583322103", "4485275742308327"),
]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder where data of several kinds lies beside a template."""
    folder = tmp_path / "source" / "retail" / "shop"
    folder.mkdir(parents=True)
    (folder / "orders.csv").write_text(ORDERS)
    (folder / "returns.csv.gz").write_bytes(gzip.compress(ORDERS.encode()))
    (folder / "stock.jsonl").write_text(LINES)
    prices = pyarrow.table({"sku": ["X1", "X2"], "price": [1.5, 2.0]})
    pyarrow.parquet.write_table(prices, folder / "prices.parquet")
    template = {"format_version": "1", "metadata": {"name": "Visits"}, "records": [{"page": "/"}]}
    (folder / "visits.json").write_text(json.dumps(template))
    return tmp_path / "source"


def test_data_of_every_kind_is_registered_beside_templates(
    application: RegistryApplication, shop: Path, recorded: Recorded
) -> None:
    report = Scanner(application).scan(str(shop))
    assert report.failures == []
    definitions = _definitions(recorded)
    assert sorted(definitions) == [
        "retail/shop/orders",
        "retail/shop/prices",
        "retail/shop/returns",
        "retail/shop/stock",
        "retail/shop/visits",
    ]
    assert definitions["retail/shop/visits"]["name"] == "Visits"
    orders, returns = definitions["retail/shop/orders"], definitions["retail/shop/returns"]
    assert orders["schema"] == returns["schema"]
    assert list(orders["schema"]["properties"]) == ["order_id", "placed", "amount"]
    assert orders["schema"]["properties"]["amount"]["type"] == "number"
    assert orders["statistics"]["dialect"]["delimiter"] == ","
    assert (orders["default_record_count"], len(orders["sample_data"])) == (3, 3)
    assert orders["default_size_mb"] == round(len(ORDERS) / 1e6, 6)
    assert definitions["retail/shop/prices"]["schema"]["properties"]["price"]["type"] == "number"
    assert definitions["retail/shop/stock"]["sample_data"] == list(
        map(json.loads, LINES.splitlines())
    )


@pytest.mark.parametrize("name", ["orders.csv", "orders.json", "orders.jsonl"])
def test_what_is_given_tells_the_identity_that_a_path_does_not(
    application: RegistryApplication, tmp_path: Path, recorded: Recorded, name: str
) -> None:
    (tmp_path / "data").mkdir()
    content = ORDERS if name.endswith(".csv") else '[{"order_id": "A-001"}]\n'
    (tmp_path / "data" / name).write_text(content)
    given = {"industry": "retail", "use_case": "shop", "dataset_type": "purchases"}
    told = {name: given[name] for name in ("industry", "use_case")}

    report = Scanner(application, options=ScanOptions(told)).scan(str(tmp_path / "data"))
    assert [template.identity for template in report.templates] == ["retail/shop/orders"]
    report = Scanner(application, options=ScanOptions(given)).scan(str(tmp_path / "data"))
    assert [template.identity for template in report.templates] == ["retail/shop/purchases"]


def test_what_is_given_wins_over_what_a_template_file_says(
    application: RegistryApplication, shop: Path
) -> None:
    file = shop / "retail" / "shop" / "visits.json"
    said = {"industry": "fintech", "use_case": "payments"}
    file.write_text(json.dumps({"format_version": "1", "metadata": said, "records": [{"a": 1}]}))
    options = ScanOptions({"industry": "media"})
    report = Scanner(application, options=options).scan(str(file))
    assert [template.identity for template in report.templates] == ["media/payments/visits"]


@pytest.mark.parametrize(
    ("name", "content"), [("orders.csv", ORDERS), ("orders.json", '[{"order_id": "A-001"}]')]
)
def test_a_description_beside_the_data_says_what_it_is(
    application: RegistryApplication, tmp_path: Path, recorded: Recorded, name: str, content: str
) -> None:
    folder = tmp_path / "source" / "dump"
    folder.mkdir(parents=True)
    (folder / name).write_text(content)
    (folder / "dataset.yaml").write_text(
        "industry: retail\nuse_case: shop\ndataset_type: orders\n"
        "name: All orders\ndescription: Since 2019\ntags: [sales]\ncustom_fields: {owner: Sales}\n"
    )
    report = Scanner(application).scan(str(tmp_path / "source"))
    assert report.failures == []
    (definition,) = _definitions(recorded).values()
    assert definition["identity"]["dataset_type"] == "orders"
    assert (definition["name"], definition["description"]) == ("All orders", "Since 2019")
    assert (definition["tags"], definition["custom_fields"]) == (["sales"], {"owner": "Sales"})


@pytest.mark.parametrize(
    ("name", "content"),
    [("orders.csv", ORDERS), ("orders.json", '[{"a": 1}]'), ("orders.jsonl", LINES)],
)
def test_data_whose_identity_is_not_told_is_reported_with_what_there_is_to_do(
    application: RegistryApplication, tmp_path: Path, recorded: Recorded, name: str, content: str
) -> None:
    folder = tmp_path / "source" / "shop"
    folder.mkdir(parents=True)
    (folder / name).write_text(content)
    (failure,) = Scanner(application).scan(str(tmp_path / "source")).failures
    assert (failure.path, failure.place) == (f"shop/{name}", "industry")
    assert "give --industry, or write a dataset.yaml beside the data" in failure.reason
    assert recorded() == []


def test_a_description_that_cannot_be_read_is_reported_with_its_place(
    application: RegistryApplication, shop: Path
) -> None:
    (shop / "retail" / "shop" / "dataset.yaml").write_text("name: Shop\nowner: me\n")
    (failure,) = Scanner(application).scan(str(shop)).failures
    assert (failure.path, failure.place) == ("retail/shop", "dataset.yaml owner")


@pytest.mark.parametrize("policy", [SamplePolicy.MASKED, SamplePolicy.NONE])
@pytest.mark.parametrize("name", ["people.csv", "people.jsonl", "people.json", "people.parquet"])
def test_no_private_value_reaches_the_event_store(
    application: RegistryApplication,
    connection: Connection[Any],
    tmp_path: Path,
    recorded: Recorded,
    policy: SamplePolicy,
    name: str,
) -> None:
    source = _people(tmp_path, name)
    report = Scanner(application, options=ScanOptions(samples=policy)).scan(str(source))
    assert (report.failures, report.count(Change.NEW)) == ([], 1)
    stored = _everything_stored(connection)
    assert [secret for secret in SECRETS if secret.lower() in stored.lower()] == []
    assert "Trondheim" in stored  # what is not private is told
    (definition,) = _definitions(recorded).values()
    assert len(definition["sample_data"]) == (3 if policy is SamplePolicy.MASKED else 0)


@pytest.mark.parametrize("name", ["people.csv", "people.json"])
def test_private_values_are_kept_only_when_raw_samples_are_asked_for(
    invoke: Run, connection: Connection[Any], tmp_path: Path, name: str
) -> None:
    done = invoke("discovery", "scan", "--source", _people(tmp_path, name), "--samples", "raw")
    assert done.returncode == 0
    assert "❌" not in done.stderr
    stored = _everything_stored(connection)
    assert [secret for secret in SECRETS if secret not in stored] == []


def test_a_stray_address_among_numbers_does_not_reach_the_event_store(
    application: RegistryApplication, connection: Connection[Any], tmp_path: Path
) -> None:
    source = _people(tmp_path, "people.csv")
    rows = "".join(f"{number},{number * 7}\n" for number in range(200))
    (source / "retail" / "crm" / "amounts.csv").write_text(
        f"id,amount\n{rows}201,wilma.oakenshaw@posteo.de\n"
    )
    Scanner(application).scan(str(source))
    assert "posteo" not in _everything_stored(connection)


def test_the_second_of_two_datasets_of_one_identity_is_reported(
    application: RegistryApplication, shop: Path, recorded: Recorded
) -> None:
    folder = shop / "retail" / "shop"
    (folder / "Orders.tsv").write_text(ORDERS.replace(",", "\t"))
    report = Scanner(application).scan(str(shop))
    assert [(failure.path, failure.reason) for failure in report.failures] == [
        (
            "retail/shop/orders.csv",
            "retail/shop/orders was found in retail/shop/Orders.tsv already",
        )
    ]
    assert len(recorded()) == len(report.templates) == 5


def test_a_folder_of_parts_is_one_template_with_the_records_of_all(
    application: RegistryApplication, tmp_path: Path, recorded: Recorded
) -> None:
    folder = tmp_path / "source" / "retail" / "shop" / "orders"
    folder.mkdir(parents=True)
    for number in range(3):
        (folder / f"part-{number}.csv").write_text(ORDERS)
    report = Scanner(application).scan(str(tmp_path / "source"))
    assert [(one.path, one.identity) for one in report.templates] == [
        ("retail/shop/orders", "retail/shop/orders")
    ]
    (definition,) = _definitions(recorded).values()
    assert definition["default_record_count"] == 9


def test_files_of_a_folder_with_different_columns_are_templates_of_their_own(
    application: RegistryApplication, tmp_path: Path
) -> None:
    folder = tmp_path / "source" / "retail" / "shop" / "export"
    (folder / "old").mkdir(parents=True)
    (folder / "orders.csv").write_text(ORDERS)
    (folder / "stock.csv").write_text("sku,stock\nX1,4\nX2,0\n")
    (folder / "old" / "stock.csv").write_text("sku,left\nX1,4\nX2,0\n")
    report = Scanner(application).scan(str(tmp_path / "source"))
    assert report.failures == []
    assert sorted(template.identity for template in report.templates) == [
        "retail/shop/export_old_stock",
        "retail/shop/export_orders",
        "retail/shop/export_stock",
    ]


def test_a_broken_part_is_named(application: RegistryApplication, tmp_path: Path) -> None:
    folder = tmp_path / "source" / "retail" / "shop" / "orders"
    folder.mkdir(parents=True)
    (folder / "part-0.csv.gz").write_bytes(gzip.compress(ORDERS.encode()))
    (folder / "part-1.csv.gz").write_bytes(gzip.compress(ORDERS.encode())[:-9])
    (failure,) = Scanner(application).scan(str(tmp_path / "source")).failures
    assert (failure.path, failure.place) == (
        "retail/shop/orders",
        "retail/shop/orders/part-1.csv.gz",
    )


def test_folders_that_tell_a_partition_are_fields_of_the_records(
    application: RegistryApplication, tmp_path: Path, recorded: Recorded
) -> None:
    folder = tmp_path / "source" / "retail" / "shop" / "orders"
    for year in (2023, 2024):
        (folder / f"year={year}").mkdir(parents=True)
        (folder / f"year={year}" / "data.csv").write_text(ORDERS)
    report = Scanner(application).scan(str(tmp_path / "source"))
    assert report.failures == []
    (definition,) = _definitions(recorded).values()
    assert list(definition["schema"]["properties"]) == ["order_id", "placed", "amount", "year"]
    assert {record["year"] for record in definition["sample_data"]} <= {2023, 2024}


def test_broken_files_are_reported_and_all_others_are_registered(
    application: RegistryApplication, shop: Path, recorded: Recorded
) -> None:
    broken = {
        "cut.csv.gz": gzip.compress(ORDERS.encode() * 100)[:60],
        "no.parquet": b"PAR1 and then nothing",
        "no.xlsx": b"PK\x03\x04 and then nothing",
        "no.avro": b"Obj\x01 and then nothing",
        "no.zip.csv.zip": b"PK\x03\x04",
        "cut.json": b'{"a": [1, 2',
        "deep.json": b"[" * 200_000,
        "empty.csv": b"",
        "blank.jsonl": b"\n\n",
    }
    for name, content in broken.items():
        (shop / "retail" / "shop" / name).write_bytes(content)
    report = Scanner(application).scan(str(shop))
    failed = {Path(failure.path).name: str(failure) for failure in report.failures}
    assert set(failed) >= broken.keys() - {"empty.csv"}
    assert set(failed) <= broken.keys()
    assert len(recorded()) == report.count(Change.NEW) == 5 + len(broken) - len(failed)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("nul.csv", b"key,text\nA1,a\x00b\nA2,c\nA3,d\n"),
        ("nul.jsonl", b'{"text": "a\\u0000b"}\n{"text": "c"}\n'),
        ("latin.csv", "key,text\nA1,Straße\nA2,Café\nA3,Ålesund\n".encode("cp1252")),
        ("huge.csv", b"key,many\nA1,123456789012345678901234567890\nA2,2\nA3,3\n"),
        ("huge.jsonl", b'{"many": 123456789012345678901234567890}\n{"many": 1}\n'),
        ("big.csv", b"key,big\nA1,1e308\nA2,1e308\nA3,-1e308\n"),
    ],
)
def test_values_that_an_event_cannot_hold_do_not_keep_data_from_being_registered(
    application: RegistryApplication, tmp_path: Path, name: str, content: bytes
) -> None:
    folder = tmp_path / "source" / "retail" / "shop"
    folder.mkdir(parents=True)
    (folder / name).write_bytes(content)
    report = Scanner(application).scan(str(tmp_path / "source"))
    assert [str(failure) for failure in report.failures] == []
    assert report.count(Change.NEW) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("stock.jsonl", '{"sku": "X1"}\n{"sku": \n{"sku": "X3"}\n'),
        ("stock.json", '[\n{"sku": "X1"},\n{"sku": },\n{"sku": "X3"}\n]'),
        ("stock.jsonl", '{"sku": x}\n{"sku": "X2"}\n{"sku": "X3"}\n'),
    ],
)
def test_a_broken_record_keeps_the_others_from_nothing(
    application: RegistryApplication, tmp_path: Path, recorded: Recorded, name: str, content: str
) -> None:
    folder = tmp_path / "source" / "retail" / "shop"
    folder.mkdir(parents=True)
    (folder / name).write_text(content)
    assert Scanner(application).scan(str(tmp_path / "source")).failures == []
    stock = _definitions(recorded)["retail/shop/stock"]
    assert (stock["default_record_count"], len(stock["sample_data"])) == (2, 2)


def test_a_file_that_a_reader_stumbles_over_keeps_no_other_from_being_registered(
    application: RegistryApplication, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(parts: list[Any]) -> Any:
        raise ZeroDivisionError("of all things")

    monkeypatch.setattr(readers, "read_parts", stumble)
    report = Scanner(application).scan(str(shop))
    assert {failure.reason for failure in report.failures} == {
        "cannot be read: ZeroDivisionError: of all things"
    }
    assert sorted(template.path for template in report.templates) == [
        "retail/shop/stock.jsonl",
        "retail/shop/visits.json",
    ]


def test_a_list_of_more_records_than_a_template_may_have_is_data(
    application: RegistryApplication, shop: Path, recorded: Recorded
) -> None:
    file = shop / "retail" / "shop" / "stock.jsonl"
    file.write_text('{"a": 1}\n' * (datasets.LONGEST_TEMPLATE + 1))
    assert Scanner(application).scan(str(file)).failures == []
    assert _definitions(recorded)["retail/shop/stock"]["default_record_count"] == 100_001


def _people(folder: Path, name: str) -> Path:
    """Make a source with one file about people."""
    target = folder / "people" / "retail" / "crm" / name
    target.parent.mkdir(parents=True)
    names, *rows = (line.split(",") for line in PEOPLE.splitlines())
    records = [dict(zip(names, row, strict=True)) for row in rows]
    match target.suffix:
        case ".csv":
            target.write_text(PEOPLE)
        case ".json":
            target.write_text(json.dumps({"format_version": "1", "records": records}))
        case ".jsonl":
            target.write_text("\n".join(map(json.dumps, records)))
        case ".parquet":
            pyarrow.parquet.write_table(pyarrow.Table.from_pylist(records), target)
    return folder / "people"


def _everything_stored(connection: Connection[Any]) -> str:
    """Return what any of the registry's tables hold of events and of what was scanned."""
    texts = []
    for query in (
        "SELECT state FROM registry_events",
        "SELECT state FROM registry_snapshots",
        "SELECT convert_to(findings::text, 'UTF8') FROM scanned_files",
    ):
        cursor = psycopg.Cursor(connection)
        texts += [bytes(row[0]).decode() for row in cursor.execute(query)]
    return "\n".join(texts)


def _definitions(recorded: Recorded) -> dict[str, Any]:
    """Return the definitions last recorded, by identity."""
    definitions = [event.facts["definition"] for event in recorded()]
    return {"/".join(found["identity"].values()): found for found in definitions}
