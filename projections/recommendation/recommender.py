"""Weighing the candidates: from needs and templates to recommendations with their reasons."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from projections.links import TEMPLATES_PATH, link
from projections.read_model import Document
from projections.recommendation.bundles import Bundle, Member, bundles
from projections.recommendation.explanation import advice, evidence, missing
from projections.recommendation.model import Model
from projections.recommendation.reading import Reading
from projections.recommendation.signals import MATTERS, Candidate, Signal, signals

LEAST_STRENGTH = 0.3
"""How strong one of the signals that matter has to be at least."""

FITS = 0.4
"""Something fits what is needed if the best template is at least this sure.

The least with which 95 in 100 of the requests to learn from in `tests/evaluation` that nothing fits
are answered by an empty list.
"""


class Recommended(NamedTuple):
    """A candidate with what was found of it, its score in log-odds and its confidence."""

    candidate: Candidate
    found: Mapping[str, Signal]
    score: float
    confidence: float


def candidates_of(rows: Sequence[Mapping[str, Any]], asked_at: datetime) -> list[Candidate]:
    """Return the candidates that the query gave."""
    return [Candidate(features=r["features"], ready=r["ready"], asked_at=asked_at) for r in rows]


def weigh(reading: Reading, candidates: Sequence[Candidate], model: Model) -> list[Recommended]:
    """Return the candidates that matter, the best first; equals by the names of their identity."""
    weighed = []
    for candidate in candidates:
        found = signals(reading, candidate)
        if any(found[name].strength >= LEAST_STRENGTH for name in MATTERS if name in found):
            score = model.score(found)
            weighed.append(Recommended(candidate, found, score, model.confidence(score)))
    weighed.sort(key=lambda each: (-each.score, _identity(each.candidate)))
    return weighed


def recommended(
    reading: Reading, candidates: Sequence[Candidate], model: Model, limit: int
) -> list[Recommended]:
    """Return the best candidates."""
    return weigh(reading, candidates, model)[:limit]


def answer(
    reading: Reading,
    candidates: Sequence[Candidate],
    model: Model,
    limit: int,
    *,
    min_confidence: float | None = None,
    explain: bool = True,
) -> Document:
    """Return the recommendations as JSON values, with bundles and with advice if there is any.

    Those as sure as `min_confidence` are shown. Without one, if anything fits, the nearest are.
    """
    weighed = weigh(reading, candidates, model)
    wanted = FITS if min_confidence is None else min_confidence
    sure = [each for each in weighed if each.confidence >= wanted]
    shown = (weighed if sure and min_confidence is None else sure)[:limit]
    members = [Member(each.candidate.features, each.confidence) for each in sure]
    confidences = [(each.candidate, each.confidence) for each in shown]
    told = advice(reading, confidences, [each.candidate for each in weighed])
    return {
        "recommendations": [_told(reading, each, model, explain=explain) for each in shown],
        "bundles": [_bundle(each) for each in bundles(reading, members)],
        **({"advice": told} if told else {}),
    }


def _told(reading: Reading, each: Recommended, model: Model, *, explain: bool) -> Document:
    told: Document = {
        "template": _template(each.candidate.features),
        "confidence": round(each.confidence, 4),
    }
    if explain:
        told["evidence"] = evidence(each.found, model.gains(each.found))
        told["missing"] = missing(reading, each.candidate, each.found)
    return told


def _template(features: Mapping[str, Any]) -> Document:
    shown = ("template_id", "name", "industry", "use_case", "dataset_type")
    return {
        **{name: features[name] for name in shown},
        "_links": {"self": link(f"{TEMPLATES_PATH}/{features['template_id']}")},
    }


def _bundle(bundle: Bundle) -> Document:
    return {
        "templates": [_template(each.features) for each in bundle.members],
        "covers": list(bundle.covers),
        "links": [each._asdict() for each in bundle.links],
        "confidence": round(bundle.confidence, 4),
    }


def _identity(candidate: Candidate) -> tuple[str, ...]:
    return tuple(candidate.features[part] for part in ("industry", "use_case", "dataset_type"))
