"""Stand-ins for private values."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.inference import is_valid
from registry.privacy.identifiers import is_iban, is_payment_card
from registry.privacy.pseudonyms import Pseudonyms

CLASSES = (
    *("person_name", "user_name", "email", "phone", "address", "national_id", "payment_card"),
    *("iban", "date_of_birth", "geo_coordinates"),
)


def test_equal_values_have_equal_stand_ins_within_a_scan():
    scan = Pseudonyms()

    assert scan.of("Maria Keller", "person_name") == scan.of("Maria Keller", "person_name")
    assert scan.of("a@example.org", "email") == scan.of("A@example.org", "email")


def test_the_same_records_have_the_same_stand_ins_in_every_scan():
    one, other = Pseudonyms(), Pseudonyms()

    for name in ["Maria Keller", "Ana Kov", "Maria Keller"]:
        assert one.of(name, "person_name") == other.of(name, "person_name")


def test_a_stand_in_tells_the_form_of_a_value_and_nothing_of_what_it_says():
    assert Pseudonyms().of("Maria Keller", "person_name") == Pseudonyms().of(
        "Xenia Quitow", "person_name"
    )


def test_the_stand_in_of_a_value_depends_on_those_before_it():
    scan = Pseudonyms()
    scan.of("Ana Kov", "person_name")

    assert scan.of("Maria Keller", "person_name") != Pseudonyms().of("Maria Keller", "person_name")


def test_an_address_becomes_another_valid_one_that_is_nobodys():
    masked = Pseudonyms().of("maria.keller@example.org", "email")

    assert is_valid("email", masked)
    assert re.fullmatch(r"[a-z]{12}@masked\.example", masked)


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("Maria-Luisa O'Neil", r"[A-Z][a-z]{4}-[A-Z][a-z]{4} [A-Z]'[A-Z][a-z]{3}"),
        ("+49 (30) 901-820", r"\+\d\d \(\d\d\) \d{3}-\d{3}"),
        ("AB 12 34 56 C", r"[A-Z]{2} \d\d \d\d \d\d [A-Z]"),
        ("12b High Street", r"\d\d[a-z] [A-Z][a-z]{3} [A-Z][a-z]{5}"),
        ("王伟", r"[a-z]{2}"),
    ],
)
def test_a_text_keeps_its_length_punctuation_capitals_and_digits(value, form):
    masked = Pseudonyms().of(value, "address")

    assert re.fullmatch(form, masked)
    assert masked != value


def test_a_number_keeps_the_number_of_its_digits():
    scan = Pseudonyms()

    assert len(str(scan.of(5551234567, "phone"))) == 10
    assert len(str(scan.of(-5551234567, "phone"))) == 11
    assert scan.of(5551234567.0, "phone").is_integer()
    assert isinstance(scan.of(0.1234567, "national_id"), float)


@pytest.mark.parametrize("number", ["4111111111111111", "3782-822463-10005", 5555555555554444])
def test_a_masked_card_is_never_a_card(number):
    scan = Pseudonyms()

    for place in range(200):
        masked = scan.of(number, "payment_card")
        assert len(str(masked)) == len(str(number))
        assert not is_payment_card(str(masked))
        scan = Pseudonyms()
        for before in range(place + 1):
            scan.of(f"value {before}", "address")


def test_a_masked_iban_keeps_its_country_and_is_never_an_account():
    masked = Pseudonyms().of("GB29 NWBK 6016 1331 9268 19", "iban")

    assert re.fullmatch(r"GB00 [A-Z]{4} \d{4} \d{4} \d{4} \d\d", masked)
    assert not is_iban(masked)


@pytest.mark.parametrize(
    ("born", "told"),
    [
        ("1980-05-17", "1980-01-01"),
        ("1980-05-17T08:30:00Z", "1980-01-01T00:00:00Z"),
        ("17.05.1980", "01.01.1980"),
        ("5/17/80", "1/01/80"),
        ("May 17, 1980", "Jan 01, 1980"),
        ("17 mars 1980", "01 Jan 1980"),
        (19800517, 19800101),
        ("n/a", "n/a"),
    ],
)
def test_of_a_date_of_birth_the_year_is_told(born, told):
    assert Pseudonyms().of(born, "date_of_birth") == told


@pytest.mark.parametrize(
    ("position", "told"),
    [
        (52.520008, 52.5),
        (-7, -7),
        ("52.520008,13.404954", "52.5,13.4"),
        ("52°31′12″N", "52°0′0″N"),
    ],
)
def test_of_a_position_a_tenth_of_a_degree_is_told(position, told):
    assert Pseudonyms().of(position, "geo_coordinates") == told


@given(
    st.one_of(st.none(), st.booleans(), st.text(), st.integers(-(2**63), 2**64 - 1), st.floats()),
    st.sampled_from(CLASSES),
)
def test_a_stand_in_has_the_type_of_the_value_and_can_be_stored(value, class_name):
    masked = Pseudonyms().of(value, class_name)

    assert type(masked) is type(value)
    if isinstance(value, int):
        assert -(2**63) <= masked < 2**64
    if isinstance(value, str) and class_name not in ("email", "date_of_birth", "geo_coordinates"):
        assert len(masked) == len(value) or len(value) < 4
