"""Databases are scanned: SQLite files, and a PostgreSQL that is running."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from discovery.dataset_reading import ScanOptions
from discovery.files import NoSuchSource
from discovery.scan_report import Change, ScanReport
from discovery.scanner import Scanner
from discovery.sources.sources import source_of
from discovery.sources.sql.source import Sql
from discovery.unreadable import Unreadable
from registry.application import RegistryApplication
from registry.store import RecordedEvent
from registry.template import TemplateDefinition

Recorded = Callable[[], list[RecordedEvent]]

SHOP = """
CREATE TABLE customers (
    id integer PRIMARY KEY,
    email varchar(40) NOT NULL UNIQUE,
    active boolean NOT NULL,
    joined date,
    seen timestamp,
    extra json,
    photo blob
);
CREATE TABLE orders (
    number integer,
    region varchar(2),
    customer_id integer NOT NULL REFERENCES customers (id),
    amount numeric(10, 2) NOT NULL,
    PRIMARY KEY (region, number)
);
CREATE UNIQUE INDEX by_joined ON customers (joined) WHERE id < 20;
CREATE VIEW large_orders AS SELECT * FROM orders WHERE amount > 100;
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A database of SQLite with two tables and a view."""
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(SHOP)
        connection.executemany(
            "INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    n,
                    f"user{n}@example.com",
                    n % 2,
                    f"2024-01-{n % 28 + 1:02}",
                    f"2024-01-01 10:00:{n % 60:02}",
                    '{"tier": "gold"}',
                    b"\x00\x01" if n else None,
                )
                for n in range(200)
            ],
        )
        connection.executemany(
            "INSERT INTO orders VALUES (?, ?, ?, ?)",
            [(n, "no" if n % 2 else "se", n % 200, n * 1.25) for n in range(400)],
        )
    connection.close()
    return path


def tables(text: str, **told: Any) -> dict[str, TemplateDefinition]:
    """Return the templates of the tables of a database by their paths."""
    options = ScanOptions({"industry": "retail"})
    readings = [find.read("", options) for find in source_of(text, told).finds()]
    return {reading.path: reading.commands[0].definition for reading in readings}


def test_tables_become_templates_with_declared_columns(shop: Path) -> None:
    customers = tables(f"sqlite:///{shop}")["customers"]

    assert str(customers.identity) == "retail/shop/customers"
    assert customers.default_record_count == 200
    assert customers.schema["required"] == ["id", "email", "active"]
    assert customers.schema["properties"] == {
        "id": {"type": "integer"},
        "email": {"type": "string", "maxLength": 40},
        "active": {"type": "boolean"},
        "joined": {"type": ["string", "null"], "format": "date", "x-type": "date"},
        "seen": {"type": ["string", "null"], "x-type": "datetime"},
        "extra": {
            "type": ["object", "null"],
            "properties": {"tier": {"type": "string", "enum": ["gold"]}},
            "required": ["tier"],
        },
        "photo": {"type": ["string", "null"], "x-type": "binary"},
    }


def test_values_of_sqlite_are_those_of_the_declared_types(shop: Path) -> None:
    [sample, *_] = tables(f"sqlite:///{shop}")["customers"].sample_data

    assert sample["active"] is False
    assert sample["seen"] == "2024-01-01T10:00:00"
    assert sample["extra"] == {"tier": "gold"}
    assert "user0@example.com" not in sample["email"]


def test_bytes_are_not_read_but_whether_there_are_any(shop: Path) -> None:
    customers = tables(f"sqlite:///{shop}")["customers"]
    [photo] = [each for each in customers.statistics["fields"] if each["path"] == "photo"]

    assert (photo["null_share"], photo["most_characters"]) == (0.005, 0)


def test_keys_are_as_declared(shop: Path) -> None:
    found = tables(f"sqlite:///{shop}")
    keys = found["orders"].statistics["keys"]

    assert keys["primary_keys"] == {"orders": ["region", "number"]}
    [foreign] = keys["foreign_keys"]
    assert (foreign["from"], foreign["to_table"], foreign["to"]) == (
        ["customer_id"],
        "customers",
        ["id"],
    )
    assert all(each["for"] == ["the database declares it"] for each in keys["evidence"])
    assert found["customers"].custom_fields["sql"]["unique_keys"] == [["email"]]


def test_a_sample_profiles_the_first_rows_and_counts_all(shop: Path) -> None:
    orders = tables(f"sqlite:///{shop}", rows=50)["orders"]

    assert orders.default_record_count == 400
    assert orders.custom_fields["sql"]["profiled_rows"] == 50
    assert [each["region"] for each in orders.sample_data] == ["no"] * 5


def test_a_full_profile_reads_all_rows(shop: Path) -> None:
    orders = tables(f"sqlite:///{shop}", profile="full", rows=50)["orders"]
    [amount] = [each for each in orders.statistics["fields"] if each["path"] == "amount"]

    assert orders.custom_fields["sql"]["profiled_rows"] == amount["count"] == 400
    assert amount["maximum"] == 498.75


def test_values_that_contradict_their_declaration_loosen_it(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "loose.db") as connection:
        connection.execute("CREATE TABLE parts (size integer, code varchar(3), made date)")
        connection.execute(
            "INSERT INTO parts VALUES ('large', 'ABCD', 'last week'), (4, 'A', NULL)"
        )
    connection.close()

    parts = tables(f"sqlite:///{tmp_path / 'loose.db'}")["parts"]
    fields = {each["path"]: each for each in parts.statistics["fields"]}

    assert parts.schema["properties"] == {
        "size": {"type": ["integer", "null", "string"]},
        "code": {"type": ["string", "null"]},
        "made": {"type": ["string", "null"], "x-type": "date"},
    }
    assert fields["size"]["declared_type"] == "INTEGER"
    assert [warning["message"] for warning in parts.statistics["warnings"]] == [
        "size: some values are of type string",
        "code: texts have up to 4 characters where 3 are declared",
        "made: some texts are no date",
    ]
    assert parts.declared_schema


def test_views_and_tables_are_chosen(shop: Path) -> None:
    def names(**told: Any) -> list[str]:
        return [find.path for find in source_of(f"sqlite:///{shop}", told).finds()]

    assert names() == ["customers", "orders"]
    assert names(views=True) == ["customers", "large_orders", "orders"]
    assert names(tables="cust*,nothing") == ["customers"]
    with pytest.raises(NoSuchSource, match="no table bills"):
        names(tables="bills")


def test_an_unchanged_file_has_the_mark_it_had(shop: Path) -> None:
    def marks() -> list[str]:
        return [find.mark for find in source_of(f"sqlite:///{shop}").finds()]

    before = marks()
    assert marks() == before
    with sqlite3.connect(shop) as connection:
        connection.execute("UPDATE orders SET amount = 0 WHERE number = 7")
    connection.close()
    assert marks() != before


def test_unchanged_rows_are_known_by_their_digest(shop: Path) -> None:
    options = ScanOptions({"industry": "retail"})
    customers, orders = source_of(f"sqlite:///{shop}").finds()
    digests = [find.read("", options).digest for find in (customers, orders)]
    with sqlite3.connect(shop) as connection:
        connection.execute("UPDATE orders SET amount = 0 WHERE number = 7")
    connection.close()

    assert customers.read(digests[0], options).is_known
    assert not orders.read(digests[1], options).is_known


def test_the_file_is_only_read(shop: Path) -> None:
    source = Sql(text=f"sqlite:///{shop}")

    with (
        pytest.raises(Exception, match="readonly database"),
        source.database.connection() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM orders")


def test_a_file_that_is_no_database_is_no_source(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("These are notes, and no database at all." * 100)

    with pytest.raises(NoSuchSource, match="file is not a database"):
        list(source_of(f"sqlite:///{tmp_path / 'notes.db'}").finds())
    with pytest.raises(NoSuchSource, match="there is no file"):
        list(source_of(f"sqlite:///{tmp_path / 'missing.db'}").finds())
    assert not (tmp_path / "missing.db").exists()


def test_a_table_that_fails_is_one_line_and_the_others_are_registered(
    application: RegistryApplication, shop: Path, recorded: Recorded
) -> None:
    with sqlite3.connect(shop) as connection:
        connection.execute("CREATE VIEW broken AS SELECT * FROM gone")
    connection.close()
    options = ScanOptions({"industry": "retail"})

    source = source_of(f"sqlite:///{shop}", {"views": True})
    report = Scanner(application, options=options).scan(source)

    assert [problem.path for problem in report.failures] == ["broken"]
    assert "gone" in report.failures[0].reason
    assert report.count(Change.NEW) == 3
    keys = [event.facts["definition"]["statistics"]["keys"] for event in recorded()]
    assert {"orders": ["region", "number"]} in [each["primary_keys"] for each in keys]


def test_a_statement_that_takes_too_long_is_given_up(shop: Path) -> None:
    with sqlite3.connect(shop) as connection:
        connection.execute(
            "CREATE VIEW endless AS WITH RECURSIVE n(i) AS"
            " (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS many FROM n"
        )
    connection.close()
    source = source_of(f"sqlite:///{shop}", {"views": True, "tables": "endless", "seconds": 0.05})
    [endless] = source.finds()

    with pytest.raises(Exception, match="interrupted"):
        endless.read("", ScanOptions({"industry": "retail"}))


def test_the_industry_has_to_be_given(application: RegistryApplication, shop: Path) -> None:
    report = Scanner(application).scan(f"sqlite:///{shop}")

    assert (
        str(report.failures[0]) == "customers: industry: is not told by a database: give --industry"
    )


def test_a_name_that_is_no_identifier_is_reported_with_what_to_do(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute('CREATE TABLE "2024" (id integer)')
    connection.close()
    [find] = source_of(f"sqlite:///{tmp_path / 'shop.db'}").finds()

    with pytest.raises(Unreadable, match="'2024' is no identifier: give --dataset-type"):
        find.read("", ScanOptions({"industry": "retail"}))
    told = ScanOptions({"industry": "retail", "dataset_type": "years"})
    assert find.read("", told).commands


# PostgreSQL


@pytest.fixture
def warehouse(empty_url: str) -> str:
    """The SQLAlchemy URL of a database of PostgreSQL with a table of many types."""
    with psycopg.connect(empty_url, autocommit=True) as connection:
        connection.execute("CREATE TYPE mood AS ENUM ('fine', 'tired')")
        connection.execute(
            "CREATE TABLE visits (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
            " page varchar(80) NOT NULL, mood mood, at timestamptz NOT NULL, tags text[],"
            " facts jsonb, token uuid, cost numeric(12, 0), span interval, address inet)"
        )
        connection.execute("COMMENT ON TABLE visits IS 'Who looked at what.'")
        connection.execute("COMMENT ON COLUMN visits.page IS 'The path of the page.'")
        connection.execute(
            "INSERT INTO visits (page, mood, at, tags, facts, token, cost, span, address)"
            " SELECT '/page/' || n, 'fine', timestamptz '2024-01-01 10:00+00' + n * interval '1 s',"
            " ARRAY['a', 'b'], jsonb_build_object('depth', n), gen_random_uuid(), n, '1 hour',"
            " '10.0.0.1' FROM generate_series(1, 3000) AS n"
        )
        connection.execute("CREATE SCHEMA archive CREATE TABLE old_visits (page text)")
    found = conninfo_to_dict(empty_url)
    return f"postgresql://{found['user']}@/{found['dbname']}?host={found['host']}"


def test_types_enumerations_and_comments_of_postgres_are_reflected(warehouse: str) -> None:
    visits = tables(warehouse)["visits"]
    properties = visits.schema["properties"]

    assert visits.description == "Who looked at what."
    assert visits.default_record_count == 3000
    assert visits.schema["required"] == ["id", "page", "at"]
    assert properties["page"]["description"] == "The path of the page."
    assert properties["mood"] == {"type": ["string", "null"], "enum": ["fine", "tired", None]}
    assert properties["at"]["format"] == "date-time"
    assert properties["tags"] == {"type": ["array", "null"], "items": {"type": "string"}}
    assert properties["facts"]["properties"]["depth"] == {"type": "integer"}
    assert properties["token"]["format"] == "uuid"
    assert properties["cost"]["type"] == ["integer", "null"]
    assert visits.statistics["warnings"] == []


def test_rows_come_through_a_cursor_of_the_server_with_all_of_them_profiled(
    warehouse: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    execute = psycopg.ServerCursor.execute
    monkeypatch.setattr(
        psycopg.ServerCursor,
        "execute",
        lambda self, query, *given, **more: (
            seen.append(str(query)),
            execute(self, query, *given, **more),
        )[1],
    )

    visits = tables(warehouse, profile="full")["visits"]

    assert len(seen) == 1
    assert visits.custom_fields["sql"]["profiled_rows"] == 3000


def test_other_schemas_are_looked_at_when_named(warehouse: str) -> None:
    found = tables(warehouse, schemas="archive")

    assert list(found) == ["archive.old_visits"]
    assert found["archive.old_visits"].identity.dataset_type == "archive_old_visits"


def test_unchanged_tables_of_postgres_give_no_new_version(
    application: RegistryApplication, warehouse: str, recorded: Recorded
) -> None:
    options = ScanOptions({"industry": "retail"})

    def scan() -> ScanReport:
        return Scanner(application, options=options).scan(warehouse)

    assert scan().count(Change.NEW) == 1
    assert scan().count(Change.UNCHANGED) == 1
    assert len(recorded()) == 1


def test_postgres_is_only_read_and_slow_statements_are_given_up(warehouse: str) -> None:
    with (
        pytest.raises(Exception, match="read-only transaction"),
        Sql(text=warehouse).database.connection() as connection,
    ):
        connection.exec_driver_sql("DELETE FROM visits")
    with (
        pytest.raises(Exception, match="statement timeout"),
        Sql(text=warehouse, seconds=0.05).database.connection() as connection,
    ):
        connection.exec_driver_sql("SELECT pg_sleep(60)")


# Passwords


def test_a_password_is_shown_nowhere() -> None:
    source = Sql(text="postgresql://scott:tiger-7@127.0.0.1:1/shop?sslpassword=hush-8")

    with pytest.raises(NoSuchSource) as refusal:
        list(source.finds())

    for told in (str(source), source.place, repr(source.database), str(refusal.value)):
        assert "tiger-7" not in told
        assert "hush-8" not in told
    assert str(source) == "postgresql://scott:***@127.0.0.1:1/shop"


def test_a_password_may_be_in_the_environment(
    warehouse: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NoSuchSource, match="WAREHOUSE_PASSWORD: is not set"):
        list(source_of(warehouse, {"password": "WAREHOUSE_PASSWORD"}).finds())

    monkeypatch.setenv("WAREHOUSE_PASSWORD", "tiger-7")
    [find] = source_of(warehouse, {"password": "WAREHOUSE_PASSWORD"}).finds()

    assert find.read("", ScanOptions({"industry": "retail"})).commands
    assert "tiger-7" not in repr(find)


@pytest.mark.parametrize(
    ("text", "is_sql"),
    [
        ("sqlite:///shop.db", True),
        ("postgresql+psycopg://host/shop", True),
        ("mysql://host/shop", True),
        ("s3://bucket/shop.db", False),
        ("https://host/shop.csv", False),
        ("shop.db", False),
        ("glean://acme", False),
    ],
)
def test_databases_are_told_by_their_urls(text: str, is_sql: bool) -> None:
    assert Sql.takes(text) is is_sql


def test_a_database_without_a_driver_is_no_source() -> None:
    with pytest.raises(NoSuchSource, match="needs a driver that is not installed: MySQLdb"):
        list(source_of("mysql://host/shop").finds())
