"""The queries of search: what matches, ranked, counted by facets, a page at a time."""

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    REAL,
    ColumnElement,
    Float,
    FromClause,
    Integer,
    Label,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, aggregate_order_by

from projections.query import (
    Query,
    Tenant,
    compiled,
    given_values,
    made,
    owned,
    position_of,
    valid,
)
from projections.search.lexemes import FACETS
from projections.search.matching import Filters, Match, any_word
from projections.search.meaning import Meaning
from projections.search.model import SEARCH
from projections.search.vocabulary import VOCABULARY, stem_of
from projections.search.words import split_words

MOST_CANDIDATES = 4_000
"""Things that are looked at for one question, whatever its words' frequencies promised."""

MOST_FACET_VALUES = 20
_WEIGHTS = literal_column("'{0.1, 0.2, 0.4, 1.0}'::real[]", ARRAY(REAL))
"""What a word counts in the description of a field, in a description, in a field or tag, in a title
(weights D, C, B and A of PostgreSQL's text search)."""

_PRESENT, _PAST = SEARCH.tables()
_WORDS = VOCABULARY.table()


class Place(NamedTuple):
    """Where a page begins: behind the thing with this key, which stood there for this score."""

    score: int
    key: str


def search_page(
    tenant: Tenant,
    meaning: Meaning,
    found: Match,
    filters: Filters,
    limit: int,
    after: Place | None = None,
    as_of: int | None = None,
) -> Query:
    """Return the query for a page of what is found, the best first.

    It is a row of the position reflected, how many things were found, their facets as a JSON object
    of arrays of `[value, count]`, and a JSON array of `[score, key, document]`: one more than
    `limit` if others follow.
    """
    values = given_values(tenant, {"min_quality": filters.min_quality})
    parameters = {
        **values,
        "tsquery": found.tsquery,
        "any_form": any_word(meaning.lexemes) if meaning.wanted else "",
        "any_typed": any_word(sorted(meaning.typed)) if meaning.wanted else "",
        "page_limit": limit + 1,
    }
    if after:
        parameters |= {"after_score": after.score, "after_key": after.key}
    sql = _page(frozenset(values), after is not None, as_of is not None)
    return made(sql, parameters, as_of)


@cache
def _page(names: frozenset[str], onward: bool, past: bool) -> str:
    candidates = _ranked(names, past)
    page = select(candidates.c.score, candidates.c.key, candidates.c.document).order_by(
        candidates.c.score.desc(), candidates.c.key
    )
    if onward:
        score, key = bindparam("after_score", type_=Integer), bindparam("after_key", type_=Text)
        behind = (candidates.c.score == score) & (candidates.c.key > key)
        page = page.where(or_(candidates.c.score < score, behind))
    shown = page.limit(bindparam("page_limit", type_=Integer)).subquery("shown")
    items = func.json_build_array(shown.c.score, shown.c.key, shown.c.document)
    ordered = aggregate_order_by(items, shown.c.score.desc(), shown.c.key)
    return compiled(
        select(
            position_of(_PRESENT),
            select(func.count()).select_from(candidates).scalar_subquery().label("found"),
            _facets(candidates),
            select(func.json_agg(ordered)).scalar_subquery().label("items"),
        )
    )


def _ranked(names: frozenset[str], past: bool) -> CTE:
    """Return what matches with its score, in millionths."""
    sources = [_PRESENT, _PAST] if past else [_PRESENT]
    rows = [_matching(source, names, past).subquery().select() for source in sources]
    return union_all(*rows).cte("candidates")


def _matching(source: Table, names: frozenset[str], past: bool) -> Select[Any]:
    conditions = [condition(source) for name, condition in owned(source).items() if name in names]
    if "min_quality" in names:
        conditions.append(source.c.quality_score >= bindparam("min_quality", type_=Float))
    tsquery = cast(bindparam("tsquery", type_=Text), TSQUERY)
    ranks = [
        func.ts_rank(_WEIGHTS, source.c.lexemes, cast(bindparam(name, type_=Text), TSQUERY))
        for name in ("any_form", "any_typed")
    ]
    return (
        select(
            cast((ranks[0] + ranks[1]) * literal_column("1000000"), Integer).label("score"),
            source.c.key,
            *(source.c[name] for name in FACETS[:-1]),
            source.c.tags,
            source.c.document,
        )
        .where(source.c.lexemes.op("@@")(tsquery), *conditions, *valid(source, past))
        .limit(literal_column(f"{MOST_CANDIDATES}"))
    )


