"""The quick looks at columns of strings: never too kind, and worth their while."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.inference.fixed_layouts import left_open
from registry.inference.formats import is_valid
from registry.inference.text_block import TextBlock, digest_of_text

FORMATS = ["date", "date-time", "uuid", "email"]

digits = st.sampled_from("0123456789")
near_misses = st.one_of(
    st.dates().map(str),
    st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()),
    st.from_regex(
        r"[0-3]\d\d\d-[01]\d-[0-3]\d(T[0-2]\d:[0-6]\d:[0-6]\d(\.\d{0,3})?(Z|[+-]\d\d:\d\d)?)?",
        fullmatch=True,
    ),
    st.uuids().map(str),
    st.from_regex(r"[0-9a-gA-G]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", fullmatch=True),
    st.emails(),
    st.from_regex(r"[a-zA-Z0-9_.+\-]{1,4}@[a-z0-9.\-_]{1,5}\.[a-z0-9]{1,3}", fullmatch=True),
    st.text(max_size=4),
    st.just("a\nb@c.org"),
)


@given(st.lists(near_misses, min_size=1, max_size=8))
def test_what_a_look_does_not_leave_open_is_valid(texts):
    for name in FORMATS:
        rest = left_open(name, texts, TextBlock(texts))
        assert all(is_valid(name, text) for text in texts if text not in rest)


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("date", ["2024-01-31"[:8] + "28", "1999-12-01"]),
        ("date-time", ["2024-01-28T10:00:00Z", "2024-01-28T10:00:00.123456Z"]),
        ("date-time", ["2024-01-28T10:00:00+02:00", "2024-01-28T10:00:00.5-11:30"]),
        ("uuid", ["f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"]),
        ("email", ["ana.maria+x@mail.example.org", "b_1@x-y.de"]),
    ],
)
def test_everyday_values_are_not_left_open(name, texts):
    assert left_open(name, texts, TextBlock(texts)) == []


@given(st.lists(st.text(max_size=12) | st.text("ab\n\0é\ud800", max_size=300), min_size=1))
def test_a_block_knows_the_extremes_the_lengths_and_equal_texts(texts):
    block = TextBlock(texts)

    assert block.extremes() == (min(texts), max(texts))
    assert block.characters.tolist() == list(map(len, texts))
    alone = [digest_of_text(text) for text in texts]
    assert block.digests().tolist() == alone
    assert [int(TextBlock([text]).digests()[0]) for text in texts] == alone
    assert len(set(alone)) == len(set(texts))
