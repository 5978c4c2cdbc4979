"""The classes that tell of a person, and how each shows in names and values.

Grammars that nothing else satisfies (an e-mail address, a checksum) need no name. Weaker ones need
a name that agrees or many distinct values, and none that speaks of something else.
"""

from typing import Final

from registry.privacy import vocabulary
from registry.privacy.contacts import (
    is_address,
    is_international_phone,
    is_north_american_phone,
    may_be_address,
    may_be_phone,
    may_be_street,
)
from registry.privacy.evidence import (
    Evidence,
    anything,
    is_silent_on,
    may_name_anyone,
    names_a_part_of_a_name,
    names_a_party,
    names_a_person,
    names_a_street,
    names_degrees,
    says,
    says_no_more_than,
)
from registry.privacy.identifiers import (
    is_distinct_national_id,
    is_email,
    is_iban,
    is_national_id,
    is_payment_card,
    may_be_national_id,
)
from registry.privacy.persons import (
    has_given_name,
    is_given_name,
    is_named_handle,
    may_be_full_name,
    may_be_handle,
    may_be_name,
)
from registry.privacy.places import has_fraction, is_date, is_latitude, is_longitude, is_position
from registry.privacy.words import words

_NO_PLACE: Final = words("email mail ip mac web url wallet memory host server")
_NO_NUMBER: Final = is_silent_on(vocabulary.GOODS | vocabulary.MEASURES)

PRIVATE: Final[dict[str, tuple[Evidence, ...]]] = {
    "email": (
        Evidence(says(vocabulary.EMAIL), is_email, share=0.5),
        Evidence(anything, is_email, share=0.8, certainty=0.97),
    ),
    "iban": (
        Evidence(says(vocabulary.IBAN), is_iban, share=0.5),
        Evidence(anything, is_iban, share=0.8, certainty=0.97),
    ),
    "payment_card": (
        Evidence(says(vocabulary.CARD, vocabulary.MEASURES), is_payment_card, share=0.5),
        Evidence(
            is_silent_on(vocabulary.GOODS), is_payment_card, share=0.9, distinct=2, certainty=0.93
        ),
        Evidence(anything, is_payment_card, share=0.95, distinct=8, certainty=0.9),
    ),
    "national_id": (
        Evidence(says(vocabulary.NATIONAL_ID, vocabulary.MEASURES), is_national_id, share=0.6),
        Evidence(
            says(vocabulary.NATIONAL_ID, vocabulary.MEASURES),
            may_be_national_id,
            share=0.9,
            certainty=0.75,
        ),
        Evidence(_NO_NUMBER, is_distinct_national_id, share=0.9, distinct=3, certainty=0.9),
    ),
    "date_of_birth": (Evidence(says(vocabulary.BIRTH), is_date, share=0.7),),
    "phone": (
        Evidence(
            says(vocabulary.PHONE, vocabulary.MEASURES | vocabulary.GOODS),
            may_be_phone,
            share=0.6,
            certainty=0.98,
        ),
        Evidence(_NO_NUMBER, is_international_phone, share=0.9, distinct=3, certainty=0.88),
        Evidence(_NO_NUMBER, is_north_american_phone, share=0.95, distinct=5, certainty=0.8),
    ),
    "address": (
        Evidence(
            says(vocabulary.ADDRESS, vocabulary.MEASURES | vocabulary.GOODS),
            may_be_address,
            share=0.6,
            certainty=0.97,
        ),
        Evidence(names_a_street, may_be_street, share=0.8, certainty=0.9),
        Evidence(is_silent_on(_NO_PLACE), is_address, share=0.8, distinct=3, certainty=0.88),
    ),
    "person_name": (
        Evidence(names_a_part_of_a_name, may_be_name, share=0.7, certainty=0.97),
        Evidence(names_a_person, may_be_full_name, share=0.7, certainty=0.93),
        Evidence(
            names_a_party, may_be_full_name, share=0.6, certainty=0.9, beside=(has_given_name, 0.35)
        ),
        Evidence(
            says_no_more_than(vocabulary.FIRST),
            is_given_name,
            share=0.35,
            distinct=2,
            certainty=0.9,
        ),
        Evidence(
            says_no_more_than(vocabulary.LAST),
            may_be_name,
            share=0.8,
            certainty=0.75,
            beside=(lambda text: text[0].isupper(), 0.8),
        ),
        Evidence(names_a_party, is_given_name, share=0.7, distinct=3, certainty=0.85),
        Evidence(
            may_name_anyone,
            may_be_full_name,
            share=0.9,
            distinct=5,
            certainty=0.8,
            beside=(has_given_name, 0.6),
        ),
    ),
    "user_name": (
        Evidence(
            says(vocabulary.USER_NAME, vocabulary.MEASURES), may_be_handle, share=0.8, certainty=0.9
        ),
        Evidence(
            lambda name: names_a_person(name) or names_a_party(name),
            is_named_handle,
            share=0.4,
            certainty=0.85,
            beside=(may_be_handle, 0.8),
        ),
    ),
    "geo_coordinates": (
        Evidence(
            names_degrees(vocabulary.LATITUDE), is_latitude, share=0.95, beside=(has_fraction, 0.5)
        ),
        Evidence(
            names_degrees(vocabulary.LONGITUDE),
            is_longitude,
            share=0.95,
            beside=(has_fraction, 0.5),
        ),
        Evidence(says(vocabulary.POSITION), is_position, share=0.8),
        Evidence(
            says(frozenset({"coordinate", "coord"})),
            is_longitude,
            share=0.95,
            certainty=0.8,
            beside=(has_fraction, 0.8),
        ),
        Evidence(anything, is_position, share=0.9, distinct=2, certainty=0.9),
    ),
}
"""The names of the classes with the ways to come to each, of which the surest counts."""