def _facets(candidates: CTE) -> Label[Any]:
    """Return what was found counted by each facet, as JSON: the most frequent values of each."""
    columns = {name: candidates.c[name] for name in FACETS[:-1]}
    counts = [_counts(name, value, candidates) for name, value in columns.items()]
    tags = select(func.unnest(candidates.c.tags).label("tag")).subquery("tags")
    counts.append(_counts("tag", tags.c.tag, tags))
    facets = union_all(*(each.subquery().select() for each in counts)).subquery("facets")
    return (
        select(func.json_object_agg(facets.c.facet, facets.c.counts))
        .scalar_subquery()
        .label("facets")
    )


def _counts(facet: str, value: ColumnElement[Any], rows: FromClause) -> Select[Any]:
    number = func.count().label("number")
    values = (
        select(value.label("value"), number)
        .select_from(rows)
        .where(value.is_not(None))
        .group_by(value)
        .order_by(number.desc(), value)
        .limit(literal_column(f"{MOST_FACET_VALUES}"))
        .subquery(f"{facet}_values")
    )
    pair = func.json_build_array(values.c.value, values.c.number)
    return select(literal_column(f"'{facet}'").label("facet"), func.json_agg(pair).label("counts"))


def templates_by_words(words: Iterable[str], limit: int, as_of: int | None = None) -> Query:
    """Return the query for the templates in use that have any of the words, the best first.

    It is a row of the position reflected, and a JSON array of `{"template_id", "score"}`, null if
    there are none. Words stand for their inflected forms. The rarest ones find, as many as some
    thousands of templates have; all of them rank.
    """
    split = sorted({part for word in words for part in split_words(word)})
    return made(_by_words(as_of is not None), {"words": split, "page_limit": limit}, as_of)


@cache
def _by_words(past: bool) -> str:
    typed = func.unnest(bindparam("words", type_=ARRAY(Text))).column_valued("typed")
    stems = select(stem_of(typed))
    forms = (
        select(_WORDS.c.lexeme, func.sum(_WORDS.c.count).over(order_by=_WORDS.c.count).label("sum"))
        .where(_WORDS.c.client_id.is_(None), _WORDS.c.stem.in_(stems))
        .cte("forms")
    )
    rare = (
        forms.c.sum
        <= select(
            func.greatest(func.min(forms.c.sum), literal_column(f"{MOST_CANDIDATES}"))
        ).scalar_subquery()
    )
    sources = [_PRESENT, _PAST] if past else [_PRESENT]
    rows = [
        select(
            func.split_part(source.c.key, literal_column("'/'"), literal_column("2")).label("id"),
            func.ts_rank(_WEIGHTS, source.c.lexemes, _any_of(forms)).label("score"),
        )
        .where(
            source.c.lexemes.op("@@")(_any_of(forms, rare)),
            source.c.client_id.is_(None),
            source.c.status == literal_column("'active'"),
            *valid(source, past),
        )
        .limit(literal_column(f"{MOST_CANDIDATES}"))
        for source in sources
    ]
    found = union_all(*(each.subquery().select() for each in rows)).subquery("found")
    best = (
        select(found.c.id, found.c.score)
        .order_by(found.c.score.desc(), found.c.id)
        .limit(bindparam("page_limit", type_=Integer))
        .subquery("best")
    )
    each = func.json_build_object(
        literal_column("'template_id'"), best.c.id, literal_column("'score'"), best.c.score
    )
    ranked = func.json_agg(aggregate_order_by(each, best.c.score.desc(), best.c.id))
    return compiled(select(position_of(_PRESENT), select(ranked).scalar_subquery()))


def _any_of(forms: CTE, *conditions: ColumnElement[bool]) -> ColumnElement[Any]:
    """Return the tsquery for any of the words."""
    quoted = func.quote_literal(forms.c.lexeme)
    joined = func.string_agg(quoted, literal_column("' | '")).cast(TSQUERY)
    return select(joined).where(*conditions).scalar_subquery()
