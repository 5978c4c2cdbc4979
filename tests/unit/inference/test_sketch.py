"""The sample of distinct values that does not depend on order or partition."""

from collections import Counter
from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.inference import sketch as sketch_module
from registry.inference.sketch import SKETCH_SIZE, Sketch


def digests(values):
    return [blake2b(value.encode(), digest_size=16).digest() for value in values]


def sketch_of(values):
    sketch = Sketch()
    counted = Counter(values)
    sketch.absorb(counted, digests(counted), str)
    return sketch


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
        sketch.absorb({value: 1}, digests([value]), str)

    assert sketch == sketch_of(values)


@given(words)
def test_kept_counts_are_exact(values):
    assert dict(sketch_of(values).samples.values()).items() <= Counter(values).items()


@given(words)
def test_a_complete_sketch_counts_every_distinct_value(values):
    sketch = sketch_of(values)

    assert sketch.is_complete == (len(set(values)) <= 3)
    if sketch.is_complete:
        assert sketch.distinct == len(set(values))
    else:
        assert sketch.distinct > 3


@pytest.mark.parametrize("distinct", [1_000, 20_000])
def test_the_estimate_lies_within_three_standard_errors(distinct, monkeypatch):
    monkeypatch.setattr(sketch_module, "SKETCH_SIZE", SKETCH_SIZE)

    estimate = sketch_of(f"customer {number}" for number in range(distinct)).distinct

    assert estimate == pytest.approx(distinct, rel=3 * 0.044)
    assert estimate != distinct
