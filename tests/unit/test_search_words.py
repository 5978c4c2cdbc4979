"""How texts become words, and how words that were mistyped are told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.search.words import distance, pieces, resemblance, slips, split_words, tolerance

WORDS = st.text("abcde", min_size=4, max_size=9)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("accountId", ["account", "id"]),
        ("account_id", ["account", "id"]),
        ("Account-ID", ["account", "id"]),
        ("HTTPServer2", ["http", "server", "2"]),
        ("author.email[]", ["author", "email"]),
        ("Größe & Crème brûlée", ["grosse", "creme", "brulee"]),
        ("ﬁeld №7", ["field", "no", "7"]),
        ("заказы клиента", ["заказы", "клиента"]),
        ("  ", []),
    ],
)
def test_code_like_names_are_split_and_accents_folded(text: str, words: list[str]) -> None:
    assert list(split_words(text)) == words


@given(st.text())
def test_no_word_holds_what_has_a_meaning_in_a_query(text: str) -> None:
    for word in split_words(text):
        assert word
        assert not set(word) & set("'\\\x00 :*&|!<>()=#@^?")


@given(st.text())
def test_every_piece_of_a_text_stands_where_it_is_said_to(text: str) -> None:
    at = 0
    for start, end in pieces(text):
        assert at <= start < end <= len(text)
        at = end


@given(WORDS, st.data())
def test_a_word_with_one_slip_is_met_in_what_is_left_of_both(
    word: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    mistyped = data.draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                f"{word[:at]}x{word[at:]}",
                f"{word[:at]}x{word[at + 1 :]}",
                word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
            ]
        )
    )
    assert distance(word, mistyped) <= 1
    assert set(slips(word)) & set(slips(mistyped))


@given(WORDS, WORDS)
def test_distance_is_the_same_both_ways_and_none_only_to_itself(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
    assert distance(one, other) <= max(len(one), len(other))


def test_a_plural_resembles_a_singular_that_was_mistyped() -> None:
    assert resemblance("acount", "accounts") == 1


@pytest.mark.parametrize(("word", "most"), [("id", 0), ("2026", 0), ("jira", 1), ("customer", 2)])
def test_longer_words_may_hold_more_slips(word: str, most: int) -> None:
    assert tolerance(word) == most
