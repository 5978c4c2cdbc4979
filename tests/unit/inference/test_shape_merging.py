"""Shapes merge: any order, any split and any grouping of records gives the same result."""

import json
import pickle
from dataclasses import asdict
from math import inf, nan

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from registry.inference import (
    Shape,
    field_statistics,
    infer_schema,
    shape,
    sketch,
    structures,
    tally,
)

texts = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["red", "green", "2024-01-31", "2024-02-01", "a@example.org", "\ud800", "\0"]),
    st.text(alphabet="ab", min_size=100, max_size=103),
)
numbers = st.one_of(
    st.integers(),
    st.integers(-3, 3),
    st.sampled_from([2**53, 2**53 + 1, 2**64, -(10**400), 0.1, 0.2, 0.3, 1e16, 1e308, -1e308]),
    st.sampled_from([1.0, -0.0, 0.0, 5e-324, nan, inf, -inf]),
    st.floats(),
)
keys = st.sampled_from(["id", "name", "a.b", "", "\ud800", "x", "y", "z"])
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=6),
    max_leaves=8,
)
records = st.lists(values, max_size=6)
law = settings(max_examples=25)  # each runs within both kinds of limits


@pytest.fixture(scope="module", autouse=True, params=["as shipped", "tiny"])
def _limits(request):
    """Check the laws within the shipped limits and with limits small enough to be passed."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "tiny":
            patch.setattr(sketch, "SKETCH_SIZE", 2)
            patch.setattr(tally, "WAITING_VALUES", 1)
            patch.setattr(tally, "WORKED_TOGETHER", 3)
            patch.setattr(structures, "MAX_DEPTH", 2)
            patch.setattr(structures, "RECORD_KEYS", 3)
            patch.setattr(structures, "OBJECT_KEYS", 2)
            patch.setattr(shape, "BATCH_RECORDS", 2)
        yield


def shape_of(records):
    result = Shape()
    result.observe_all(records)
    return result


def written(shape):
    """Return schema and statistics as canonical bytes."""
    statistics = [asdict(field) for field in field_statistics(shape)]
    return json.dumps([infer_schema(shape), statistics], allow_nan=False).encode()


def assert_same(left, right):
    assert left == right
    assert written(left) == written(right)


@law
@given(records, st.randoms(use_true_random=False))
def test_any_split_order_and_grouping_gives_the_shape_of_all_records(records, random):
    whole = shape_of(records)
    shuffled = random.sample(records, len(records))
    cuts = sorted(random.choices(range(len(records) + 1), k=3))
    parts = [
        shape_of(shuffled[start:end])
        for start, end in zip([0, *cuts], [*cuts, len(records)], strict=True)
    ]
    while len(parts) > 1:
        left = parts.pop(random.randrange(len(parts)))
        parts.insert(0, left.merge(parts.pop(random.randrange(len(parts)))))

    assert_same(parts[0], whole)


@law
@given(records, records)
def test_merging_is_commutative(left, right):
    assert_same(shape_of(left).merge(shape_of(right)), shape_of(right).merge(shape_of(left)))


@law
@given(records, records, records)
def test_merging_is_associative(first, second, third):
    assert_same(
        shape_of(first).merge(shape_of(second)).merge(shape_of(third)),
        shape_of(first).merge(shape_of(second).merge(shape_of(third))),
    )


@law
@given(records)
def test_the_empty_shape_is_neutral(records):
    whole = shape_of(records)

    assert_same(Shape().merge(shape_of(records)), whole)
    assert_same(shape_of(records).merge(Shape()), whole)


@law
@given(records)
def test_observing_one_by_one_is_observing_all(records):
    one_by_one = Shape()
    for record in records:
        one_by_one.observe(record)

    assert_same(one_by_one, shape_of(records))


@law
@given(records, records)
def test_merging_leaves_the_other_shape_as_it_was(left, right):
    other = shape_of(right)

    shape_of(left).merge(other).observe_all(left)

    assert_same(other, shape_of(right))


@law
@given(records)
def test_a_shape_merged_with_itself_has_seen_everything_twice(records):
    merged = shape_of(records)
    merged.merge(merged)

    assert_same(merged, shape_of(records + records))


@law
@given(records)
def test_a_pickled_shape_comes_back_equal_and_goes_on_observing(records):
    unpickled = pickle.loads(pickle.dumps(shape_of(records)))  # noqa: S301

    assert_same(unpickled, shape_of(records))
    unpickled.observe_all(records)
    assert_same(unpickled, shape_of(records + records))


@law
@given(records, values)
def test_a_shape_that_saw_more_is_not_equal(records, value):
    assert shape_of(records) != shape_of([*records, value])


plain_records = st.lists(
    st.fixed_dictionaries(
        {}, optional={"a": st.integers(0, 30), "b": st.text("abc", max_size=3), "c": numbers}
    ),
    max_size=40,
)


@settings(max_examples=25, phases=[Phase.generate])
@given(plain_records, plain_records, plain_records)
def test_a_shape_out_of_room_for_digests_has_the_same_ones_in_any_order(first, second, third):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shape, "DIGESTS", 20)
        patch.setattr(sketch, "SKETCH_SIZE", 2)
        forth = shape_of(first).merge(shape_of(second)).merge(shape_of(third))
        back = shape_of(third).merge(shape_of(second).merge(shape_of(first)))

        assert_same(forth, back)
        assert_same(forth, shape_of(first + second + third))
        assert sum(sketch.digests.most_kept for sketch in forth._sketches()) <= 20
