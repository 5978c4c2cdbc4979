"""The class of a column is decided by all its texts."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discovery.table.column_class import ColumnClass
from discovery.table.decision import decide


def kind_of(*texts: str, name: str = "", delimiter: str = ",") -> str:
    return decide(Counter(texts), name=name, delimiter=delimiter).reading.kind.value


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("string", ["", ""]),
        ("string", ["?", "-"]),
        ("string", ["A1", "2"]),
        ("string", ["1-2", "3-4"]),
        ("string", ["10.0.0.1", "10.0.0.2"]),
        ("string", ["1.2.10", "2.0.3"]),
        ("string", ["1E5", "2E7"]),
        ("string", ["+4930123456", "+4989654321"]),
        ("integer", ["1", "-2", "0"]),
        ("integer", ["1", " 2", "+3"]),
        ("integer", ["99999999999999999999", "5"]),
        ("integer", ["1,234", "5,678,901"]),
        ("integer", ["1 234", "5 678 901"]),
        ("integer", ["1.234.567", "12.345.678"]),
        ("integer", ["12'500", "1'000'000"]),
        ("number", ["1.5", "2"]),
        ("number", ["1e5", "2"]),
        ("number", [".5", "007.25"]),
        ("number", ["1,5", "2,25"]),
        ("number", ["1.234,5", "2"]),
        ("number", ["1,234.50", "7"]),
        ("number", ["12%", "5.5 %"]),
        ("number", ["$1,200.50", "($3.00)", "-$4"]),
        ("number", ["12,50 €", "3,00 €"]),
        ("number", ["EUR 5", "EUR 1,234.5"]),
        ("boolean", ["true", "TRUE"]),
        ("boolean", ["yes", "No"]),
        ("boolean", ["Y", "N", "NA"]),
        ("boolean", ["T", "F"]),
        ("string", ["yes", "yes"]),
        ("string", ["F", "F"]),
        ("string", ["F", "M"]),
        ("string", ["yes", "no", "unknown"]),
        ("integer", ["0", "1"]),
        ("date", ["2024-01-31"]),
        ("date", ["31/12/2024", "01/02/2024"]),
        ("date", ["12/31/2024", "01/02/2024"]),
        ("date", ["1.2.2024", "31.12.2024"]),
        ("date", ["12-Jan-24", "1-Feb-24"]),
        ("date", ["January 5, 2024", "May 12, 2024"]),
        ("date", ["20240131", "20240201", "19991231"]),
        ("date", ["2024-01-31", "31/12/2024"]),
        ("string", ["31/12/2024", "12/31/2024"]),
        ("string", ["31/02/2024", "30/02/2024"]),
        ("datetime", ["2024-01-31 10:00:00", "2024-01-31T10:00:00.5"]),
        ("datetime", ["2024-01-31T10:00:00Z", "2024-01-31T10:00:00+02:00"]),
        ("datetime", ["1/31/2024 4:05 PM"]),
        ("datetime", ["10/Oct/2000:13:55:36 -0700"]),
        ("datetime", ["2024-01-31", "2024-01-31 10:00"]),
        ("time", ["10:00", "23:59"]),
        ("time", ["12:30:15.250"]),
        ("string", ["125:30", "10:00"]),
        ("yearmonth", ["2024-01", "2024-12"]),
        ("yearmonth", ["Jan 2024", "Feb 2024"]),
        ("string", ["2009/10", "2010/11"]),
        ("yearmonth", ["2009/10", "2010/12"]),
        ("string", ["1", "2", "7", "1,2"]),
        ("number", ["1", "2,5", "7,25", "1,2"]),
        ("string", ["(1)", "(2)"]),
    ],
)
def test_the_class_follows_from_the_texts(kind: str, texts: list[str]) -> None:
    assert kind_of(*texts) == kind


@pytest.mark.parametrize("word", ["NA", "N / A", "-", "?", "#N/A", "NULL", "nan", "no data"])
@pytest.mark.parametrize(("kind", "value"), [("number", "1.5"), ("date", "2024-01-31")])
def test_words_for_missing_values_change_no_class(kind: str, value: str, word: str) -> None:
    assert kind_of(value, word) == kind


def test_one_leading_zero_among_integers_makes_them_codes() -> None:
    verdict = decide(Counter({"10115": 60_000, "01067": 1}))
    assert verdict.reading.kind == ColumnClass.STRING
    assert verdict.codes == {"01067"}


def test_a_repeated_word_beside_many_numbers_is_a_marker() -> None:
    verdict = decide(Counter([*map(str, range(30)), *["masked"] * 3]))
    assert verdict.reading.kind == ColumnClass.INTEGER
    assert verdict.markers == {"masked"}


def test_a_single_word_beside_many_numbers_makes_them_texts() -> None:
    assert kind_of(*map(str, range(30)), "total") == "string"


def test_letters_beside_numbers_are_values_of_their_own() -> None:
    chromosomes = [*map(str, range(1, 23)), "X", "Y"] * 5
    assert kind_of(*chromosomes) == "string"


def test_years_are_told_by_the_name_above_them() -> None:
    assert kind_of("1990", "2024", name="year") == "year"
    assert kind_of("1990", "2024", name="birthYear") == "year"
    assert kind_of("1990", "2024", name="population") == "integer"
    assert kind_of("7", "12", name="years") == "integer"


def test_eight_digits_are_dates_if_they_are_many_or_so_named() -> None:
    assert kind_of("20240131") == "integer"
    assert kind_of("20240131", name="start_date") == "date"


def test_dates_that_read_both_ways_are_ambiguous() -> None:
    verdict = decide(Counter(["01/02/2024", "03/04/2024"]))
    formats = {verdict.reading.format, *(rival.format for rival in verdict.rivals)}
    assert formats == {"%d/%m/%Y", "%m/%d/%Y"}


@pytest.mark.parametrize("texts", [["01/02/2024", "13/02/2024"], ["1/3/2024", "1/13/2024"]])
def test_a_day_above_twelve_settles_the_order(texts: list[str]) -> None:
    assert not decide(Counter(texts)).rivals


def test_the_part_that_stays_the_same_in_a_monthly_series_is_the_day() -> None:
    verdict = decide(Counter(["01/01/2024", "01/02/2024", "01/03/2024"]))
    assert (verdict.reading.format, verdict.rivals) == ("%d/%m/%Y", ())
    verdict = decide(Counter(["01/01/2024", "02/01/2024", "03/01/2024"]))
    assert (verdict.reading.format, verdict.rivals) == ("%m/%d/%Y", ())


def test_commas_that_may_group_or_begin_decimals_are_ambiguous() -> None:
    commas = decide(Counter(["1,234", "5,678"]))
    assert [commas.reading.kind, *(r.kind for r in commas.rivals)] == ["integer", "number"]
    semicolons = decide(Counter(["1,234", "5,678"]), delimiter=";")
    assert [semicolons.reading.kind, *(r.kind for r in semicolons.rivals)] == ["number", "integer"]


def test_a_comma_beside_ungrouped_thousands_separates_a_list() -> None:
    assert kind_of("91,267", "12345") == "string"


values = st.one_of(
    st.lists(st.integers(-(10**30), 10**30).map(str), min_size=1),
    st.lists(st.sampled_from(["1", "01", "1,5", "1.5", "NA", "x", "2024-01-31", "01/02/24", ""])),
)


@given(values, st.randoms())
def test_the_decision_does_not_depend_on_the_order(texts: list[str], random) -> None:
    shuffled = random.sample(texts, len(texts))
    assert decide(Counter(shuffled)) == decide(Counter(texts))


days = st.dates(date(1900, 1, 1), date(2100, 1, 1))
moments = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1))


@given(st.lists(days, min_size=1), st.sampled_from(["%Y-%m-%d", "%d %b %Y", "%B %d, %Y"]))
def test_dates_are_read_back_as_dates(dates: list[date], directives: str) -> None:
    assert kind_of(*(day.strftime(directives) for day in dates)) == "date"


@given(st.lists(moments, min_size=1), st.sampled_from(["T", " "]))
def test_date_times_are_read_back_as_date_times(values: list[datetime], mark: str) -> None:
    assert kind_of(*(value.isoformat(mark) for value in values)) == "datetime"


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_floats_are_read_back_as_numbers(numbers: list[float]) -> None:
    texts = [repr(number) for number in numbers]
    only_exponents = all("e" in text and "." not in text for text in texts)
    assert kind_of(*texts) == ("string" if only_exponents else "number")


@given(st.lists(st.integers(), min_size=3, unique=True))
def test_integers_are_read_back_as_integers(numbers: list[int]) -> None:
    assert kind_of(*map(str, numbers), str(timedelta.max.days)) == "integer"
