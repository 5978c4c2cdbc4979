"""Searching and suggesting: the queries that a question takes, each made of the answers before it.

Whoever can run queries runs them, see `Steps`; the service does it over its pool of connections.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import orjson

from projections.query import Query, Tenant
from projections.search import asking
from projections.search.asking import Asked
from projections.search.field_pages import ENOUGH_FIELD_HOLDERS, MOST_FIELD_HOLDERS, field_page
from projections.search.lexemes import EVERYTHING
from projections.search.lookup import Known, words_alike, words_in_use
from projections.search.matching import Filters, Frequency, match
from projections.search.meaning import Forms, Meaning, forms, understood, unused
from projections.search.pages import Place, Sort, search_page
from projections.search.suggesting import Suggestion, suggestions

T = TypeVar("T")

Steps = Generator[Query, tuple[Any, ...], T]
"""Yields a query, is sent its one row, yields the next one, and returns what they lead to.

JSON in a row is as Postgres wrote it: bytes that are not parsed.
"""

_NONE = Known("", 0, 0)


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is searched for, things or `fields` of templates; which page of it, and as of when."""

    text: str
    filters: Filters
    fields: bool = False
    sort: Sort = Sort.RELEVANCE
    limit: int = 20
    after: Place | None = None
    as_of: int | None = None


@dataclass(frozen=True, kw_only=True)
class Found:
    """A page of results, and what the question was understood to mean.

    Hits are `[rank, key, score, document]`, one more than the limit if others follow. `is_exact`
    tells whether `count` is that of all that matches, `has_all` whether the results have all that
    is wanted or only some of it; `facets` are `[value, count]` by their names.
    """

    position: int
    hits: Sequence[tuple[int, str, int, Any]]
    count: int
    is_exact: bool
    has_all: bool
    facets: Mapping[str, Sequence[tuple[str, int]] | None]
    meaning: Meaning


def search(tenant: Tenant, question: Question) -> Steps[Found]:
    """Search what the tenant may see, now or as of a position.

    Where nothing has all that is wanted, what has all but one of it is looked for, and then what
    has any of it.
    """
    meaning, frequency = yield from _understand(tenant, question)
    wanted = len(meaning.wanted)
    for least in sorted({wanted, max(wanted - 1, 1), 1}, reverse=True) if wanted else [0]:
        found = yield from _look(tenant, question, meaning, frequency, least)
        if found.hits:
            break
    return found


def _look(
    tenant: Tenant, question: Question, meaning: Meaning, frequency: Frequency, least: int
) -> Steps[Found]:
    """Look for what has `least` of the phrases: of much in a share, or in all to fill the page."""
    fields, filters, as_of = question.fields, question.filters, question.as_of
    page = partial(
        field_page if fields else partial(search_page, sort=question.sort),
        tenant,
        meaning,
        filters=filters,
        limit=question.limit,
        after=question.after,
        as_of=as_of,
    )
    for whole in (False, True):
        found = match(
            meaning, filters, frequency, tenant, least, whole=whole, titles_first=not fields
        )
        position, count, looked_at, facets, items = yield page(found)
        hits = _json(items)
        is_enough = fields and looked_at >= ENOUGH_FIELD_HOLDERS
        if found.complete or is_enough or len(hits) > question.limit:
            break
    is_cut_off = fields and looked_at >= MOST_FIELD_HOLDERS
    return Found(
        position=position if as_of is None else as_of,
        hits=hits,
        count=count,
        is_exact=found.complete and not is_cut_off,
        has_all=least == len(meaning.wanted),
        facets=_json(facets) or {},
        meaning=meaning,
    )


def suggest(tenant: Tenant, text: str, limit: int) -> Steps[tuple[int, list[Suggestion]]]:
    """Suggest how a text may go on; return it with the position reflected."""
    asked = asking.read(text)
    position, rows, _ = yield words_in_use(tenant, asked.wanted, [])
    known = forms(_json(rows))
    alike, _ = yield from _alike(tenant, unused(asked, known)[-1:])
    return position, suggestions(asked, known, alike, limit)


def _understand(tenant: Tenant, question: Question) -> Steps[tuple[Meaning, Frequency]]:
    """Return what the text means in the words that the tenant has, and how frequent it all is."""
    asked: Asked = asking.read(question.text)
    marks = question.filters.marks
    row = yield words_in_use(tenant, (*asked.wanted, *asked.unwanted), [EVERYTHING, *marks])
    known, counts = forms(_json(row[1])), _counts(row[2])
    alike, parts = yield from _alike(tenant, unused(asked, known))
    frequency = Frequency(
        counts.get(EVERYTHING, _NONE), [counts.get(mark, _NONE) for mark in marks]
    )
    return understood(asked, known, alike, parts), frequency


def _alike(tenant: Tenant, words: Sequence[str]) -> Steps[tuple[Forms, Mapping[str, Known]]]:
    """Return words that resemble some that nobody uses, and parts that these are made up of."""
    if not words:
        return {}, {}
    row = yield words_alike(tenant, words)
    return forms(_json(row[1])), _counts(row[2])


def _counts(array: bytes | None) -> dict[str, Known]:
    return {known[0]: Known(*known) for known in _json(array)}


def _json(array: bytes | None) -> Any:
    return orjson.loads(array) if array else []
