"""Workbooks: sheets are tables."""

import pytest
from made_files import part, read, read_all, types, workbook

from discovery.files import Kind, UnreadableFile
from discovery.readers.likeness import are_alike
from discovery.readers.part import UnequalParts

ORDERS = [["id", "price", "paid", "day", "zip"]] + [
    [n, n + 0.5, n % 2 == 0, f"{45292 + n}d", f"0{1000 + n}"] for n in range(30)
]
PEOPLE = [["person", "age"], *([f"p{n}", 20 + n] for n in range(30))]


def made(folder, name, **sheets):
    workbook(folder / name, **sheets)
    return part(folder, name)


def test_a_sheet_is_a_table_with_typed_columns(tmp_path):
    found = read(made(tmp_path, "a.xlsx", Orders=ORDERS, Empty=[], Blank=[["", None]]))
    assert types(found) == {
        "id": "integer",
        "price": "number",
        "paid": "boolean",
        "day": "string",
        "zip": "string",
    }
    assert found.schema["properties"]["day"]["format"] == "date"
    assert found.sample[0] == {
        "id": 0,
        "price": 0.5,
        "paid": True,
        "day": "2024-01-01",
        "zip": "01000",
    }
    assert (found.kind, found.dialect, found.suffix) == (Kind.EXCEL, None, "")


def test_each_of_two_sheets_is_a_dataset_named_by_its_sheet(tmp_path):
    orders, people = read_all(made(tmp_path, "a.xlsx", Orders=ORDERS, People=PEOPLE))
    assert (orders.suffix, people.suffix) == ("Orders", "People")
    assert types(people) == {"person": "string", "age": "integer"}


def test_a_sheet_of_zeros_has_cells(tmp_path):
    found = read(made(tmp_path, "a.xlsx", Zeros=[[0]] * 9))
    assert found.records == 9


def test_workbooks_with_the_same_sheets_are_one_dataset_with_their_partitions(tmp_path):
    parts = [
        made(tmp_path, f"year={year}/a.xlsx", **{f"Sheet {year}": ORDERS}) for year in (2023, 2024)
    ]
    assert are_alike(parts)
    found = read(*parts)
    assert (found.records, types(found)["year"]) == (60, "integer")


def test_workbooks_with_different_sheets_are_not_one_dataset(tmp_path):
    parts = [made(tmp_path, "a.xlsx", S=ORDERS), made(tmp_path, "b.xlsx", S=PEOPLE)]
    assert not are_alike(parts)
    with pytest.raises(UnequalParts):
        read_all(*parts)


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.ods", "a.xlsb"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 damaged"])
def test_a_damaged_workbook_cannot_be_read(tmp_path, name, content):
    with pytest.raises(UnreadableFile, match="is no readable workbook") as refused:
        read(part(tmp_path, name, content))
    assert str(tmp_path) not in str(refused.value)


def test_a_workbook_without_cells_cannot_be_read(tmp_path):
    with pytest.raises(UnreadableFile, match=r"a\.xlsx has no cells"):
        read(made(tmp_path, "a.xlsx", Empty=[]))
