"""Semantic classes as the terms by which other tools know what values stand for."""

import re
from collections.abc import Iterable
from typing import Final

from registry.text import SLUG

_SCHEMA_ORG: Final = "https://schema.org/"
_OWN: Final = "urn:dataset-registry:class:"

_TERMS: Final = {
    "address": "address",
    "country_code": "addressCountry",
    "currency_code": "currency",
    "date_of_birth": "birthDate",
    "email": "email",
    "phone": "telephone",
    "url": "url",
}
"""The classes for which https://schema.org has a property of the same meaning."""

_CLASSES: Final = {term: name for name, term in _TERMS.items()}
_TERM: Final = re.compile(rf"(?:https?://schema\.org/|schema:|sc:)(\w+)|{_OWN}(\w+)")


def term_of(semantic_class: str) -> str:
    """Return the URI of a class: that of schema.org, or one of this product."""
    term = _TERMS.get(semantic_class)
    return f"{_SCHEMA_ORG}{term}" if term else f"{_OWN}{semantic_class}"


def class_of(terms: Iterable[object]) -> str:
    """Return the class that the first known one of some terms means, "" if none is known."""
    for term in terms:
        if found := _TERM.fullmatch(str(term)):
            name = _CLASSES.get(found[1], "") if found[1] else found[2]
            if re.match(SLUG, name):
                return name
    return ""
