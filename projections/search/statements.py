"""The queries of search: what matches, ranked, counted by facets, a page at a time."""

from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    REAL,
    BigInteger,
    ColumnElement,
    Float,
    FromClause,
    Integer,
    Label,
    Select,
    Subquery,
    Table,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON, TSQUERY, TSVECTOR, aggregate_order_by

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
from projections.search.matching import Filters, Match, any_word, within_one
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


MOST_FIELD_HOLDERS = 100
"""Templates whose fields are looked at for one question."""

MOST_EXAMPLES = 3

_FIELDS = literal_column("'fields'", Text)
_PATH = literal_column("'path'", Text)
_MILLION = literal_column("1000000", BigInteger)


class Place(NamedTuple):
    """Where a page begins: behind the thing with this key, which stood there for this rank."""

    rank: int
    key: str


class Sort(StrEnum):
    """What results are ordered by; those that are equal in it by their keys."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    QUALITY = "quality"


def search_page(
    tenant: Tenant,
    meaning: Meaning,
    found: Match,
    filters: Filters,
    limit: int,
    *,
    sort: Sort = Sort.RELEVANCE,
    after: Place | None = None,
    as_of: int | None = None,
) -> Query:
    """Return the query for a page of what is found, the best first.

    It is a row of the position reflected, how many things were found, their facets as a JSON object
    of arrays of `[value, count]`, and a JSON array of `[rank, key, score, document]`: one more than
    `limit` if others follow. Ranks order, the greatest first; scores are in millionths.
    """
    values = given_values(tenant, {"min_quality": filters.min_quality})
    parameters = {**values, **_texts(meaning, found), "page_limit": limit + 1}
    if after:
        parameters |= {"after_rank": after.rank, "after_key": after.key}
    sql = _page(frozenset(values), sort, after is not None, as_of is not None)
    return made(sql, parameters, as_of)


def _texts(meaning: Meaning, found: Match) -> dict[str, str]:
    return {
        "tsquery": found.tsquery,
        "any_form": any_word(meaning.lexemes),
        "any_typed": any_word(sorted(meaning.typed)),
    }


@cache
def _page(names: frozenset[str], sort: Sort, onward: bool, past: bool) -> str:
    found = _matching(names, past, limit=MOST_CANDIDATES)
    rank = {
        Sort.RELEVANCE: found.c.score,
        Sort.NEWEST: cast(func.extract("epoch", found.c.updated_at) * _MILLION, BigInteger),
        Sort.QUALITY: cast(
            func.coalesce(found.c.quality_score, literal_column("-1")) * _MILLION, BigInteger
        ),
    }[sort]
    candidates = select(rank.label("rank"), found).cte("candidates")
    return compiled(
        select(
            position_of(_PRESENT),
            select(func.count()).select_from(candidates).scalar_subquery().label("found"),
            _facets(candidates),
            _items(candidates, onward),
        )
    )


def _items(rows: CTE, onward: bool) -> Label[Any]:
    """Return a page of rows as JSON, from the greatest rank down, or onward from a place."""
    page = select(rows).order_by(rows.c.rank.desc(), rows.c.key)
    if onward:
        rank, key = bindparam("after_rank", type_=BigInteger), bindparam("after_key", type_=Text)
        behind = (rows.c.rank == rank) & (rows.c.key > key)
        page = page.where(or_(rows.c.rank < rank, behind))
    shown = page.limit(bindparam("page_limit", type_=Integer)).subquery("shown")
    item = func.json_build_array(shown.c.rank, shown.c.key, shown.c.score, shown.c.document)
    ordered = aggregate_order_by(item, shown.c.rank.desc(), shown.c.key)
    return select(func.json_agg(ordered)).scalar_subquery().label("items")


def _matching(names: frozenset[str], past: bool, limit: int) -> Subquery:
    """Return what matches, of the present or as of a position, with its score."""
    sources = [_PRESENT, _PAST] if past else [_PRESENT]
    rows = [_matches(source, names, past, limit).subquery().select() for source in sources]
    return union_all(*rows).subquery("matching")


def _matches(source: Table, names: frozenset[str], past: bool, limit: int) -> Select[Any]:
    conditions = [condition(source) for name, condition in owned(source).items() if name in names]
    if "min_quality" in names:
        conditions.append(source.c.quality_score >= bindparam("min_quality", type_=Float))
    tsquery = cast(bindparam("tsquery", type_=Text), TSQUERY)
    return (
        select(
            _score(source.c.lexemes).label("score"),
            source.c.key,
            source.c.updated_at,
            source.c.quality_score,
            source.c.field_lexemes,
            *(source.c[name] for name in FACETS[:-1]),
            source.c.tags,
            source.c.document,
        )
        .where(source.c.lexemes.op("@@")(tsquery), *conditions, *valid(source, past))
        .limit(literal_column(f"{limit}"))
    )


def _score(lexemes: ColumnElement[Any]) -> ColumnElement[int]:
    """Return how well lexemes match, in millionths: words as they were typed count twice."""
    ranks = [
        func.ts_rank(_WEIGHTS, lexemes, cast(bindparam(name, type_=Text), TSQUERY))
        for name in ("any_form", "any_typed")
    ]
    return cast((ranks[0] + ranks[1]) * _MILLION, BigInteger)


def field_page(
    tenant: Tenant,
    meaning: Meaning,
    found: Match,
    limit: int,
    *,
    after: Place | None = None,
    as_of: int | None = None,
) -> Query:
    """Return the query for a page of the fields of templates that match, the best first.

    Fields of one path are one. The row is that of `search_page`, without facets; a document is
    `[field, count of templates, some of them]`. It counts what the templates looked at hold, of
    which there are `MOST_FIELD_HOLDERS` at most.
    """
    values = given_values(tenant, {})
    parameters = {**values, **_texts(meaning, found), "page_limit": limit + 1}
    parameters["one_field"] = within_one(meaning)
    if after:
        parameters |= {"after_rank": after.rank, "after_key": after.key}
    sql = _field_page(frozenset(values), after is not None, as_of is not None)
    return made(sql, parameters, as_of)


@cache
def _field_page(names: frozenset[str], onward: bool, past: bool) -> str:
    holders = _matching(names, past, limit=MOST_FIELD_HOLDERS)
    vectors = (
        func.unnest(holders.c.field_lexemes)
        .table_valued(column("lexemes", TSVECTOR), with_ordinality="place")
        .render_derived("vectors")
    )
    place = cast(vectors.c.place, Integer) - literal_column("1")
    document = cast(holders.c.document, JSON)
    fields = (
        select(
            document[_FIELDS][place].label("field"),
            _score(vectors.c.lexemes).label("score"),
            func.json_build_object(
                literal_column("'template_id'"),
                document[literal_column("'id'", Text)],
                literal_column("'name'"),
                document[literal_column("'name'", Text)],
            ).label("template"),
        )
        .select_from(holders.join(vectors, true()))
        .where(vectors.c.lexemes.op("@@")(cast(bindparam("one_field", type_=Text), TSQUERY)))
        .cte("fields")
        .prefix_with("MATERIALIZED")  # a field is cut out of its document once
    )
    path = fields.c.field[_PATH].astext
    best = fields.c.score.desc()
    templates = func.array_agg(aggregate_order_by(fields.c.template, best), type_=ARRAY(JSON))
    first = func.array_agg(aggregate_order_by(fields.c.field, best), type_=ARRAY(JSON))
    told = func.json_build_array(
        first[literal_column("1")],
        func.count(),
        func.to_json(templates[literal_column("1") : literal_column(f"{MOST_EXAMPLES}")]),
    )
    score = func.max(fields.c.score)
    groups = (
        select(score.label("rank"), score.label("score"), path.label("key"), told.label("document"))
        .group_by(path)
        .cte("groups")
    )
    return compiled(
        select(
            position_of(_PRESENT),
            select(func.count()).select_from(groups).scalar_subquery().label("found"),
            null().label("facets"),
            _items(groups, onward),
        )
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
