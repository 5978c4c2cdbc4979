"""Finding the few templates that may fit, each by an index and never more than a bounded number."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations
from typing import Any

from projections.query import Query
from projections.recommendation.reading import Aspect, Reading
from projections.recommendation.signals import MOST_READY
from projections.recommendation.taxonomy import Taxonomy, industries, use_cases
from registry.store import EVENTS_TABLE

MOST = 160
"""How many candidates are weighed at most."""

LIKELIEST = 14
"""How many slugs of an industry or a use case are looked for, the likeliest first."""

TELLING = 5
"""How many words, and how many fields, are looked for together."""

_OWN = "dataset_type >= p || '_' AND dataset_type < p || '`'"
"""The dataset types that begin with the name of a tool, `` ` `` being what follows `_`."""

_ARMS = (
    # tier, condition, among which, how many of each, in the order of an index
    (0, "industry = i AND use_case = u AND dataset_type = t", "iut", 3, "merit DESC"),
    (1, "industry = i AND dataset_type = t", "it", 8, "merit DESC"),
    (1, "use_case = u AND dataset_type = t", "ut", 8, "merit DESC"),
    (1, "industry = i AND use_case = u", "iu", 8, "dataset_type DESC, merit DESC"),
    (1, f"industry = i AND {_OWN}", "ip", 5, "dataset_type DESC, merit DESC"),
    (2, _OWN, "p", 20, "dataset_type DESC, merit DESC"),
    (2, "dataset_type = t", "t", 20, "merit DESC"),
    (3, "industry = i", "i", 20, "merit DESC"),
    (3, "use_case = u", "u", 20, "merit DESC"),
)

_AMONG = {
    "i": "unnest(%(industries)s::text[]) AS i",
    "u": "unnest(%(use_cases)s::text[]) AS u",
    "t": "unnest(%(types)s::text[]) AS t",
    "p": "unnest(%(own)s::text[]) AS p",
}

_BY_TERMS = 60
"""How many templates are taken that have several terms in common with the request."""


def candidates(reading: Reading, as_of: int | None = None) -> Query:
    """Return the query for the templates that may be meant by the needs, now or as of a position.

    It answers with one row: the position reflected; the model in use as JSON or null; the time of
    that position; and the candidates as a JSON array of their features, each with how many
    datasets made from it became `ready`.
    """
    parameters: dict[str, Any] = {
        "industries": _likeliest(reading.industry, industries()),
        "use_cases": _likeliest(reading.use_case, use_cases()),
        "types": reading.types,
        "own": [tool.slug for tool in reading.tools],
        "terms": list(_conjunctions(reading)),
    }
    if as_of is not None:
        parameters["as_of"] = as_of
    return Query(_sql(as_of is not None), parameters)


def _likeliest(aspect: Aspect, taxonomy: Taxonomy) -> list[str]:
    """Return the slugs to look for; of those equally near, first what concepts are called."""
    concepts = frozenset(taxonomy.slugs)
    likely = sorted(aspect.slugs, key=lambda s: (-aspect.slugs[s], s not in concepts, s))
    return likely[:LIKELIEST]


def _conjunctions(reading: Reading) -> Iterator[str]:
    """Yield arrays of terms to look for together: all, then all but one, then each two."""
    known = reading.industry.words | reading.use_case.words
    words = sorted(reading.words - known, key=len, reverse=True)[:TELLING]
    fields = [f".{'_'.join(parts)}" for parts in list(reading.fields.values())[:TELLING]]
    for terms in (words, fields, sorted(known)[:TELLING]):
        for size in sorted({len(terms), len(terms) - 1, 2} & set(range(1, len(terms) + 1)))[::-1]:
            yield from ("{" + ",".join(some) + "}" for some in combinations(terms, size))


@cache
def _sql(past: bool) -> str:
    suffixes = ("", "_past") if past else ("",)
    found = [arm for suffix in suffixes for arm in _arms(suffix)]
    features = " UNION ALL ".join(
        f"""SELECT tier, f.document, f.template_id FROM chosen JOIN read_models.template_features{s}
            AS f USING (template_id) WHERE {_valid(s, past)}"""  # noqa: S608 - made of constants
        for s in suffixes
    )
    when = "WHERE notification_id <= %(as_of)s" if past else ""
    models = "WHERE valid_from <= %(as_of)s" if past else ""
    return f"""
        WITH found AS ({" UNION ALL ".join(found)}),
        chosen AS (
            SELECT template_id, min(tier) AS tier FROM found
            GROUP BY template_id ORDER BY min(tier), template_id LIMIT {MOST}
        ),
        features AS ({features})
        SELECT
            (SELECT position FROM projection_generations
             WHERE name = 'template_features' AND live),
            (SELECT document FROM read_models.recommendation_models {models}
             ORDER BY model_version DESC LIMIT 1),
            (SELECT recorded_at FROM {EVENTS_TABLE} {when} ORDER BY notification_id DESC LIMIT 1),
            (SELECT json_agg(json_build_object('features', document, 'ready', ({_ready(past)})))
             FROM features)
    """  # noqa: S608 - made of constants


def _arms(suffix: str) -> Iterator[str]:
    table = f"read_models.template_features{suffix}"
    valid = _valid(suffix, bool(suffix))
    for tier, condition, among, most, order in _ARMS:
        sets = " CROSS JOIN ".join(_AMONG[each] for each in among)
        yield f"""SELECT template_id, {tier} AS tier FROM {sets} CROSS JOIN LATERAL (
            SELECT f.template_id FROM {table} AS f
            WHERE status = 'active' AND {valid} AND {condition}
            ORDER BY {order} LIMIT {most}) AS best"""  # noqa: S608 - made of constants
    yield f"""(SELECT best.template_id, 1 AS tier FROM unnest(%(terms)s::text[]) AS t
        CROSS JOIN LATERAL (
            SELECT f.template_id FROM {table} AS f
            WHERE terms @> t::text[] AND status = 'active' AND {valid} LIMIT {_BY_TERMS}
        ) AS best LIMIT {_BY_TERMS})"""  # noqa: S608 - made of constants


def _valid(suffix: str, past: bool) -> str:
    if not past:
        return "true"
    closed = " AND f.valid_to > %(as_of)s" if suffix else ""
    return f"f.valid_from <= %(as_of)s{closed}"


def _ready(past: bool) -> str:
    """Return the count of datasets made from a template that ever were READY, up to a bound."""
    valid = "AND valid_from <= %(as_of)s" if past else ""
    rows = " UNION ALL ".join(
        f"""(SELECT dataset_id FROM read_models.datasets{suffix} AS d
             WHERE d.template_id = features.template_id AND d.status = 'ready' {valid}
             LIMIT {2 * MOST_READY})"""  # noqa: S608 - made of constants
        for suffix in ("", "_past")
    )
    return f"SELECT count(DISTINCT dataset_id) FROM ({rows}) AS ready"  # noqa: S608
