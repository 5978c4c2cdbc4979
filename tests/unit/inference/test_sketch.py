"""The distinct values of a path: a sample of them, and all of their digests."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.inference import sketch as sketch_module
from registry.inference.digest_set import DigestSet
from registry.inference.sketch import Sketch
from registry.inference.text_block import TextBlock


def sketch_of(values):
    sketch = Sketch()
    if values:
        absorb(sketch, Counter(values))
    return sketch


def absorb(sketch, counted):
    values = list(counted)
    counts = np.array(list(counted.values()))
    sketch.absorb(values, TextBlock(values).digests(), counts, str)


@pytest.fixture(scope="module", autouse=True)
def _three_kept_values():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sketch_module, "SKETCH_SIZE", 3)
        yield


words = st.lists(st.sampled_from("abcdefgh"))


@given(words, words)
def test_merging_sketches_is_sketching_everything_at_once(left, right):
    merged = sketch_of(left)
    merged.merge(sketch_of(right))

    assert merged == sketch_of(left + right)


@given(words)
def test_absorbing_values_one_by_one_is_absorbing_them_together(values):
    sketch = Sketch()
    for value in values:
        absorb(sketch, {value: 1})

    assert sketch == sketch_of(values)


@given(words)
def test_kept_counts_are_exact(values):
    assert dict(sketch_of(values).samples.values()).items() <= Counter(values).items()


@given(words)
def test_every_distinct_value_is_counted_though_few_are_kept(values):
    sketch = sketch_of(values)

    assert sketch.is_complete == (len(set(values)) <= 3)
    assert len(sketch.samples) == min(3, len(set(values)))
    assert (sketch.distinct, sketch.is_counted) == (len(set(values)), True)


@pytest.mark.parametrize("distinct", [5_000, 20_000])
def test_beyond_its_limit_a_set_estimates_within_three_standard_errors(distinct):
    values = [f"customer {number}" for number in range(distinct)]
    digests = DigestSet()
    digests.restrict(1024)
    digests.add(TextBlock(values).digests())

    assert not digests.is_complete
    assert len(digests.kept) == 1024
    assert digests.distinct == pytest.approx(distinct, rel=3 / 32)


numbers = st.lists(st.integers(0, 40), max_size=30)


@given(numbers, numbers, st.integers(1, 20))
def test_merging_limited_sets_is_adding_everything_at_once(left, right, limit):
    def set_of(values):
        digests = DigestSet()
        digests.restrict(limit)
        digests.add(np.array(values, np.uint64))
        return digests

    merged = set_of(left)
    merged.merge(set_of(right))

    assert merged == set_of(left + right)
    assert len(merged.kept) == min(limit, len({*left, *right}))
