"""What clients made of recommendations, as examples to learn from."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection

from projections.connectors import connector_listing
from projections.datasets import dataset_listing
from projections.query import Query
from projections.recommendation.candidates import candidates
from projections.recommendation.client_profile import MOST_IN_USE, ClientProfile
from projections.recommendation.fit import Example
from projections.recommendation.model import Model, model_of
from projections.recommendation.reading import read
from projections.recommendation.recommender import Recommended, candidates_of, recommended
from registry.inquiry import Inquiry
from registry.judgement import Verdict
from registry.store import EventLog, RecordedEvent

TOPICS = ("DatasetRegistered", "RecommendationJudged")

AT_ONCE = 5_000


class Said(NamedTuple):
    """The latest verdicts of one client on what one inquiry was answered with."""

    inquiry: Inquiry
    verdicts: dict[str, Verdict]


def said(connection: Connection[Any], until: int) -> dict[str, Said]:
    """Return what clients said by a position, by client and recommendation.

    A dataset that was registered from a recommendation says that its template was chosen.
    """
    log, after, found = EventLog(connection), 0, dict[str, Said]()
    while after < until:
        events, after = log.read(after, AT_ONCE, TOPICS, until=until)
        for event in events:
            recommendation_id = event.facts.get("recommendation_id")
            if recommendation_id:
                _note(found, event, recommendation_id)
    return found


def _note(found: dict[str, Said], event: RecordedEvent, recommendation_id: str) -> None:
    key = f"{event.facts['client_id']} {recommendation_id}"
    if key not in found:
        inquiry = Inquiry.of(recommendation_id)
        if inquiry.client_id not in (None, UUID(event.facts["client_id"])):
            return  # somebody else's recommendation tells nothing of this client
        found[key] = Said(inquiry, {})
    verdict = Verdict(event.facts.get("verdict", Verdict.CHOSEN))
    found[key].verdicts[event.facts["template_id"]] = verdict


def examples(connection: Connection[Any], until: int) -> Iterator[Example]:
    """Yield what can be learnt from feedback by a position.

    Each inquiry is weighed again on the state on which it was answered. A template that was chosen
    is right and one rejected is not; one that was shown above a chosen one, and passed over, is
    not either (Joachims 2002). Of those below nobody knows whether they were looked at.
    """
    for key, (inquiry, verdicts) in said(connection, until).items():
        shown = _shown(connection, inquiry)
        ids = [each.candidate.features["template_id"] for each in shown]
        chosen = [place for place, name in enumerate(ids) if verdicts.get(name) is Verdict.CHOSEN]
        passed_over = set(ids[: max(chosen, default=0)])
        for name, each in zip(ids, shown, strict=True):
            if name in verdicts or name in passed_over:
                yield Example(key, each.found, verdicts.get(name) is Verdict.CHOSEN)


def model_in_use(connection: Connection[Any]) -> Model:
    """Return the model by which templates are recommended now."""
    row = connection.execute(
        "SELECT document FROM read_models.recommendation_models ORDER BY model_version DESC LIMIT 1"
    ).fetchone()
    return model_of(row[0] if row else None)


def _shown(connection: Connection[Any], inquiry: Inquiry) -> Sequence[Recommended]:
    """Return what the inquiry was answered with, as it is weighed today."""
    needs, in_use = inquiry.needs, frozenset[str]()
    if inquiry.client_id:
        pages = (
            listing.page(inquiry.client_id, MOST_IN_USE, 0, inquiry.position)
            for listing in (dataset_listing, connector_listing)
        )
        profile = ClientProfile.of(*(_row(connection, page)[2] or [] for page in pages))
        needs, in_use = profile.complete(needs), profile.templates
    reading = read(needs)
    _, model, asked_at, rows = _row(connection, candidates(reading, inquiry.position))
    found = [
        each
        for each in candidates_of(rows or [], asked_at)
        if each.features["template_id"] not in in_use
    ]
    return recommended(reading, found, model_of(model), inquiry.limit)


def _row(connection: Connection[Any], query: Query) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = connection.execute(query.sql, query.parameters).fetchone()
    assert row is not None  # noqa: S101 - the queries of read models always give one
    return row
