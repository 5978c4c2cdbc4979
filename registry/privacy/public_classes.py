"""The classes that tell of no person, and how each shows in names and values.

Codes are words of some language: they need a name that agrees, or capitals and many values.
"""

from typing import Final

from registry.privacy import vocabulary
from registry.privacy.evidence import Evidence, anything, is_silent_on, says
from registry.privacy.identifiers import is_url
from registry.privacy.places import (
    is_absolute_path,
    is_country_code,
    is_currency_code,
    is_file_path,
    may_be_path,
)
from registry.privacy.words import words

_UPPER_CODES: Final = is_silent_on(
    words("state province region language lang locale unit size airport symbol ticker")
)
_MAJOR_CURRENCIES: Final = frozenset(("USD", "EUR", "GBP", "JPY", "CHF", "CNY", "INR"))
_MAJOR_COUNTRIES: Final = frozenset(("US", "GB", "FR", "USA", "GBR", "DEU", "FRA", "JP", "CN"))

PUBLIC: Final[dict[str, tuple[Evidence, ...]]] = {
    "country_code": (
        Evidence(says(vocabulary.COUNTRY), is_country_code, share=0.9),
        Evidence(
            _UPPER_CODES,
            lambda text: text.isupper() and is_country_code(text),
            share=0.98,
            distinct=10,
            certainty=0.8,
            beside=(_MAJOR_COUNTRIES.__contains__, 0.05),
        ),
    ),
    "currency_code": (
        Evidence(says(vocabulary.CURRENCY), is_currency_code, share=0.9),
        Evidence(
            _UPPER_CODES,
            lambda text: text.isupper() and is_currency_code(text),
            share=0.98,
            distinct=3,
            certainty=0.85,
            beside=(_MAJOR_CURRENCIES.__contains__, 0.1),
        ),
    ),
    "url": (
        Evidence(says(vocabulary.URL), is_url, share=0.5),
        Evidence(anything, is_url, share=0.8, certainty=0.97),
    ),
    "file_path": (
        Evidence(
            says(vocabulary.PATH, vocabulary.MEASURES),
            may_be_path,
            share=0.8,
            certainty=0.9,
            beside=(is_file_path, 0.3),
        ),
        Evidence(
            lambda name: name.says(frozenset({"filename", "file", "datei"})),
            may_be_path,
            share=0.9,
            certainty=0.85,
            beside=(lambda text: "." in text, 0.9),
        ),
        Evidence(
            is_silent_on(words("route endpoint url uri href")),
            is_absolute_path,
            share=0.9,
            distinct=2,
            certainty=0.85,
        ),
        Evidence(
            is_silent_on(words("route endpoint url uri href")),
            is_file_path,
            share=0.95,
            distinct=3,
            certainty=0.75,
        ),
    ),
}
"""The names of the classes with the ways to come to each, of which the surest counts."""
