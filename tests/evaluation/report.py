"""What is told of a trial."""

from collections.abc import Iterator, Sequence
from itertools import chain

from projections.recommendation.evaluation import SHOWN
from projections.recommendation.recommender import FITS
from tests.evaluation.trial import Answer, Trial, by_default, honesty


def report(judged: Trial, answers: Sequence[Answer]) -> Iterator[str]:
    """Yield lines on how good answers are where something is right, and where nothing is."""
    ranked, shown = judged.result(answers), by_default(answers)
    yield f"{len(judged.held_out)} requests held out, {len(judged.shelves)} templates"
    yield f"  nDCG@{SHOWN} by kind: " + _listed(judged.by_kind(answers))
    yield f"nDCG@{SHOWN} {ranked.ndcg:.3f}, precision@1 {ranked.precision:.3f}   (goal ≥ 0.90)"
    yield f"calibration error {judged.calibration_error(answers):.3f}   (goal ≤ 0.05)"
    default = judged.result(shown)
    yield f"shown by default, if the best is told {FITS} or more:"
    yield f"  nDCG@{SHOWN} {default.ndcg:.3f}, precision@1 {default.precision:.3f}"
    yield f"  calibration error {judged.calibration_error(shown):.3f}"
    kinds = judged.hopeless(shown)
    every = list(chain(*kinds.values()))
    misled, left_alone = honesty(every)
    yield f"where nothing is right ({len(every)} requests):"
    yield f"  told 0.5 or more {misled:.3f}   (goal ≤ 0.02)"
    yield "    by kind: " + _listed({kind: honesty(some).misled for kind, some in kinds.items()})
    yield f"  an empty list {left_alone:.3f}   (goal ≥ 0.95)"
    yield "    by kind: " + _listed(
        {kind: honesty(some).left_alone for kind, some in kinds.items()}
    )


def _listed(values: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in values.items())
