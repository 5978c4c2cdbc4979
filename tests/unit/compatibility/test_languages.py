"""What is known of patterns and formats agrees with the validator on every text."""

import random

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.compatibility.expressions import machine_of
from registry.compatibility.formats import IMPLIED, SAMPLES, SHAPES, has_format, matches
from registry.compatibility.languages import Language, shortest
from tests.rounds import rounds

PIECES = [*"abc.^$1é", "\\d", "\\D", "\\w", "\\s", "\\S", "[ab]", "[^a]", "[a-c]", "\\.", "[\\w-]"]
REPEATS = ["*", "+", "?", "{2}", "{1,3}", "{0,1}", "{2,}", "*?"]
PATTERNS = st.recursive(
    st.sampled_from(PIECES),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("|".join).map("(?:{})".format),
        st.tuples(inner, st.sampled_from(REPEATS)).map(lambda pair: f"({pair[0]}){pair[1]}"),
    ),
    max_leaves=6,
)
TEXTS = st.text("abc1 .é_-\nAZ\u00a0", max_size=6)


def accepts(language, text):
    state = language.start
    for character in text:
        state = language.step(state, ord(character))
    return language.accepts(state)


@settings(max_examples=rounds(200), deadline=None)
@given(PATTERNS, st.lists(TEXTS, min_size=5, max_size=5))
def test_an_automaton_matches_what_the_validator_matches(pattern, texts):
    check = jsonschema_rs.Draft202012Validator({"pattern": pattern}).is_valid
    for is_wanted in (True, False):
        language = Language(machine_of(pattern), is_wanted)
        assert [accepts(language, text) is is_wanted for text in texts] == list(map(check, texts))
        found = shortest([language], 1, 4, {"a": None}, lambda _: None)
        assert found is None or (
            check(found) is is_wanted and 1 <= len(found) <= 4 and found != "a"
        )


@pytest.mark.parametrize(
    "pattern", ["a(?=b)", "(a)\\1", "\\ba", "\\p{L}", "(?i)a", "[", "a{2,1}b{99999}"]
)
def test_what_is_no_regular_language_is_not_guessed(pattern):
    assert machine_of(pattern) is None


@pytest.mark.parametrize("name", [*SHAPES, "uri-reference"])
def test_every_text_of_a_format_has_its_shape_and_the_formats_it_implies(name):
    rng = random.Random(name)
    for _ in range(rounds(1_000)):
        text = changed(rng, rng.choice(SAMPLES[name]))
        if has_format(name, text):
            assert matches(SHAPES.get(name, ""), text), text
            for one, other in IMPLIED:
                assert one != name or has_format(other, text), (other, text)


def changed(rng, text):
    letters = list(text)
    for _ in range(rng.randint(0, 3)):
        at = rng.randint(0, len(letters))
        letter = rng.choice("0123456789abcXYZ:-+.,/@#%~ TtZz\té😀[]\\")
        letters[at : at + rng.randint(0, 1)] = rng.choice([[], [letter], [letter, letter]])
    return "".join(letters)
