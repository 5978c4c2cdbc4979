"""Files become tables: every cell is read, counted, and typed by all rows."""

from pathlib import Path

import duckdb
import jsonschema_rs
import pytest

from discovery.dialect import Dialect
from discovery.table import Table, profile_relation, read_table


def dialect(**changes: object) -> Dialect:
    plain = {"encoding": "utf-8", "delimiter": ",", "quote": '"', "escape": '"'}
    return Dialect(**(plain | {"skip": 0, "header": 1} | changes))  # type: ignore[arg-type]


@pytest.fixture
def read(tmp_path: Path):
    tables: list[Table] = []

    def read_text(text: str | bytes, **changes: object) -> Table:
        path = tmp_path / "table.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        tables.append(read_table(path, dialect(**changes)))
        return tables[-1]

    yield read_text
    for table in tables:
        table.close()


def kinds(table: Table) -> dict[str, str]:
    return {column.name: column.kind.value for column in table.columns}


def messages(table: Table) -> list[tuple[int | None, str]]:
    return [(doubt.line, doubt.message) for doubt in table.doubts]


def test_records_are_json_values_that_their_schema_accepts(read) -> None:
    table = read(
        "id,price,ok,day,zip,note\n1,1.5,yes,2024-01-31,01067,a\n2,NA,no,2024-02-01,10115,\n"
    )
    assert table.schema() == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "id": {"type": "integer"},
            "price": {"type": ["number", "null"]},
            "ok": {"type": "boolean"},
            "day": {"type": "string", "format": "date", "x-type": "date"},
            "zip": {"type": "string"},
            "note": {"type": ["string", "null"]},
        },
        "required": ["id", "ok", "day", "zip"],
    }
    first, second = table.sample(5)
    assert first == {
        "id": 1, "price": 1.5, "ok": True, "day": "2024-01-31", "zip": "01067", "note": "a",
    }  # fmt: skip
    assert second["price"] is None
    validator = jsonschema_rs.validator_for(table.schema(), validate_formats=True)
    assert all(map(validator.is_valid, (first, second)))


def test_dates_that_rfc_3339_writes_differently_tell_their_spelling(read) -> None:
    table = read("day;at\n31.01.2024;10:30\n01.12.2024;9:05\n", delimiter=";")
    properties = table.schema()["properties"]
    assert properties["day"] == {"type": "string", "x-type": "date", "x-format": "%d.%m.%Y"}
    assert properties["at"] == {"type": "string", "x-type": "time", "x-format": "%H:%M"}
    assert table.columns[0].profile.minimum == "2024-01-31"
    assert table.columns[1].profile.maximum == "10:30:00"


def test_ragged_rows_are_kept_and_told_with_their_lines(read) -> None:
    table = read('a,b,c\n1,2,3\n4,5\n6,"x\ny",8\n7,8,9,10\n' + "1,2,3\n" * 20)
    assert table.rows == 24
    assert table.sample(2)[1] == {"a": 4, "b": "5", "c": None}
    assert messages(table) == [
        (3, "2 cells where there are 3 columns: the others are read as empty"),
        (6, "4 cells where there are 3 columns: the last ones are left out"),
    ]


@pytest.mark.parametrize("strays", [{0}, {3, 4}, {999}, {0, 500, 998, 999}])
def test_large_files_keep_ragged_rows_in_their_place(
    read, strays: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"{n}" if n in strays else f'{n},"{n}\n"' if n % 2 else f"{n},x" for n in range(1001)]
    text = "\n".join(["n,text", *rows, ""])
    tolerant = read(text)
    monkeypatch.setattr("discovery.table.reading.SPLICED_FROM", 0)
    monkeypatch.delattr("discovery.table.reading.CellReader._read_tolerantly")
    fast = read(text)
    assert [record["n"] for record in fast.sample(1001)] == list(range(1001))
    assert fast.sample(1001) == tolerant.sample(1001)
    assert messages(fast) == messages(tolerant)


def test_a_quote_that_is_never_closed_swallows_no_rows(read) -> None:
    table = read('size,n\n5" disk,1\n"3 inch,2\n8 disk,3\n')
    assert [record["n"] for record in table.sample(5)] == [1, 2, 3]


