"""Parquet and Avro: files that tell the types of their fields."""

import datetime as dt
import decimal
import uuid

import duckdb
import fastavro
import pytest
from made_files import part, read, types

from discovery.files import Kind, UnreadableFile
from discovery.readers.likeness import are_alike
from discovery.readers.part import UnequalParts


def parquet(folder, name, query):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.sql(query).write_parquet(str(path))
    return part(folder, name)


def avro(folder, name, fields, *records):
    schema = {"type": "record", "name": "R", "fields": fields}
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        fastavro.writer(file, fastavro.parse_schema(schema), records, codec="deflate")
    return part(folder, name)


def test_the_types_of_a_parquet_file_are_those_of_its_columns(tmp_path):
    found = read(
        parquet(
            tmp_path,
            "a.parquet",
            "SELECT i AS id, i::DOUBLE / 4 AS d, 'x' || i AS s, i % 2 = 0 AS b,"
            " DATE '2024-01-01' + i::INT AS day, TIMESTAMP '2024-01-01' AS at,"
            " TIMESTAMPTZ '2024-01-01 00:00:00+00' AS tz, TIME '12:00:00' AS t,"
            " 1.5::DECIMAL(10,2) AS dec, '\\x00'::BLOB AS bin,"
            " uuid() AS u, NULL::INT AS nothing"
            " FROM range(20) t(i)",
        )
    )
    assert types(found) == {
        "id": "integer",
        "d": "number",
        "s": "string",
        "b": "boolean",
        "day": "string",
        "at": "string",
        "tz": "string",
        "t": "string",
        "dec": "number",
        "bin": "string",
        "u": "string",
        "nothing": "integer",
    }
    assert (found.records, found.kind) == (20, Kind.PARQUET)
    assert found.schema["properties"]["day"]["format"] == "date"


def test_integers_beyond_64_bits_with_a_sign_are_read_exactly(tmp_path):
    most = 2**64 - 1
    found = read(
        parquet(tmp_path, "a.parquet", f"SELECT {most}::UBIGINT AS n, DATE '2024-01-01' AS d")
    )
    assert found.sample == [{"n": most, "d": "2024-01-01"}]
    assert types(found) == {"n": "integer", "d": "string"}


def test_numbers_that_json_does_not_know_are_null(tmp_path):
    numbers = "SELECT unnest(['nan'::DOUBLE, 'inf', '-inf', 1.5]) AS n, 'NaN' AS s"
    for query in (numbers, f"SELECT *, {{'x': n}} AS o FROM ({numbers})"):
        found = read(parquet(tmp_path, "a.parquet", query))
        assert [row["n"] for row in found.sample] == [None, None, None, 1.5]
        assert [row["s"] for row in found.sample] == ["NaN"] * 4
        assert (found.records, list(found.doubts)) == (4, [])


def test_nested_columns_are_records(tmp_path):
    found = read(
        parquet(
            tmp_path,
            "a.parquet",
            "SELECT i AS id, {'city': 'x' || i} AS address, [i, i + 1] AS list,"
            " MAP {'k': i} AS m FROM range(20) t(i)",
        )
    )
    assert {"id", "address", "address.city", "list", "list[]"} <= {
        each.path for each in found.statistics
    }
    assert (found.records, found.sample[0]["address"]) == (20, {"city": "x0"})


def test_a_column_may_be_called_like_anything(tmp_path):
    names = ["parts", "file", "year", 'a"b', "c0"]
    columns = ", ".join(f'1 AS "{name.replace(chr(34), chr(34) * 2)}"' for name in names)
    for more in ("", ", [1] AS nested"):
        found = read(parquet(tmp_path, "a.parquet", f"SELECT {columns}{more}"))
        assert [name for name in found.sample[0] if name != "nested"] == names


@pytest.mark.parametrize("more", ["", ", [i] AS nested"])
def test_partitions_are_columns_once_and_a_column_of_the_file_wins(tmp_path, more):
    parts = [
        parquet(tmp_path, f"year={year}/i=9/k=it's/a.parquet", f"SELECT i{more} FROM range(5) t(i)")
        for year in (2023, 2024)
    ]
    found = read(*parts)
    own = {"nested": [0]} if more else {}
    assert found.sample[0] == {"i": 0, **own, "year": 2023, "k": "it's"}
    assert (found.records, types(found)["year"]) == (10, "integer")


