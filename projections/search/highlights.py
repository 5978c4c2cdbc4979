"""Highlights: where in a text the words looked for stand, marked as safe HTML."""

from collections.abc import Iterator
from html import escape
from itertools import islice
from typing import Any

from projections.read_model import Document
from projections.search.fields import Field
from projections.search.words import pieces, split_words

SNIPPET = 200
"""Characters of a long text that are shown, around the first word found in it."""

BEFORE = 60


MOST_FIELDS = 5


def highlights(document: Document, words: frozenset[str]) -> dict[str, Any]:
    """Return where a thing holds the words: in its name, its description, its first few fields."""
    found: dict[str, Any] = {
        part: marked(document[part], words)
        for part in ("name", "description")
        if has_any(document[part], words)
    }
    fields = (field for field in document["fields"] if _field_has_any(field, words))
    return {**found, "fields": [marked_field(each, words) for each in islice(fields, MOST_FIELDS)]}


def has_any(text: str, words: frozenset[str]) -> bool:
    """Whether a text holds any of the words."""
    return not words.isdisjoint(split_words(text))


def marked(text: str, words: frozenset[str]) -> str:
    """Return a text with the words in `<mark>` and all else escaped.

    Of a long text only the part around the first one is returned, with … where it was cut.
    """
    spans: list[tuple[int, int]] = []
    if has_any(text, words):
        spans = [span for span in pieces(text) if has_any(text[slice(*span)], words)]
    start, end = _window(text, spans[0][0] if spans else 0)
    told = "".join(_parts(text, start, end, spans))
    return f"{'…' if start else ''}{told}{'…' if end < len(text) else ''}"


_TEXTS = ("path", "semantic_class", "description")


def _field_has_any(field: Field, words: frozenset[str]) -> bool:
    return any(has_any(field[part], words) for part in _TEXTS if part in field)


def marked_field(field: Field, words: frozenset[str]) -> Field:
    """Return a field with the words in its texts marked."""
    return {part: marked(text, words) if part in _TEXTS else text for part, text in field.items()}


def _window(text: str, first: int) -> tuple[int, int]:
    if len(text) <= SNIPPET:
        return 0, len(text)
    start = max(0, min(first - BEFORE, len(text) - SNIPPET))
    if start:
        start = text.find(" ", start, first) + 1 or start
    return start, min(len(text), start + SNIPPET)


def _parts(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> Iterator[str]:
    at = start
    for first, last in spans:
        if at <= first and last <= end:
            yield escape(text[at:first])
            yield f"<mark>{escape(text[first:last])}</mark>"
            at = last
    yield escape(text[at:end])
