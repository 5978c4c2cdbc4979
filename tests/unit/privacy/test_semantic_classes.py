"""Classes judged on small made columns, half of them traps."""

import pytest
from judged_columns import PRIVATE, PUBLIC, TRAPS

from registry.privacy import SemanticClass, semantic_class


def label(column):
    return f"{column[0]}: {column[1][0]}" if column[1] else column[0]


@pytest.mark.parametrize("column", PRIVATE, ids=label)
def test_a_column_that_tells_of_persons_is_private(column):
    name, values, expected = column

    found = semantic_class(name, values)

    assert found
    assert (found.name, found.private) == (expected, True)
    assert 0.5 < found.certainty < 1


@pytest.mark.parametrize("column", PUBLIC, ids=label)
def test_a_column_of_codes_or_links_has_a_class_that_is_not_private(column):
    name, values, expected = column

    found = semantic_class(name, values)

    assert found
    assert (found.name, found.private) == (expected, False)


@pytest.mark.parametrize("column", TRAPS, ids=label)
def test_a_column_that_only_looks_alike_has_no_class(column):
    assert semantic_class(*column) is None


@pytest.mark.parametrize("spelling", ["e_mail", "eMail", "E-MAIL", "work.emails[]", "Correo 2"])
def test_a_name_is_read_in_words_whatever_way_they_are_joined(spelling):
    values = ["ana@example.org", "none given", "b@example.org", "left the company"]

    assert semantic_class(spelling, values)
    assert semantic_class("remark", values) is None


def test_the_more_values_agree_the_surer_the_class():
    whole = semantic_class("email", ["a@example.org", "b@example.org"])
    partial = semantic_class("email", ["a@example.org", "b@example.org", "by post"])

    assert whole
    assert partial
    assert whole.certainty > partial.certainty


def test_a_name_that_agrees_makes_surer_than_values_alone():
    named, nameless = (semantic_class(name, ["a@example.org"]) for name in ("email", "x"))

    assert named
    assert nameless
    assert named.certainty > nameless.certainty


@pytest.mark.parametrize("place", range(3))
def test_words_for_missing_values_do_not_count(place):
    values = ["n/a", "unknown", "-"]
    values.insert(place, "+49 30 901820")

    assert semantic_class("phone", values) == semantic_class("phone", ["+49 30 901820"])


def test_a_weak_grammar_without_a_name_needs_several_distinct_values():
    one, other, third = "+49 30 901820", "+44 20 7946 0958", "+33 1 23 45 67 89"

    assert semantic_class("c", [one, one, one]) is None
    assert semantic_class("c", [one, other, third]) is not None


def test_booleans_and_nothing_are_no_values():
    assert semantic_class("phone", [True, False]) is None
    assert semantic_class("phone", []) is None


def test_a_class_can_be_compared():
    assert semantic_class("iban", ["GB29 NWBK 6016 1331 9268 19"]) == SemanticClass(
        name="iban", private=True, certainty=0.99
    )
