"""A question as a tsquery: within a share of everything that is about as large as can be ranked."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from operator import attrgetter
from typing import NamedTuple

from projections.query import Everyone, Tenant
from projections.search.lexemes import FACETS, NOTHING, facet, owner, share, title
from projections.search.lookup import Known
from projections.search.meaning import Meaning, Sought

MOST_RANKED = 200
"""How many things are expected to be ranked at most: of all clients', and of the tenant's own."""

NEIGHBOURS = 4
"""Of so many things that have two words of a phrase, one is expected to have them together."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What found things are narrowed to; what is retired is not found unless it is asked for."""

    type: str | None = None
    industry: str | None = None
    use_case: str | None = None
    dataset_type: str | None = None
    tag: str | None = None
    status: str | None = None
    stage: str | None = None
    min_quality: float | None = None

    @property
    def marks(self) -> list[str]:
        """The marks of what is wanted."""
        values = ((name, getattr(self, name)) for name in FACETS)
        return [facet(name, value) for name, value in values if value is not None]

    @property
    def unwanted_status(self) -> str | None:
        """The status of what is not wanted."""
        return None if self.status else "retired"


class Frequency(NamedTuple):
    """How many things there are, and how many have each mark of the filters."""

    everything: Known
    marks: Sequence[Known]


Count = Callable[[Known], int]


class _Shelf(NamedTuple):
    """How to tell, of a lexeme, how many things on a shelf have it, and how many in the title."""

    things: Count
    titles: Count
    owned: bool


_SHARED_SHELF = _Shelf(attrgetter("shared"), attrgetter("shared_titles"), owned=False)
_OWN_SHELF = _Shelf(attrgetter("own"), attrgetter("own_titles"), owned=True)


class Match(NamedTuple):
    """A tsquery, and one to hold against the lexemes of a single field.

    It is `complete` if all that matches is found by it, and not a share.
    """

    tsquery: str
    one_field: str
    complete: bool


def match(
    meaning: Meaning,
    filters: Filters,
    frequency: Frequency,
    tenant: Tenant,
    least: int,
    *,
    whole: bool = False,
    titles_first: bool = True,
) -> Match:
    """Return the tsquery for what has `least` of the phrases or more, of all clients' and its own.

    What so many things match that they cannot all be ranked is looked for in a share of them, and
    in a larger share of those that have it in the title, unless these are not to come first. With
    `whole` it is looked for in all.
    """
    wanted = [_sought(each) for each in meaning.wanted]
    titles = [_titled(each) for each in meaning.wanted] if titles_first else []
    shelves, complete = [], True
    for shelf in (_SHARED_SHELF, _OWN_SHELF):
        if not shelf.things(frequency.everything):
            continue
        halvings = 0 if whole else _halvings(meaning, frequency, shelf.things, shelf.things, least)
        within = _all(_share(halvings, shelf, tenant), _some(wanted, least))
        if halvings:
            complete = False
            if titles:
                fewer = _halvings(meaning, frequency, shelf.things, shelf.titles, least)
                within = _any(within, _all(_share(fewer, shelf, tenant), _some(titles, least)))
        shelves.append(within)
    narrowed = map(_quoted, filters.marks)
    unwanted = [f"!{_sought(each)}" for each in meaning.unwanted]
    within = _any(*shelves) or _quoted(NOTHING)
    one_field = _all(f"!{_quoted(NOTHING)}", _some(wanted, least), *unwanted)
    return Match(_all(within, *narrowed, *unwanted), one_field, complete)


def any_word(lexemes: Iterable[str]) -> str:
    """Return the tsquery for things with any of the words; with none it is empty."""
    return _any(*map(_quoted, lexemes))


def _halvings(
    meaning: Meaning, frequency: Frequency, things: Count, holding: Count, least: int
) -> int:
    """Return how often everything is to be halved until no more is to be expected than is ranked.

    Words are taken to occur independently of each other, and to follow each other in one of
    `NEIGHBOURS` things that have both: `things` tells how many there are of a lexeme, `holding` how
    many of them hold a word in the way that is of interest.
    """
    everything = things(frequency.everything)

    def part(sought: Sought) -> float:
        parts = (min(1.0, sum(map(holding, place)) / everything) for place in sought.places)
        return math.prod(parts) / float(NEIGHBOURS ** (len(sought.places) - 1))

    parts = [part(each) for each in meaning.wanted]
    expected = everything * min(1.0, sum(map(math.prod, combinations(parts, least))))
    for mark in frequency.marks:
        expected *= min(1.0, things(mark) / everything)
    return max(0, math.ceil(math.log2(expected / MOST_RANKED))) if expected > 0 else 0


def _share(halvings: int, shelf: _Shelf, tenant: Tenant) -> str:
    """Return the tsquery for what is drawn of a shelf when it is halved so often."""
    drawn = _quoted(share(halvings, owned=shelf.owned))
    if not shelf.owned or isinstance(tenant, Everyone):
        return drawn
    own = _quoted(owner(tenant))
    return _all(own, drawn) if halvings else own


def _sought(sought: Sought) -> str:
    return _followed(any_word(known.lexeme for known in place) for place in sought.places)


def _titled(sought: Sought) -> str:
    return _all(*(any_word(title(known.lexeme) for known in place) for place in sought.places))


def _quoted(lexeme: str) -> str:
    return "'" + lexeme + "'"


def _some(queries: Sequence[str], least: int) -> str:
    """Return the tsquery for what matches so many of some, or more."""
    return _any(*(_all(*each) for each in combinations(queries, least) if each))


def _followed(queries: Iterable[str]) -> str:
    return _joined(" <-> ", queries)


def _all(*queries: str) -> str:
    return _joined(" & ", filter(None, queries))


def _any(*queries: str) -> str:
    return _joined(" | ", queries)


def _joined(operator: str, queries: Iterable[str]) -> str:
    joined = [*queries]
    return joined[0] if len(joined) == 1 else f"({operator.join(joined)})" if joined else ""
