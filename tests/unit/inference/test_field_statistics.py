"""What the statistics of a field say, one sentence a test, and how they compare with counting."""

import json
from collections import Counter
from dataclasses import asdict
from fractions import Fraction
from math import inf, nan, sqrt
from statistics import pstdev, pvariance
from sys import float_info

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.inference import Shape, field_statistics
from registry.inference import shape as shape_module


def statistics_of(*records):
    shape = Shape()
    shape.observe_all(records)
    return {field.path: field for field in field_statistics(shape)}


def statistics_at(values):
    """Return the statistics of a field with these values."""
    return statistics_of(*({"field": value} for value in values))["field"]


def top(field):
    return [(value.value, value.count) for value in field.top_values]


def test_every_path_has_a_place_in_depth_first_order():
    fields = statistics_of(
        {"labels": ["a"], "author": {"email": "a@b.org", "name": "A"}, "rows": [[{"x": 1}]]}
    )

    assert list(fields) == [
        "$",
        "author",
        "author.email",
        "author.name",
        "labels",
        "labels[]",
        "rows",
        "rows[]",
        "rows[][]",
        "rows[][].x",
    ]


def test_records_that_are_arrays_or_maps_have_paths_too():
    wide = {str(key): {"price": key} for key in range(1025)}

    assert list(statistics_of([{"x": 1}])) == ["$", "$[]", "$[].x"]
    assert list(statistics_of(wide)) == ["$", "${}", "${}.price"]
    assert list(statistics_of({"prices": wide})) == ["$", "prices", "prices{}", "prices{}.price"]


def test_keys_that_could_be_misread_in_a_path_are_written_as_json_strings():
    assert list(statistics_of({"a.b": {"größe": 1}, "": 1, "$": 1, "\ud800": 1, "x y": 1})) == [
        "$",
        '""',
        '"$"',
        '"a.b"',
        '"a.b".größe',
        '"x y"',
        '"\\ud800"',
    ]


def test_nothing_seen_gives_no_statistics():
    assert field_statistics(Shape()) == []


def test_elements_of_arrays_that_are_all_empty_have_no_statistics():
    assert list(statistics_of({"labels": []})) == ["$", "labels"]


def test_types_are_counted_each():
    field = statistics_at([1, 2.0, "a", True, None, [], {}, {}])

    assert field.count == 8
    assert field.types == {
        "object": 2,
        "array": 1,
        "string": 1,
        "number": 1,
        "integer": 1,
        "boolean": 1,
        "null": 1,
    }


def test_the_null_share_is_of_values_and_the_missing_share_of_objects():
    fields = statistics_of({"a": {"b": 1}}, {"a": {"b": None}}, {"a": {}}, {"a": None}, {})

    assert fields["a"].null_share == 0.25
    assert fields["a"].missing_share == 0.2
    assert fields["a.b"].null_share == 0.5
    assert fields["a.b"].missing_share == pytest.approx(1 / 3)
    assert fields["$"].missing_share == 0


def test_distinct_values_are_counted_across_types():
    field = statistics_at(["1", 1, 1.0, True, False, None, 2.5, "1"])

    assert field.distinct == 5
    assert not field.is_sampled


@pytest.mark.parametrize(
    ("values", "distinct"),
    [
        pytest.param([0, 0.0, -0.0], 1, id="zeros"),
        pytest.param([2**53, 2.0**53, 2**53 + 1], 2, id="integers between floats"),
        pytest.param([10**400, 10**400 + 1], 2, id="integers beyond floats"),
        pytest.param(["\ud800", "\ud801", "?", "\ufffd"], 4, id="lone surrogates"),
        pytest.param(["é", "e\u0301"], 2, id="normal forms"),
    ],
)
def test_values_are_distinct_if_they_differ_in_json(values, distinct):
    merged = Shape()
    for value in values:
        part = Shape()
        part.observe(value)
        merged.merge(part)

    assert field_statistics(merged)[0].distinct == distinct


def test_distinct_values_are_counted_exactly_though_512_are_kept():
    few = statistics_at([f"customer {number}" for number in range(512)] * 2)
    many = statistics_at([f"customer {number}" for number in range(20_000)] * 2)

    assert (few.distinct, few.is_sampled, few.distinct_is_exact) == (512, False, True)
    assert (many.distinct, many.is_sampled, many.distinct_is_exact) == (20_000, True, True)


def test_where_digests_have_no_room_distinct_values_are_estimated(monkeypatch):
    monkeypatch.setattr(shape_module, "DIGESTS", 10_000)

    field = statistics_at(list(range(40_000)))

    assert not field.distinct_is_exact
    assert field.distinct == pytest.approx(40_000, rel=0.05)


def test_integers_and_floats_of_one_value_are_counted_once():
    assert statistics_at([*range(1000), *map(float, range(500, 1500))]).distinct == 1500


