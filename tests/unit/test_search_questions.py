"""What is understood of a text typed into a search box, and how it is looked for."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.query import EVERYONE
from projections.search import asking
from projections.search.asking import MOST_WORDS, Phrase
from projections.search.lookup import Known
from projections.search.matching import MOST_RANKED, Filters, Frequency, Match, match
from projections.search.meaning import Meaning, forms, understood, unused
from projections.search.suggesting import suggestions

CLIENT = UUID(int=1)
ALL = Known("*", 1_000_000, 10)


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("jira iss", [Phrase(("jira",)), Phrase(("iss",), open_end=True)], []),
        ("jira issues ", [Phrase(("jira",)), Phrase(("issues",))], []),
        ('"service desk" -zendesk', [Phrase(("service", "desk"), quoted=True)], [("zendesk",)]),
        ('-"old data" accountId ', [Phrase(("account", "id"))], [("old", "data")]),
        ('"unfinished phra', [Phrase(("unfinished", "phra"), quoted=True)], []),
        ("amount of the account ", [Phrase(("amount",)), Phrase(("account",))], []),
        ("the ", [Phrase(("the",))], []),
        ('- "" -- ?!', [], []),
    ],
)
def test_words_phrases_and_exclusions_are_told_apart(
    text: str, wanted: list[Phrase], unwanted: list[tuple[str, ...]]
) -> None:
    asked = asking.read(text)
    assert list(asked.wanted) == wanted
    assert [phrase.words for phrase in asked.unwanted] == unwanted


@given(st.text(max_size=300) | st.text("ab\" -_'\\:*&|!<>()\x00", max_size=60))
def test_there_is_no_text_that_cannot_be_asked(text: str) -> None:
    asked = asking.read(text)
    phrases = (*asked.wanted, *asked.unwanted)
    assert sum(len(phrase.words) for phrase in phrases) <= MOST_WORDS
    meaning = understood(asked, {}, {}, {})
    assert match(meaning, Filters(), Frequency(ALL, []), CLIENT, 1).tsquery
    assert suggestions(asked, {}, {}, 5) == []


def test_a_word_stands_for_its_forms_and_one_in_quotes_for_itself() -> None:
    known = forms([["issues", "issues", 3, 0, 0, 0], ["issues", "issue", 9, 0, 0, 0]])
    plain = understood(asking.read("issues "), known, {}, {})
    quoted = understood(asking.read('"issues"'), known, {}, {})
    assert plain.lexemes == ["issue", "issues"]
    assert quoted.lexemes == ["issues"]


def test_a_word_that_nobody_uses_is_taken_for_the_nearest_that_is_used() -> None:
    asked = asking.read("custmer")
    near = {"custmer": [Known("customer", 5, 0), Known("costumer", 90, 0)]}
    assert unused(asked, {}) == ["custmer"]
    meaning = understood(asked, {}, near, {})
    assert meaning.corrected == {"custmer": ["customer"]}
    assert understood(asked, {}, {}, {}).unknown == ("custmer",)


def test_two_words_written_as_one_are_found_as_two() -> None:
    parts = {word: Known(word, 5, 0) for word in ("account", "id", "acc")}
    meaning = understood(asking.read("accountid"), {}, {}, parts)
    assert meaning.corrected == {"accountid": ["account id"]}
    query = match(meaning, Filters(), Frequency(ALL, []), CLIENT, 1).tsquery
    assert "'account' <-> 'id'" in query


def meaning_of(shared: int, titles: int = 0) -> Meaning:
    known = {"account": [Known("account", shared, 3, titles, 1)]}
    return understood(asking.read("account "), known, {}, {})


def looked_for(shared: int, *, whole: bool = False) -> Match:
    return match(meaning_of(shared), Filters(), Frequency(ALL, []), CLIENT, 1, whole=whole)


def test_what_is_rare_is_looked_for_everywhere() -> None:
    found = looked_for(MOST_RANKED)
    assert found.complete
    assert "#" not in found.tsquery


def test_what_is_frequent_is_looked_for_in_a_share_and_what_a_client_owns_in_full() -> None:
    found = looked_for(MOST_RANKED * 64)
    assert not found.complete
    assert f"'@{CLIENT}' & 'account'" in found.tsquery
    assert "'#6'" in found.tsquery
    assert looked_for(MOST_RANKED * 64, whole=True).complete


def test_fewer_words_are_looked_for_in_every_combination() -> None:
    known = {word: [Known(word, 5, 0)] for word in ("jira", "issue", "audit")}
    meaning = understood(asking.read("jira issue audit "), known, {}, {})
    frequency = Frequency(ALL, [])
    two, one = (match(meaning, Filters(), frequency, EVERYONE, least).tsquery for least in (2, 1))
    assert "('jira' & 'issue') | ('jira' & 'audit') | ('issue' & 'audit')" in two
    assert "('jira' | 'issue' | 'audit')" in one


def test_filters_make_the_share_larger() -> None:
    tenth = Known("=industry:fintech", ALL.shared // 8, 0)
    filters = Filters(industry="fintech")
    found = match(meaning_of(MOST_RANKED * 64), filters, Frequency(ALL, [tenth]), EVERYONE, 1)
    assert "'#3'" in found.tsquery
    assert "'=industry:fintech'" in found.tsquery
