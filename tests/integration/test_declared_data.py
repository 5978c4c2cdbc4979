"""Data packages, Croissant and CSVW metadata: what they declare counts, and is held to the data."""

import json
from pathlib import Path
from typing import Any

import pytest

from discovery.dataset_reading import ScanOptions
from discovery.scan_report import Change
from discovery.scanner import Scanner
from discovery.sources.files import Files
from registry.application import RegistryApplication

CUSTOMERS = "id,name\nC1,Ada\nC2,Bo\nC2,Cy\n"
ORDERS = (
    "order_id,customer,placed,total,state\n"
    "1,C1,2026-01-31,12.5,open\n"
    "2,C2,2026-02-30,8,sent\n"
    "3,C9,2026-02-01,much,lost\n"
    "4,,2026-02-02,-1,open\n"
    "x,C1,2026-02-03,n/a,\n"
)
PACKAGE: dict[str, Any] = {
    "name": "shop",
    "keywords": ["Shop Data"],
    "resources": [
        {
            "name": "orders",
            "title": "Orders of the shop",
            "path": "data/orders.csv",
            "schema": {
                "fields": [
                    {"name": "order_id", "type": "integer", "description": "Counts up."},
                    {"name": "customer", "type": "string", "constraints": {"required": True}},
                    {"name": "placed", "type": "date"},
                    {"name": "total", "type": "number", "constraints": {"minimum": 0}},
                    {"name": "state", "type": "string", "constraints": {"enum": ["open", "sent"]}},
                    {"name": "gone", "type": "string"},
                ],
                "missingValues": ["", "n/a"],
                "primaryKey": "order_id",
                "foreignKeys": [
                    {
                        "fields": "customer",
                        "reference": {"resource": "customers", "fields": "id"},
                    }
                ],
            },
        },
        {
            "name": "customers",
            "path": ["data/customers.csv"],
            "schema": {
                "fields": [{"name": "id", "type": "string"}, {"name": "name"}],
                "primaryKey": ["id"],
            },
        },
    ],
}
CROISSANT: dict[str, Any] = {
    "@context": {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/"},
    "@type": "sc:Dataset",
    "conformsTo": "http://mlcommons.org/croissant/1.0",
    "name": "Orders",
    "distribution": [
        {
            "@type": "cr:FileObject",
            "@id": "orders.csv",
            "contentUrl": "data/orders.csv",
            "encodingFormat": "text/csv",
        }
    ],
    "recordSet": [
        {
            "@type": "cr:RecordSet",
            "@id": "orders",
            "key": {"@id": "orders/number"},
            "field": [
                {
                    "@type": "cr:Field",
                    "@id": "orders/number",
                    "name": "number",
                    "dataType": "sc:Integer",
                    "source": {
                        "fileObject": {"@id": "orders.csv"},
                        "extract": {"column": "order_id"},
                    },
                },
                {
                    "@type": "cr:Field",
                    "@id": "orders/total",
                    "dataType": ["sc:Float"],
                    "source": {
                        "fileObject": {"@id": "orders.csv"},
                        "extract": {"column": "total"},
                    },
                },
            ],
        }
    ],
}
CSVW: dict[str, Any] = {
    "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
    "url": "data/orders.csv",
    "dc:title": {"@value": "Orders", "@language": "en"},
    "tableSchema": {
        "columns": [
            {"name": "order", "titles": "order_id", "datatype": "integer"},
            {"titles": ["total"], "datatype": {"base": "decimal", "minimum": 0}},
        ],
        "primaryKey": "order",
    },
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "source" / "retail" / "sales"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "orders.csv").write_text(ORDERS)
    (folder / "data" / "customers.csv").write_text(CUSTOMERS)
    return folder


def written(shop: Path, name: str, document: Any) -> None:
    (shop / name).write_text(json.dumps(document))


def root_of(shop: Path) -> Path:
    return shop.parent.parent


def readings(source: Path) -> list[Any]:
    return [find.read("", ScanOptions()) for find in Files(text=str(source)).finds()]


def found_in(shop: Path) -> dict[str, Any]:
    commands = [command for reading in readings(root_of(shop)) for command in reading.commands]
    return {str(each.definition.identity): each.definition for each in commands}


def contradictions(definition: Any) -> set[tuple[str, str, int | None, tuple[int, ...]]]:
    return {
        (each["field"], each["rule"], each["count"], tuple(each["lines"]))
        for each in definition.statistics["declared"]["contradictions"]
    }


def test_a_data_package_declares_its_tables_and_they_are_not_registered_again(shop: Path) -> None:
    written(shop, "datapackage.json", PACKAGE)
    found = found_in(shop)
    assert set(found) == {"retail/sales/orders", "retail/sales/customers"}
    orders = found["retail/sales/orders"]
    assert (orders.name, orders.tags) == ("Orders of the shop", ["shop_data"])
    assert orders.declared_schema
    assert orders.default_record_count == 5
    assert orders.schema["properties"]["placed"] == {"type": ["string", "null"], "format": "date"}
    assert orders.schema["required"] == ["order_id", "customer"]


def test_what_the_data_say_against_a_data_package_is_counted_with_its_first_lines(
    shop: Path,
) -> None:
    written(shop, "datapackage.json", PACKAGE)
    found = found_in(shop)
    assert contradictions(found["retail/sales/orders"]) == {
        ("gone", "there is such a field", None, ()),
        ("order_id", "a value is an integer", 1, (6,)),
        ("customer", "a value is never missing", 1, (5,)),
        ("placed", "a value is a date", 1, (3,)),
        ("total", "a value is a number", 1, (4,)),
        ("total", "the minimum is 0", 1, (5,)),
        ("state", "there are the listed values only", 1, (4,)),
        ("customer", "values are those of customers id", 1, ()),
    }
    assert contradictions(found["retail/sales/customers"]) == {("id", "values are unique", 1, ())}
    warnings = [each["message"] for each in found["retail/sales/orders"].statistics["warnings"]]
    assert any("total: declared is that a value is a number" in each for each in warnings)


def test_keys_are_taken_as_declared_with_what_the_data_say_of_them(shop: Path) -> None:
    written(shop, "datapackage.json", PACKAGE)
    keys = found_in(shop)["retail/sales/orders"].statistics["keys"]
    assert list(keys["primary_keys"].values()) == [["order_id"]]
    [foreign] = keys["foreign_keys"]
    assert (foreign["from"], foreign["to"], foreign["coverage"]) == (["customer"], ["id"], 0.75)
    assert foreign["certainty"] == 0.5


@pytest.mark.parametrize(
    ("name", "document"),
    [("croissant.json", CROISSANT), ("metadata.json", CROISSANT), ("orders-metadata.json", CSVW)],
)
def test_croissant_and_csvw_declare_their_tables_as_well(
    shop: Path, name: str, document: Any
) -> None:
    written(shop, name, document)
    found = found_in(shop)
    assert set(found) == {"retail/sales/orders", "retail/sales/data"}  # which the customers are
    orders = found["retail/sales/orders"]
    assert orders.name == "Orders"
    assert list(orders.schema["properties"]) == ["order_id", "total"]
    assert list(orders.statistics["keys"]["primary_keys"].values()) == [["order_id"]]
    assert ("total", "a value is a number", 2, (4, 6)) in contradictions(orders)
    assert ("order_id", "a value is an integer", 1, (6,)) in contradictions(orders)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../secret.csv", "leads out of the folder of the document"),
        ("data/../../secret.csv", "leads out of the folder of the document"),
        ("%2e%2e/secret.csv", "leads out of the folder of the document"),
        ("/etc/passwd", "leads out of the folder of the document"),
        ("https://elsewhere.test/orders.csv", "is elsewhere, and is not fetched"),
        ("file:///etc/passwd", "is elsewhere, and is not fetched"),
        ("data/none.csv", "is not there, or is no file of data"),
    ],
)
def test_data_outside_the_folder_of_a_document_are_refused(
    application: RegistryApplication, shop: Path, path: str, reason: str
) -> None:
    (shop.parent / "secret.csv").write_text(CUSTOMERS)
    package = json.loads(json.dumps(PACKAGE))
    package["resources"][1]["path"] = path
    del package["resources"][0]["schema"]["foreignKeys"]
    written(shop, "datapackage.json", package)
    report = Scanner(application).scan(str(root_of(shop)))
    [failure] = [each for each in report.failures if "datapackage" in each.path]
    assert (failure.place, failure.reason) == (f"customers {path}", reason)


