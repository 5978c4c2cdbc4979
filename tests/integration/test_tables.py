"""Long tables: what comes late counts as much as what comes first."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from discovery.table import Table, read_table

ROWS = 60_000


@pytest.fixture
def table(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Table]:
    path = tmp_path / "long.csv"
    last = request.param
    lines = (f"{10000 + n % 80000},{n / 4},2024-01-{n % 12 + 1:02d},{n % 3}" for n in range(ROWS))
    path.write_text("\n".join(["zip,share,day,code", *lines, last, ""]))
    with read_table(path) as table:
        yield table


def kinds(table: Table) -> list[str]:
    return [column.kind.value for column in table.columns]


@pytest.mark.parametrize("table", ["01067,0.5,2024-01-01,1"], indirect=True)
def test_a_leading_zero_in_the_last_row_makes_a_column_of_strings(table: Table) -> None:
    assert kinds(table) == ["string", "number", "date", "integer"]
    [doubt] = [doubt for doubt in table.doubts if "zip" in doubt.message]
    assert doubt.line == ROWS + 2


@pytest.mark.parametrize("table", ["N/A,-,?,NULL"], indirect=True)
def test_missing_words_in_the_last_row_change_no_class(table: Table) -> None:
    assert kinds(table) == ["integer", "number", "date", "integer"]
    assert [column.missing for column in table.columns] == [
        {"N/A": 1},
        {"-": 1},
        {"?": 1},
        {"NULL": 1},
    ]
    assert all(column.profile.nulls == 1 for column in table.columns)


@pytest.mark.parametrize("table", ["A1,x,2024-13-01,2.5"], indirect=True)
def test_values_of_another_class_in_the_last_row_change_the_class(table: Table) -> None:
    assert kinds(table) == ["string", "string", "string", "number"]


@pytest.mark.parametrize("table", ["12345678901234567890,1e3,2024-02-29,+7"], indirect=True)
def test_other_spellings_in_the_last_row_are_read_too(table: Table) -> None:
    assert kinds(table) == ["integer", "number", "date", "integer"]
    profiles = [column.profile for column in table.columns]
    assert [profile.nulls for profile in profiles] == [0, 0, 0, 0]
    assert profiles[2].maximum == "2024-02-29"
    assert profiles[3].maximum == 7


def test_cells_kept_on_disk_give_the_same_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "long.csv"
    lines = (f"{n},name {n % 500},{n % 7 / 2},void" for n in range(ROWS))
    path.write_text("\n".join(["id,name,half,none", *lines, ""]))
    with read_table(path) as kept:
        expected = (kept.schema(), kept.columns, kept.sample(3))
    monkeypatch.setattr("discovery.table.table.IN_MEMORY", 0)
    monkeypatch.setattr("discovery.table.reading.IN_MEMORY", 0)
    with read_table(path) as table:
        assert (table.schema(), table.columns, table.sample(3)) == expected
