"""Profiles are exact."""

import math
import statistics
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.dialect import Dialect
from discovery.table import Profile, distribution, read_table
from discovery.table.column_class import Plain
from discovery.table.distribution import distribution_of
from discovery.table.plain import plain_values
from registry.inference.distribution import QUANTILES

DIALECT = Dialect(encoding="utf-8", delimiter=",", quote='"', escape='"', skip=0, header=1)


def profile_of(folder: Path, *texts: str) -> Profile:
    path = folder / "column.csv"
    path.write_text("\n".join(["value", *texts, ""]))
    with read_table(path, DIALECT) as table:
        return table.columns[0].profile


def test_numbers_have_extremes_moments_and_quantiles(tmp_path: Path) -> None:
    profile = profile_of(tmp_path, *(f"{n / 2}" for n in range(1, 101)), "NA")
    assert (profile.rows, profile.nulls, profile.distinct) == (101, 1, 100)
    assert profile.null_share == 1 / 101
    assert (profile.minimum, profile.maximum, profile.mean) == (0.5, 50.0, 25.25)
    assert profile.standard_deviation == pytest.approx(
        statistics.stdev(n / 2 for n in range(1, 101))
    )
    assert profile.quantiles == {
        "p01": 0.5,
        "p05": 2.5,
        "p25": 12.5,
        "p50": 25.0,
        "p75": 37.5,
        "p95": 47.5,
        "p99": 49.5,
    }
    assert [bin_.count for bin_ in profile.histogram] == [10] * 10
    assert profile.top_values == []


@given(
    st.lists(st.integers(0, 30) | st.integers(-(2**60), 2**60), min_size=1, max_size=60),
    st.integers(1, 9),
)
def test_a_distribution_is_the_same_however_long_the_blocks_are_that_it_is_made_of(
    numbers: list[int], block: int
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(distribution, "_BLOCK", block)
        found = distribution_of(np.array(numbers))
        values, counts = np.unique(np.array(numbers), return_counts=True)
        assert (list(found.values), list(found.counts)) == (list(values), list(counts))
        ranks = [math.ceil(share * len(numbers)) for share in QUANTILES]
        assert found.quantiles() == [sorted(numbers)[rank - 1] for rank in ranks]
        assert sum(bin_.count for bin_ in found.histogram()) == len(numbers)
        frequent = sorted(Counter(numbers).items(), key=lambda pair: (-pair[1], pair[0]))
        assert found.top(3) == (frequent[:3] if len(values) < len(numbers) else [])


def test_keys_of_many_rows_are_fetched_block_by_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"{'ab'[n % 2]}{n % 70}" for n in range(30_000)] + ["", "NA"]
    whole = profile_of(tmp_path, *texts, *(f"x{n}" for n in range(30_000)))
    monkeypatch.setattr(distribution, "_STREAMED", 1)
    monkeypatch.setattr(distribution, "_BLOCK", 1000)
    assert profile_of(tmp_path, *texts, *(f"x{n}" for n in range(30_000))) == whole
    assert whole.distinct == 30_071


def test_numbers_whose_sum_is_beyond_a_float_have_no_moments(tmp_path: Path) -> None:
    profile = profile_of(tmp_path, "1.7e308", "1.7e308", "-1.7e308")
    assert (profile.mean, profile.standard_deviation, profile.histogram) == (None, None, [])
    assert profile.maximum == 1.7e308


def test_frequent_values_come_first_and_equally_frequent_ones_in_order(tmp_path: Path) -> None:
    top = profile_of(tmp_path, *["b", "b", "a", "a", "c"]).top_values
    assert [(value.value, value.count) for value in top] == [("a", 2), ("b", 2), ("c", 1)]
    top = profile_of(tmp_path, *["7", "7", "9", "9", "9", "8"]).top_values
    assert [(value.value, value.count) for value in top] == [(9, 3), (7, 2), (8, 1)]


def test_texts_have_lengths_in_characters(tmp_path: Path) -> None:
    profile = profile_of(tmp_path, "é", "abc", "abc", "")
    assert profile.lengths is not None
    lengths = (profile.lengths.minimum, profile.lengths.mean, profile.lengths.maximum)
    assert lengths == (1, pytest.approx(7 / 3), 3)
    assert (profile.minimum, profile.maximum, profile.distinct) == ("abc", "é", 2)


def test_a_histogram_of_few_integers_has_a_bin_for_each(tmp_path: Path) -> None:
    profile = profile_of(tmp_path, "1", "2", "2", "4")
    bins = [(bin_.low, bin_.high, bin_.count) for bin_ in profile.histogram]
    assert bins == [(1, 2, 1), (2, 3, 2), (3, 4, 0), (4, 5, 1)]


def test_dates_have_spans_of_time(tmp_path: Path) -> None:
    profile = profile_of(tmp_path, "2024-01-01", "2024-01-03", "2024-01-03")
    assert (profile.minimum, profile.quantiles["p50"]) == ("2024-01-01", "2024-01-03")
    assert sum(bin_.count for bin_ in profile.histogram) == 3
    assert profile.histogram[0].low == "2024-01-01"


def test_a_boolean_column_counts_its_sides(tmp_path: Path) -> None:
    profile = profile_of(tmp_path, "yes", "no", "no")
    assert [(value.value, value.count) for value in profile.top_values] == [(False, 2), (True, 1)]


numbers = st.lists(st.integers(-1000, 1000), min_size=1, max_size=200)


@given(numbers)
def test_a_distribution_agrees_with_counting(values: list[int]) -> None:
    found = distribution_of(np.array(values))
    assert dict(zip(found.values.tolist(), found.counts.tolist(), strict=True)) == Counter(values)
    assert found.mean == pytest.approx(statistics.mean(values))
    ordered = sorted(values)
    assert found.quantiles() == [ordered[math.ceil(q * len(values)) - 1] for q in QUANTILES]
    assert sum(bin_.count for bin_ in found.histogram()) == len(values)
    expected = sorted(Counter(values).items(), key=lambda item: (-item[1], item[0]))[:3]
    assert found.top(3) == (expected if len(expected) and expected[0][1] > 1 else [])


spellings = st.sampled_from(
    ["0", "-0", "00", "7", "-7", "+7", "07", " 7", "7 ", "0x1F", "1_0", "1e3", "7.5", "07.5", ".5",
     "5.", "nan", "inf", "1e999", "9223372036854775808", "2024-01-31", "2024-1-31", "20240131",
     "2024-01-31 10:00:00", "2024-01-31T10:00:00", "2024-01-31 10:00"]
)  # fmt: skip


@pytest.mark.parametrize("plain", Plain)
@given(text=spellings)
def test_arrow_and_duckdb_read_plain_texts_alike(plain: Plain, text: str) -> None:
    """What Arrow takes for plain, the reading in SQL gives the same value for."""
    import duckdb
    import pyarrow as pa

    from discovery.table.column_class import ColumnClass
    from discovery.table.decision import decide
    from discovery.table.profile import key_of

    found = plain_values([pa.array([text])], plain, [], 1)
    sample = {
        Plain.INTEGER: ["7"],
        Plain.NUMBER: ["7.5"],
        Plain.DATE: ["2024-01-31"],
        Plain.DATETIME: ["2024-01-31 10:00:00"],
    }
    reading = decide(Counter(sample[plain])).reading
    assert reading.plain == plain
    assert reading.kind != ColumnClass.STRING
    [row] = duckdb.execute(f"SELECT {key_of('t', reading)} FROM (SELECT ? AS t)", [text]).fetchall()
    assert row[0] == (found[0][0] if found else None) or found is None
