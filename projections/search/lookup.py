"""Looking words up in the vocabulary: which are in use, and which resemble those that are not.

Whose words are looked at is decided as for any query, so that no client learns another's.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    FromClause,
    Label,
    Select,
    SelectBase,
    TableValuedAlias,
    Text,
    any_,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    not_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from projections.query import Query, Tenant, compiled, given_values, owned, position_of
from projections.search.asking import Phrase
from projections.search.lexemes import title
from projections.search.model import SEARCH
from projections.search.vocabulary import VOCABULARY, stem_of
from projections.search.words import slips, tolerance

MOST_ALTERNATIVES = 16
"""Words that are looked for in the place of one that was typed."""

MOST_LOOKED_AT = 3_000
"""Words that are looked at for those that go on from what was typed, or resemble it."""

_LAST_CHARACTER = literal_column("'\U0010ffff'", Text)
_TITLE = literal_column(f"'{title('')}'", Text)
_SPACE = literal_column("' '", Text)
_ZERO = literal_column("0", BigInteger)
_WORDS = VOCABULARY.table()
_MODEL, _ = SEARCH.tables()


class Known(NamedTuple):
    """A word or mark, and in how many things it is.

    `shared` counts those of all clients, `own` the tenant's; the last two those with it in the
    title.
    """

    lexeme: str
    shared: int
    own: int
    shared_titles: int = 0
    own_titles: int = 0


def words_in_use(tenant: Tenant, phrases: Sequence[Phrase], marks: Sequence[str]) -> Query:
    """Return the query for the words that phrases stand for, and for the counts of marks.

    It is a row of a position and two JSON arrays. The first holds `[word, …]` with the members of
    `Known` for each form or continuation of a word, the most frequent first; the second `Known`
    marks.
    """
    asked: dict[str, bool] = {}
    for phrase in phrases:
        for place, word in enumerate(phrase.words, 1):
            is_open = phrase.open_end and place == len(phrase.words)
            asked[word] = asked.get(word, False) or is_open
    values = given_values(tenant, {})
    parameters = {**values, "words": [*asked], "is_open": [*asked.values()], "others": [*marks]}
    return Query(_in_use(frozenset(values)), parameters)


def words_alike(tenant: Tenant, words: Sequence[str]) -> Query:
    """Return the query for words that resemble some, or that one is made up of.

    It is a row of a position and two JSON arrays: `[word, …]` with the members of `Known`, as
    above, and `Known` parts of the words, for there may be two in one.
    """
    parts = {
        part for word in words for at in range(2, len(word) - 1) for part in (word[:at], word[at:])
    }
    values = given_values(tenant, {})
    parameters = {
        **values,
        "words": [*words],
        "deletions": [" ".join(slips(word, tolerance(word))) for word in words],
        "others": sorted(parts),
    }
    return Query(_alike(frozenset(values)), parameters)


@cache
def _in_use(names: frozenset[str]) -> str:
    asked = _asked(("is_open", Boolean))
    same_stem = _mine(names).where(_WORDS.c.stem == stem_of(asked.c.word))
    going_on = (
        _mine(names)
        .where(asked.c.is_open)
        .where(_WORDS.c.lexeme >= asked.c.word)
        .where(_WORDS.c.lexeme < asked.c.word + _LAST_CHARACTER)
        .limit(literal_column(f"{MOST_LOOKED_AT}"))
    )
    return _answer(names, asked, same_stem.correlate(asked).union(going_on.correlate(asked)))


@cache
def _alike(names: frozenset[str]) -> str:
    asked = _asked(("deletions", Text))
    left = func.string_to_array(asked.c.deletions, _SPACE, type_=ARRAY(Text))
    similar = (
        _mine(names)
        .where(_WORDS.c.deletions.overlap(left))
        .limit(literal_column(f"{MOST_LOOKED_AT}"))
    )
    return _answer(names, asked, similar.correlate(asked))


def _asked(other: tuple[str, type[Any]]) -> TableValuedAlias:
    """Return the words asked about as rows, with another value of each."""
    name, kind = other
    return (
        func.unnest(bindparam("words", type_=ARRAY(Text)), bindparam(name, type_=ARRAY(kind)))
        .table_valued(column("word", Text), column(name, kind))
        .render_derived("asked")
    )


def _mine(names: frozenset[str]) -> Select[Any]:
    """Return the words that the tenant may see."""
    conditions = [condition(_WORDS) for name, condition in owned(_WORDS).items() if name in names]
    return select(_WORDS.c.lexeme, _WORDS.c.client_id, _WORDS.c.count).where(*conditions)


def _answer(names: frozenset[str], asked: TableValuedAlias, similar: SelectBase) -> str:
    """Return the query for what stands for each word, and for the counts of `others`."""
    found = similar.subquery("found")
    best = (
        select(found.c.lexeme, *_counts(found))
        .group_by(found.c.lexeme)
        .order_by(
            (found.c.lexeme == asked.c.word).desc(), func.sum(found.c.count).desc(), found.c.lexeme
        )
        .limit(literal_column(f"{MOST_ALTERNATIVES}"))
        .correlate(asked)
        .lateral("best")
    )
    titles = _mine(names).where(_WORDS.c.lexeme == _TITLE + best.c.lexeme).correlate(best)
    titled = titles.subquery("titles")
    in_titles = select(*_counts(titled)).lateral("in_titles")
    each = func.json_build_array(asked.c.word, *best.c, *in_titles.c)
    marked = _mine(names).where(_WORDS.c.lexeme == any_(bindparam("others", type_=ARRAY(Text))))
    marks = marked.subquery("marks")
    others = select(marks.c.lexeme, *_counts(marks)).group_by(marks.c.lexeme).subquery("others")
    return compiled(
        select(
            position_of(_MODEL),
            select(func.json_agg(each))
            .select_from(asked.join(best, true()).join(in_titles, true()))
            .scalar_subquery(),
            select(func.json_agg(func.json_build_array(*others.c))).scalar_subquery(),
        )
    )


def _counts(rows: FromClause) -> list[Label[int]]:
    """Return the numbers of things with a lexeme: all clients' and the tenant's own."""
    is_shared = rows.c.client_id.is_(None)
    return [
        cast(func.coalesce(func.sum(rows.c.count).filter(whose), _ZERO), BigInteger).label(name)
        for name, whose in (("shared", is_shared), ("own", not_(is_shared)))
    ]