def test_numbers_and_dates_may_be_declared_to_be_written_in_a_way_of_their_own(shop: Path) -> None:
    (shop / "data" / "orders.csv").write_text("id;amount;at\n1;1,5;31.01.2026\n2;2,5;1.2.2026\n")
    fields = [
        {"name": "id", "type": "integer"},
        {"name": "amount", "type": "number", "decimalChar": ","},
        {"name": "at", "type": "date", "format": "%d.%m.%Y"},
    ]
    resource = {"name": "orders", "path": "data/orders.csv", "schema": {"fields": fields}}
    written(shop, "datapackage.json", {"resources": [resource]})
    assert contradictions(found_in(shop)["retail/sales/orders"]) == set()


def test_a_document_alone_is_a_source_with_the_files_beside_it(shop: Path) -> None:
    written(shop, "datapackage.json", PACKAGE)
    [reading] = readings(shop / "datapackage.json")
    assert [str(command.definition.identity) for command in reading.commands] == [
        "retail/sales/orders",
        "retail/sales/customers",
    ]


def test_records_that_stand_in_a_data_package_are_held_to_its_fields(shop: Path) -> None:
    data = [{"a": 1}, {"a": "two"}, {"a": None, "b": 1}]
    schema = {"fields": [{"name": "a", "type": "integer", "constraints": {"required": True}}]}
    resource = {"name": "inline", "data": data, "schema": schema}
    written(shop, "datapackage.json", {"resources": [resource]})
    inline = found_in(shop)["retail/sales/inline"]
    assert inline.schema["properties"] == {"a": {"type": "integer"}}
    assert contradictions(inline) == {
        ("a", "a value is an integer", 1, ()),
        ("a", "a value is never missing", 1, ()),
        ("b", "there are the declared fields only", None, ()),
    }


