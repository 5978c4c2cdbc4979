"""The lexemes under which a thing is found: its words with their weights, and marks of what it is.

A lexeme that begins with a letter or digit is a word. The others are marks, which no text holds:

| mark | on |
|---|---|
| `*`, `?` | everything (only counted, on no thing), nothing |
| `^word` | what has the word in its name, or in the names of its industry, use case or type |
| `=facet:value` | what has that value of a facet, such as `=industry:fintech` |
| `@shared`, `@owned`, `@<client>` | what all clients share, what clients own, what that one owns |
| `#1`, `#2`, … | a half of what all share, a quarter, … each within the one before, by lot |
| `%1`, `%2`, … | a half of what clients own, a quarter, … |
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

from projections.read_model import Document
from projections.search.words import split_words

FACETS = ("type", "industry", "use_case", "dataset_type", "status", "stage", "tag")
"""What found things are counted by, and narrowed by."""

SINGLE_FACETS = FACETS[:-1]
"""Those of which a thing has one value at most."""

EVERYTHING, NOTHING, SHARED, OWNED = "*", "?", "@shared", "@owned"

MOST_PLACES = 16_000
"""Words of a thing that have a place of their own; Postgres counts to 16 383."""

MOST_PLACES_OF_A_WORD = 20
GAP = 2
"""Places between two texts, so that no phrase reaches from one into the next."""

DESCRIBED = 2_000
"""Characters of a description that are searched."""


def facet(name: str, value: str) -> str:
    """Return the mark of what has that value of a facet."""
    return f"={name}:{value}"


def title(word: str) -> str:
    """Return the mark of what has the word in its title."""
    return f"^{word}"


def owner(client_id: object) -> str:
    """Return the mark of what that client owns."""
    return f"@{client_id}"


def share(halvings: int, *, owned: bool) -> str:
    """Return the mark of what is drawn when all that is shared, or owned, is halved so often."""
    if not halvings:
        return OWNED if owned else SHARED
    return f"%{halvings}" if owned else f"#{halvings}"


def vector(document: Document, key: str) -> str:
    """Return a thing's lexemes in the text form of a tsvector.

    Weights: A the title, B tags and the names of fields, C the description and semantic classes,
    D the descriptions of fields.
    """
    words = _words(tuple(_texts(document)))
    marks = "' '".join(_marks(document, key))
    return f"{words.lexemes} '{marks}'"


def field_vectors(document: Document) -> str | None:
    """Return the lexemes of each field, as Postgres writes an array of tsvectors."""
    if not document["fields"]:
        return None
    vectors = []
    for field in document["fields"]:
        named, told = split_words(field["path"]), split_words(field.get("description", ""))
        meant = split_words(field.get("semantic_class", ""))
        here = [f"{word}:{at}A" for at, word in enumerate(named, 1)]
        here += [f"{word}:{at}C" for at, word in enumerate(meant, len(named) + GAP)]
        start = len(named) + len(meant) + 2 * GAP
        here += [f"{word}:{at}D" for at, word in enumerate(told, start)]
        vectors.append(f'"{" ".join(here)}"')
    return f"{{{','.join(vectors)}}}"


def counted(document: Document) -> Iterable[str]:
    """Return the lexemes of which the vocabulary keeps count: words, titles, facets, ownership."""
    words = _words(tuple(_texts(document)))
    return {*words.distinct, *_titled(tuple(_titles(document))), EVERYTHING, *_facets(document)}


class _Words(NamedTuple):
    """The words of texts: as part of a tsvector, and each once."""

    lexemes: str
    distinct: frozenset[str]


@lru_cache(maxsize=512)  # most events change what a thing is, and not what is said of it
def _words(texts: tuple[tuple[str, str], ...]) -> _Words:
    places: dict[str, list[str]] = {}
    place = 1
    for weight, text in texts:
        for word in split_words(text):
            here = places.setdefault(word, [])
            if place < MOST_PLACES and len(here) < MOST_PLACES_OF_A_WORD:
                here.append(f"{place}{weight}")
            place += 1
        place += GAP
    lexemes = (f"{word}:{','.join(at)}" if at else word for word, at in places.items())
    return _Words(" ".join(lexemes), frozenset(places))


@lru_cache(maxsize=512)
def _titled(titles: tuple[str, ...]) -> frozenset[str]:
    return frozenset(title(word) for text in titles for word in split_words(text))


def _texts(document: Document) -> Iterator[tuple[str, str]]:
    for text in _titles(document):
        yield "A", text
    for tag in document["tags"]:
        yield "B", tag
    for field in document["fields"]:
        yield "B", field["path"]
    yield "C", document["description"][:DESCRIBED]
    for field in document["fields"]:
        if semantic_class := field.get("semantic_class"):
            yield "C", semantic_class
        if description := field.get("description"):
            yield "D", description


def _titles(document: Document) -> Iterator[str]:
    for part in ("name", "industry", "use_case", "dataset_type", "connector_type"):
        if text := document[part]:
            yield text


def _marks(document: Document, key: str) -> list[str]:
    client_id = document["client_id"]
    is_owned = client_id is not None
    halvings = 32 - crc32(key.encode()).bit_length()
    return [
        *(share(drawn, owned=is_owned) for drawn in range(halvings + 1)),
        *([owner(client_id)] if is_owned else ()),
        *_titled(tuple(_titles(document))),
        *_facets(document),
    ]


def _facets(document: Document) -> list[str]:
    facets = [facet(name, value) for name in SINGLE_FACETS if (value := document[name])]
    return facets + [facet("tag", tag) for tag in document["tags"]]