def test_parts_with_the_same_columns_in_another_order_are_united_by_name(tmp_path):
    parts = [
        parquet(tmp_path, "1.parquet", "SELECT 'x' AS a, 'y' AS b"),
        parquet(tmp_path, "2.parquet", "SELECT 'y' AS b, 'x' AS a"),
    ]
    assert are_alike(parts)
    assert read(*parts).sample == [{"a": "x", "b": "y"}] * 2


@pytest.mark.parametrize("other", ["SELECT 1 AS b", "SELECT 1 AS a, 2 AS b", "SELECT [1] AS a"])
def test_parts_with_different_columns_are_not_united(tmp_path, other):
    parts = [
        parquet(tmp_path, "1.parquet", "SELECT 1 AS a"),
        parquet(tmp_path, "2.parquet", other),
    ]
    assert are_alike(parts) == other.endswith("] AS a")
    with pytest.raises(UnequalParts):
        read(*parts)


def test_a_parquet_file_without_rows_has_columns(tmp_path):
    found = read(parquet(tmp_path, "a.parquet", "SELECT 1 AS a, 'x' AS b LIMIT 0"))
    assert (found.records, types(found)) == (0, {"a": "integer", "b": "string"})
    assert read(parquet(tmp_path, "b.parquet", "SELECT [1] AS a LIMIT 0")).records == 0


@pytest.mark.parametrize("name", ["a.parquet", "a.avro"])
@pytest.mark.parametrize("content", [b"", b"damaged", b"PAR1 damaged PAR1", b"Obj\x01 damaged"])
def test_a_damaged_file_cannot_be_read(tmp_path, name, content):
    damaged = part(tmp_path, name, content)
    with pytest.raises(
        UnreadableFile, match=r"a\.\w+ is no readable (Parquet|Avro) file"
    ) as refused:
        read(damaged)
    assert str(tmp_path) not in str(refused.value)
    assert not are_alike([damaged, damaged])


def test_the_logical_types_of_avro_are_read_as_what_they_mean(tmp_path):
    fields = [
        {"name": "day", "type": {"type": "int", "logicalType": "date"}},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "local", "type": {"type": "long", "logicalType": "local-timestamp-micros"}},
        {"name": "t", "type": {"type": "int", "logicalType": "time-millis"}},
        {
            "name": "price",
            "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2},
        },
        {"name": "u", "type": {"type": "string", "logicalType": "uuid"}},
        {"name": "raw", "type": "bytes"},
        {"name": "f", "type": ["null", "double"]},
        {"name": "tags", "type": {"type": "array", "items": "string"}},
    ]
    record = {
        "day": dt.date(2024, 2, 29),
        "at": dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
        "local": dt.datetime(2024, 1, 1, 12),
        "t": dt.time(12, 30),
        "price": decimal.Decimal("9.99"),
        "u": uuid.UUID(int=7),
        "raw": b"\x00\xff",
        "f": float("nan"),
        "tags": ["x"],
    }
    found = read(avro(tmp_path, "a.avro", fields, *[record] * 20))
    assert found.sample[0] == {
        "day": "2024-02-29",
        "at": "2024-01-01T00:00:00+00:00",
        "local": "2024-01-01T12:00:00",
        "t": "12:30:00",
        "price": 9.99,
        "u": "00000000-0000-0000-0000-000000000007",
        "raw": "AP8=",
        "f": None,
        "tags": ["x"],
    }
    formats = {name: each.get("format") for name, each in found.schema["properties"].items()}
    assert (formats["day"], formats["at"], formats["u"]) == ("date", "date-time", "uuid")


def test_avro_files_are_united_with_their_partitions_if_they_have_the_same_fields(tmp_path):
    fields = [{"name": "n", "type": "long"}]
    parts = [avro(tmp_path, f"year={year}/a.avro", fields, {"n": 1}) for year in (2023, 2024)]
    other = avro(tmp_path, "year=2025/a.avro", [{"name": "m", "type": "long"}], {"m": 1})
    assert read(*parts).sample == [{"year": 2023, "n": 1}, {"year": 2024, "n": 1}]
    assert are_alike(parts)
    assert not are_alike([*parts, other])


def test_avro_may_hold_other_values_than_records(tmp_path):
    path = tmp_path / "x=1" / "a.avro"
    path.parent.mkdir()
    with path.open("wb") as file:
        fastavro.writer(file, fastavro.parse_schema({"type": "string"}), ["a", "b"])
    assert read(part(tmp_path, "x=1/a.avro")).sample == ["a", "b"]


def test_an_avro_file_without_records_is_none_the_worse(tmp_path):
    assert read(avro(tmp_path, "a.avro", [{"name": "n", "type": "long"}])).records == 0