def test_bytes_that_are_not_of_the_encoding_refuse_no_file(read) -> None:
    table = read(b"name,n\nJos\xe9,1\n")
    assert table.sample(1) == [{"name": "Jos\ufffd", "n": 1}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_make_no_difference(read, encoding: str, newline: str) -> None:
    text = newline.join(["name,n", "José,1", '"a, b",2', ""])
    table = read(text.encode(encoding), encoding=encoding)
    assert table.sample(5) == [{"name": "José", "n": 1}, {"name": "a, b", "n": 2}]


def test_preamble_comments_and_footnotes_are_no_rows(read) -> None:
    table = read("Report\n\na,b\n1,2\n# later\n3,4\nSource: us\n", skip=2, footer=1, comment="#")
    assert table.sample(5) == [{"a": 1, "b": 2}, {"a": 3, "b": 4}]


def test_runs_of_spaces_delimit_as_one(read) -> None:
    table = read("  a   b\n  1   2\n 10  20\n", delimiter=" ", repeated=True)
    assert table.sample(5) == [{"a": 1, "b": 2}, {"a": 10, "b": 20}]


def test_columns_have_unique_names_and_identifiers(read) -> None:
    table = read("a,A,a,\n1,2,3,4\n")
    assert [column.name for column in table.columns] == ["a", "A", "a_2", "column4"]
    identifiers = ", ".join(column.identifier for column in table.columns)
    query = f"SELECT {identifiers} FROM {table.relation}"
    assert table.connection.execute(query).fetchall() == [("1", "2", "3", "4")]


def test_a_header_of_several_lines_is_joined(read) -> None:
    table = read("size,size,id\ncm,inch,\n1,2,3\n", header=2)
    assert [column.name for column in table.columns] == ["size cm", "size inch", "id"]


def test_a_header_without_a_name_for_the_names_of_rows_is_moved(read) -> None:
    table = read("x y\n1 5 6\n2 7 8\n", delimiter=" ")
    assert table.sample(1) == [{"column1": 1, "x": 5, "y": 6}]


def test_a_table_without_a_header_names_its_columns_by_place(read) -> None:
    assert kinds(read("1,a\n2,b\n", header=0)) == {"column1": "integer", "column2": "string"}


@pytest.mark.parametrize("text", ["", "\n", "a,b\n", "\n\n\n", "a"])
def test_a_file_without_rows_is_a_table_without_rows(read, text: str) -> None:
    table = read(text)
    assert (table.rows, table.sample(1)) == (0, [])
    assert "required" not in table.schema()


def test_empty_lines_are_empty_cells_of_a_single_column(read) -> None:
    table = read("n\n1\n\n3\n", delimiter="")
    assert (table.rows, table.columns[0].profile.nulls) == (3, 1)


def test_certainty_grows_with_the_cells_and_falls_with_what_contradicts(read) -> None:
    few = read("n\n5\n").columns[0]
    many = read("n\n" + "".join(f"{n}\n" for n in range(98))).columns[0]
    assert (few.certainty, many.certainty) == (2 / 3, 0.99)
    table = read("n\n" + "".join(f"{n}\n" for n in range(96)) + "void\n" * 3)
    column = table.columns[0]
    assert column.certainty == 97 / 101
    assert column.contradictions.count == 3
    place = column.contradictions.places[0]
    assert (place.row, place.line, place.text) == (97, 98, "void")
    assert messages(table) == [(98, "n: 'void' (3 cells) is no integer; taken for missing")]


def test_integers_beyond_64_bits_are_exact_integers(read) -> None:
    table = read("n\n12345678901234567890123\n12345678901234567890124\n")
    assert [record["n"] for record in table.sample(2)] == [
        12345678901234567890123,
        12345678901234567890124,
    ]
    assert table.columns[0].profile.distinct == 2


def test_ambiguous_dates_follow_the_order_of_the_other_columns(read) -> None:
    table = read("from,to\n01/02/2024,13/02/2024\n03/04/2024,05/04/2024\n")
    assert [column.reading.format for column in table.columns] == ["%d/%m/%Y"] * 2
    assert table.columns[0].profile.maximum == "2024-04-03"
    assert [message for _, message in messages(table)] == [
        "from: day and month may be in each other's place; read as %d/%m/%Y"
    ]


def test_leading_zeros_are_told_with_the_line_of_the_first(read) -> None:
    table = read("zip\n10115\n\n01067\n", delimiter="")
    assert messages(table) == [(4, "zip: digits after a leading zero ('01067') make it a string")]


def test_typed_relations_are_profiled_like_tables() -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT i AS n, i / 4 AS x, 'v' || i % 3 AS s, [i] AS l,"
            " DATE '2024-01-01' + i::INTEGER AS d, i % 2 = 0 AS b FROM range(8) AS r(i)"
        )
        columns = {column.name: column for column in profile_relation(connection, "t")}
    assert {name: column.reading.kind.value for name, column in columns.items()} == {
        "n": "integer", "x": "number", "s": "string", "l": "string", "d": "date", "b": "boolean",
    }  # fmt: skip
    assert columns["x"].profile.mean == 0.875
    assert columns["d"].profile.maximum == "2024-01-08"
    assert columns["s"].profile.distinct == 3


@pytest.mark.parametrize("rows", [100, 50_000])
def test_columns_of_every_class_are_told_in_tables_of_any_size(read, rows: int) -> None:
    kinds_of = {
        "id": lambda n: n,
        "flag": lambda n: n % 2,
        "answer": lambda n: "yes" if n % 3 else "no",
        "price": lambda n: f"{n}.25",
        "day": lambda n: f"2024-{n % 12 + 1:02}-{n % 28 + 1:02}",
        "at": lambda n: f"2024-03-{n % 28 + 1:02} 10:{n % 60:02}:00",
        "name": lambda n: f"name {n}",
    }
    lines = [",".join(kinds_of)]
    lines += [",".join(str(make(n)) for make in kinds_of.values()) for n in range(rows)]
    assert kinds(read("\n".join(lines) + "\n")) == {
        "id": "integer",
        "flag": "integer",
        "answer": "boolean",
        "price": "number",
        "day": "date",
        "at": "datetime",
        "name": "string",
    }