def test_a_schema_may_stand_in_a_file_beside_the_data_package(shop: Path) -> None:
    package = json.loads(json.dumps(PACKAGE))
    written(shop, "orders.fields.json", package["resources"][0]["schema"])
    package["resources"][0]["schema"] = "orders.fields.json"
    written(shop, "datapackage.json", package)
    found = found_in(shop)
    assert set(found) == {"retail/sales/orders", "retail/sales/customers"}
    assert found["retail/sales/orders"].schema["properties"]["order_id"]["type"] == "integer"


def test_a_broken_document_is_reported_with_its_place(
    application: RegistryApplication, shop: Path
) -> None:
    written(shop, "datapackage.json", {"resources": [{"path": [1]}]})
    report = Scanner(application).scan(str(root_of(shop)))
    [failure] = [each for each in report.failures if "datapackage" in each.path]
    assert failure.place == "/resources/0/path/0"


def test_a_file_with_the_name_of_a_document_may_be_data(shop: Path) -> None:
    written(shop, "orders-metadata.json", [{"a": 1}])
    assert "retail/sales/orders_metadata" in found_in(shop)


def test_declared_data_that_did_not_change_are_not_read_again(
    application: RegistryApplication, shop: Path
) -> None:
    written(shop, "datapackage.json", PACKAGE)
    assert Scanner(application).scan(str(root_of(shop))).count(Change.NEW) == 2
    again = Scanner(application).scan(str(root_of(shop)))
    assert (again.count(Change.UNCHANGED), again.failures) == (2, [])
