"""The vocabulary: every word and mark there is, in how many things, and how words are alike."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Computed,
    Index,
    Integer,
    Text,
    Uuid,
    func,
    literal_column,
)
from sqlalchemy.dialects.postgresql import ARRAY

from projections.read_model import Document, Entry, Tally
from projections.search.lexemes import counted
from projections.search.words import slips


def columns() -> list[Column[Any]]:
    """Return the table's columns: a lexeme's stem is what its inflected forms have in common."""
    return [
        Column("client_id", Uuid),
        Column("lexeme", Text(collation="C"), nullable=False),
        Column(
            "stem",
            Text(collation="C"),
            Computed("coalesce((ts_lexize('english_stem', lexeme))[1], lexeme)", persisted=True),
            nullable=False,
        ),
        Column("deletions", ARRAY(Text(collation="C"))),
    ]


def indexes() -> list[Index]:
    """Return the indexes, in none of which counts are, so that counting touches none."""
    return [
        Index(None, "lexeme"),
        Index(None, "stem", "client_id"),
        Index(None, "deletions", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
    ]


def stem_of(word: ColumnElement[str]) -> ColumnElement[str]:
    """Return what the inflected forms of a word have in common, as the vocabulary's column has it.

    It is that of the English Snowball stemmer, or the word itself where that knows none.
    """
    dictionary = literal_column("'english_stem'", Text)
    stems = func.ts_lexize(dictionary, word, type_=ARRAY(Text))
    return func.coalesce(stems[literal_column("1", Integer)], word)


def entries(document: Document) -> Iterable[Entry]:
    """Return what a thing is counted under."""
    client_id = document["client_id"]
    return [(client_id, lexeme) for lexeme in counted(document)]


def row(entry: Entry) -> dict[str, Any]:
    """Return the values of an entry's columns; a mark is like no other lexeme."""
    client_id, lexeme = entry
    is_word = lexeme[0].isalpha() and 4 <= len(lexeme) <= 24
    return {
        "client_id": client_id,
        "lexeme": lexeme,
        "deletions": slips(lexeme) if is_word else None,
    }


VOCABULARY = Tally(name="search_words", columns=columns, indexes=indexes, entries=entries, row=row)
