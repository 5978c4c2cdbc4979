"""Text and JSON enter an event only if they can be stored and read back as they are."""

import json

import msgspec
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from instances import JSON

from registry.errors import InvalidValue
from registry.text import MAX_DEPTH, storable, storable_json

UNSTORABLE = ["\0", "\ud800", "\udfff", "\ude00\ud83d"]


def nested(levels, inner):
    for level in range(levels):
        inner = [inner] if level % 2 else {"a": inner}
    return inner


def refusal(value):
    with pytest.raises(InvalidValue) as refused:
        storable_json(value)
    assert isinstance(refused.value, ValueError)
    return refused.value.facts["place"], refused.value.facts["reason"]


@given(JSON)
@example({"a": [-(2**63), 2**64 - 1, 5e-324, None, True, "é"]})
def test_what_is_storable_is_read_back_as_it_was(value):
    assume("\\u0000" not in json.dumps(value))

    assert storable_json(value) is value
    assert msgspec.json.decode(msgspec.json.encode(value)) == value


@pytest.mark.parametrize("text", ["", "é", "😀", "\N{REPLACEMENT CHARACTER}", "\x01\x7f\uffff"])
def test_all_other_characters_are_storable(text):
    assert storable(text) is text
    assert storable_json({text: [text]}) == {text: [text]}


@pytest.mark.parametrize("part", UNSTORABLE)
def test_neither_nul_nor_half_a_surrogate_pair_is_storable(part):
    code = f"U+{ord(part[0]):04X} cannot be stored; leave it out"

    with pytest.raises(InvalidValue, match=r"The value at character 2 cannot be recorded: U\+"):
        storable("ab" + part)
    assert refusal(part) == ("/", code)
    assert refusal({"a": ["ok", "b" + part]}) == ("/a/1", code)
    assert refusal({"a": {part: 1}}) == ("/a", code)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_numbers_that_json_does_not_have_are_not_storable(number):
    assert refusal([0, number]) == ("/1", "JSON has no NaN or infinity")


def test_integers_have_at_most_64_bits():
    assert storable_json([-(2**63), 2**64 - 1]) == [-(2**63), 2**64 - 1]
    for number in (-(2**63) - 1, 2**64, 10**400):
        assert refusal({"n": number}) == ("/n", "the integer needs more than 64 bits")


@pytest.mark.parametrize("inner", [1, "", [], {}, None])
def test_nesting_is_limited(inner):
    assert storable_json(nested(MAX_DEPTH, inner))
    place, reason = refusal(nested(MAX_DEPTH + 1, inner))
    assert reason == f"nested more than {MAX_DEPTH} levels deep"
    assert place.count("/") == MAX_DEPTH + 1


def test_nesting_beyond_all_measure_is_refused_like_any_other():
    assert refusal(nested(100_000, None))[1] == f"nested more than {MAX_DEPTH} levels deep"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({1, 2}, "JSON has no set"),
        ((1, 2), "JSON has no tuple"),
        (b"bytes", "JSON has no bytes"),
        (1j, "JSON has no complex"),
        ({1: 2}, "JSON has no keys such as 1"),
        ({None: 2}, "JSON has no keys such as None"),
    ],
)
def test_what_json_would_change_is_not_storable(value, reason):
    assert refusal({"a": value}) == ("/a", reason)


def test_the_first_wrong_place_is_told_as_a_json_pointer():
    wrong = {"ok": [1], "a/b": [{"~": float("nan")}], "later": float("nan")}
    assert refusal(wrong)[0] == "/a~1b/0/~0"


@given(st.recursive(st.sampled_from(["\0", None]), st.lists, max_leaves=5))
def test_nothing_unstorable_hides_in_depth(value):
    if "\\u0000" in json.dumps(value):
        refusal(value)
    else:
        assert storable_json(value) is value
