"""Text tables: in one file, and in several with the same columns."""

import pytest
from made_files import part, read, types

from discovery.readers.likeness import are_alike
from discovery.readers.part import UnequalParts
from registry.privacy import SamplePolicy

ORDERS = "id,amount,day\n" + "".join(f"{n},{n / 4},2024-01-{n % 28 + 1:02}\n" for n in range(40))
ALL = {"id": "integer", "amount": "number", "day": "string"}


def test_a_table_is_typed_and_profiled(tmp_path):
    found = read(part(tmp_path, "orders.csv", ORDERS))
    assert (found.records, types(found)) == (40, ALL)
    assert found.schema["properties"]["day"]["format"] == "date"
    told = found.told(SamplePolicy.MASKED)
    assert told["dialect"]["delimiter"] == ","
    (amount,) = [each for each in told["profile"]["fields"] if each["path"] == "amount"]
    assert (amount["maximum"], amount["class"]) == (9.75, "number")
    assert amount["certainty"] > 0.9


@pytest.mark.parametrize("content", ["", "\n\n", "id,name\n", "\x00"])
def test_a_table_without_rows_is_a_table(tmp_path, content):
    found = read(part(tmp_path, "a.csv", content))
    assert found.records in (0, 1)
    assert found.told(SamplePolicy.MASKED)["profile"]["records"] == found.records


def test_parts_with_one_header_are_one_table_however_they_are_written(tmp_path):
    parts = [
        part(tmp_path, "1.csv", ORDERS),
        part(tmp_path, "2.csv", ORDERS.replace(",", ";").encode("utf-16")),
        part(tmp_path, "3.csv", ""),
        part(tmp_path, "4.csv", "id,amount,day\n"),
    ]
    assert are_alike(parts)
    found = read(*parts)
    assert (found.records, types(found)) == (80, ALL)
    assert found.dialect.encoding == "utf-8"


def test_partitions_are_columns_and_a_column_of_the_file_wins(tmp_path):
    parts = [
        part(tmp_path, f"year={year}/id=x/zip=0{year}/a.csv", ORDERS) for year in ("2023", "2024")
    ]
    found = read(*parts)
    assert types(found) == {**ALL, "year": "integer", "zip": "string"}
    assert found.records == 80
    assert found.sample[0]["id"] == 0
    assert read(parts[0]).sample[0]["year"] == 2023


def test_a_partition_without_a_value_is_an_empty_cell(tmp_path):
    parts = [
        part(tmp_path, "x=1/a.csv", ORDERS),
        part(tmp_path, "x=__HIVE_DEFAULT_PARTITION__/a.csv", ORDERS),
    ]
    (x,) = [each for each in read(*parts).statistics if each.path == "x"]
    assert (x.null_share, x.minimum) == (0.5, 1)


def test_parts_with_different_columns_are_no_table(tmp_path):
    parts = [part(tmp_path, "1.csv", ORDERS), part(tmp_path, "2.csv", "id,name\n1,x\n2,y\n")]
    assert not are_alike(parts)
    with pytest.raises(
        UnequalParts, match=r"2\.csv has columns id, name where 1\.csv has id, amou"
    ):
        read(*parts)


def test_files_of_several_kinds_are_no_dataset(tmp_path):
    parts = [part(tmp_path, "1.csv", ORDERS), part(tmp_path, "2.json", "[]")]
    assert not are_alike(parts)
    with pytest.raises(UnequalParts, match=r"several kinds: 1\.csv \(table\), 2\.json \(records\)"):
        read(*parts)


def test_ragged_rows_of_parts_are_told_with_their_file_and_line(tmp_path):
    rows = ORDERS.splitlines()
    ragged = "\n".join([*rows[:9], "9,1.0", *rows[10:], ""])
    parts = [part(tmp_path, "1.csv", ORDERS), part(tmp_path, "x/2.csv", ragged)]
    doubts = read(*parts).doubts
    assert (10, "x/2.csv: 2 cells where there are 3 columns: the others are read as empty") in [
        (doubt.line, doubt.message) for doubt in doubts
    ]


def test_a_part_whose_header_looks_like_data_has_the_header_of_the_others(tmp_path):
    years = part(tmp_path, "1.csv", "2019,2020\n2021,2022\n2017,2018\n")
    words = part(tmp_path, "2.csv", "2019,2020\nx,y\nz,w\n")
    assert set(types(read(years))) == {"column1", "column2"}
    assert are_alike([years, words])
    found = read(years, words)
    assert (found.records, set(types(found))) == (4, {"2019", "2020"})


def test_the_key_of_a_table_is_among_its_findings(tmp_path):
    assert read(part(tmp_path, "orders.csv", ORDERS)).keys.primary["orders.csv"].columns == ("id",)
