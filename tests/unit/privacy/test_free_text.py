"""Private values inside texts."""

import re

import pytest

from registry.privacy.free_text import FreeText
from registry.privacy.pseudonyms import Pseudonyms


def masked(text, names=()):
    return FreeText(Pseudonyms(), names).masked(text)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Write to ana.m@example.org, please.", r"Write to [a-z]+@masked\.example, please\."),
        ("<mailto:a@b.example>", r"<mailto:[a-z]{6}@masked\.example>"),
        ("cut at ana.muster@exa…", r"cut at [a-z]+@masked\.example…"),
        ("card 4111 1111 1111 1111 12/27", r"card 0\d{3} \d{4} \d{4} \d{4} 12/27"),
        ("No.4111111111111111", r"No\.0\d{15}"),
        ("GB29NWBK60161331926819.", r"GB00[A-Z]{4}\d{14}\."),
        ("to DE89 3704 0044 0532 0130 00 BY 5 PM", r"to DE00( \d{4}){4} \d\d BY 5 PM"),
        ("to DE89370400440532013000 WIRE NOW", r"to DE00\d{18} WIRE NOW"),
        ("ring +49 (30) 901-82055 now", r"ring \+\d\d \(\d\d\) \d{3}-\d{5} now"),
    ],
)
def test_what_tells_of_a_person_is_masked_and_the_rest_stays(text, form):
    assert re.fullmatch(form, masked(text))
    assert masked(text) != text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nothing private here.",
        "lodash@4.17.21",
        "@channel, see #general",
        "1725362122.039155",
        "98765432-1234-4123-8123-411111111111",
        "4111 1111 1111 1112",
        "order 1234567890123456",
        "INC0120051 and PAY-217",
        "GB30NWBK60161331926819",
        "2024-01-01T00:00:00+01:00",
        "https://example.org/a/b?c=1#d",
        "aeb18d889210fb50c4de17362e37b12f13ae36b5",
        "1 + 2 = 3, +5.25 %",
    ],
)
def test_what_only_looks_alike_stays(text):
    assert masked(text) == text


def test_the_names_known_from_elsewhere_are_masked():
    text = masked("Ana Muster met Bob, not Anabel Muster.", names=["Ana Muster", "Bob"])

    assert re.fullmatch(r"[A-Z][a-z]{2} [A-Z][a-z]{5} met Bob, not Anabel Muster\.", text)
    assert "Ana Muster" not in text


def test_an_address_in_a_text_and_in_a_field_have_the_same_stand_in():
    pseudonyms = Pseudonyms()

    text = FreeText(pseudonyms).masked("from ana@example.org")

    assert text == f"from {pseudonyms.of('ana@example.org', 'email')}"