def test_spread_is_of_the_numbers():
    field = statistics_at([1, 2, 3, 4, 5, 6, 7, 8, 9, 11.0, None, "x"])

    assert field.standard_deviation == pytest.approx(pstdev([1, 2, 3, 4, 5, 6, 7, 8, 9, 11]))
    assert field.quantiles == [1, 1, 3, 5, 8, 11, 11]
    assert field.histogram == [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    assert statistics_at(["x"]).quantiles is None


def test_equal_numbers_are_in_the_first_part_of_the_histogram():
    assert statistics_at([7] * 5).histogram == [5, 0, 0, 0, 0, 0, 0, 0, 0, 0]


def test_quantiles_of_many_numbers_misplace_few_of_them():
    field = statistics_at([number * 7919 % 50_000 for number in range(50_000)])

    shares = [quantile / 50_000 for quantile in field.quantiles]
    assert shares == pytest.approx([0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99], abs=0.07)
    assert sum(field.histogram) == pytest.approx(50_000, abs=10)


@given(st.lists(st.floats(-1e150, 1e150) | st.integers(-(2**70), 2**70), min_size=1))
def test_the_standard_deviation_is_the_exact_one(numbers):
    exact = pvariance(list(map(Fraction, numbers)))

    assert statistics_at(numbers).standard_deviation == pytest.approx(sqrt(exact), rel=1e-12)


def test_lengths_are_of_texts_and_of_arrays():
    field = statistics_at(["ab", "äöüß", "", [1], [1, 2, 3]])

    assert (field.fewest_characters, field.mean_characters, field.most_characters) == (0, 2, 4)
    assert (field.fewest_elements, field.mean_elements, field.most_elements) == (1, 2, 3)


def test_extremes_are_of_the_numbers_or_else_of_the_strings():
    mixed = statistics_at(["a", 2, 1.5, None])
    strings = statistics_at(["2024-02-01", "2023-12-31"])
    neither = statistics_at([None, True, []])

    assert (mixed.minimum, mixed.maximum) == (1.5, 2)
    assert (strings.minimum, strings.maximum) == ("2023-12-31", "2024-02-01")
    assert (neither.minimum, neither.maximum) == (None, None)


def test_means_are_of_numbers_characters_and_elements():
    field = statistics_at([1, 2, 4.5, "ab", "äöüß", [1], [1, 2]])

    assert field.mean == 2.5
    assert field.mean_characters == 3
    assert field.mean_elements == 1.5


def test_sums_are_exact_whatever_the_order():
    assert statistics_at([1e308, 1e308, -1e308, -1e308, 0.1]).mean == 0.1 / 5
    assert statistics_at([0.1] * 10).mean == 0.1


def test_nan_and_the_infinities_are_counted_as_numbers_and_nothing_else():
    field = statistics_at([nan, inf, -inf, 1])
    alone = statistics_at([nan])

    assert field.types == {"number": 3, "integer": 1}
    assert (field.mean, field.minimum, field.maximum, top(field)) == (1, 1, 1, [(1, 1)])
    assert (alone.count, alone.distinct, alone.mean, alone.minimum) == (1, 0, None, None)


def test_the_ten_most_frequent_values_are_listed_with_their_counts():
    field = statistics_at(["b", "a", "b", True, 7, 7.0, 7] + [f"x{number}" for number in range(9)])

    assert top(field) == [
        (7, 3),
        ("b", 2),
        ("a", 1),
        *((f"x{number}", 1) for number in range(7)),
    ]


def test_numbers_too_large_for_json_writers_become_floats():
    field = statistics_at([2**64 - 1, 2**64, 10**400, -(10**5000)])

    assert field.maximum == float_info.max
    assert field.minimum == field.mean == -float_info.max
    assert (2**64 - 1, 1) in top(field)
    assert (2.0**64, 1) in top(field)


def test_long_texts_are_cut_and_what_cannot_be_stored_is_replaced():
    field = statistics_at(["x" * 100, "y" * 101, "a\0b\ud800"])

    assert field.maximum == "y" * 100 + "…"
    assert field.minimum == "a\ufffdb\ufffd"
    assert {value for value, _ in top(field)} == {"x" * 100, "y" * 100 + "…", "a\ufffdb\ufffd"}


def test_texts_with_the_same_beginning_are_told_apart():
    assert statistics_at(["x" * 5000 + end for end in "abc"]).distinct == 3


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5),
)


@given(st.lists(scalars, min_size=1))
def test_statistics_agree_with_counting_everything(values):
    field = statistics_at(values)
    flags = [value for value in values if isinstance(value, bool)]
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    strings = [value for value in values if isinstance(value, str)]

    assert field.count == len(values)
    assert field.null_share == values.count(None) / len(values)
    assert field.distinct == len(set(flags)) + len(set(numbers)) + len(set(strings))
    assert sum(count for _, count in top(field)) <= len(values)
    most = [*Counter(flags).values(), *Counter(numbers).values(), *Counter(strings).values()]
    assert [count for _, count in top(field)] == sorted(most, reverse=True)[:10]
    if numbers:
        assert field.mean == float(sum(map(Fraction, numbers)) / len(numbers))
        assert field.minimum in (min(numbers), float(min(numbers)))
        assert field.maximum in (max(numbers), float(max(numbers)))
    elif strings:
        assert (field.minimum, field.maximum) == (min(strings), max(strings))


records = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.lists(records, max_size=4))
def test_statistics_go_into_json_as_they_are(records):
    statistics = list(statistics_of(*records).values())

    written = json.dumps([asdict(field) for field in statistics], allow_nan=False)
    assert orjson.loads(orjson.dumps(statistics)) == orjson.loads(written)
