"""How the quality of a dataset is measured, and when it is good enough for READY."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field

from registry.text import JsonObject


class CheckType(StrEnum):
    """The four quality checks."""

    SCHEMA_VALIDATION = "schema_validation"
    DATA_COMPLETENESS = "data_completeness"
    CONNECTOR_HEALTH = "connector_health"
    SAMPLE_QUERY_SUCCESS = "sample_query_success"


READY_THRESHOLD = Decimal("95")
"""The least quality score of a READY dataset, of 100."""

DEFAULT_WEIGHTS: Mapping[CheckType, Decimal] = {
    CheckType.SCHEMA_VALIDATION: Decimal("0.30"),
    CheckType.DATA_COMPLETENESS: Decimal("0.30"),
    CheckType.CONNECTOR_HEALTH: Decimal("0.20"),
    CheckType.SAMPLE_QUERY_SUCCESS: Decimal("0.20"),
}
"""How much each check counts; they add up to 1."""

Score = Annotated[float, Field(strict=True, ge=0, le=100, allow_inf_nan=False)]
"""A quality score from 0 (nothing right) to 100 (nothing wrong)."""


@dataclass(frozen=True, kw_only=True)
class DataQualityCheck:
    """The result of one quality check: its score and the threshold it is held to, 0 to 100."""

    check_type: CheckType
    score: Score
    threshold: Score = float(READY_THRESHOLD)
    details: JsonObject = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether the score reaches the threshold."""
        return self.score >= self.threshold


@dataclass(frozen=True)
class QualityScore:
    """The weighted mean of the four checks, exact to the last decimal digit."""

    value: Decimal

    @classmethod
    def of(
        cls,
        checks: Iterable[DataQualityCheck],
        weights: Mapping[CheckType, Decimal] = DEFAULT_WEIGHTS,
    ) -> Self | None:
        """Return the score of `checks`, or None while one of the four is missing.

        The mean is taken in decimal arithmetic of the numbers as they are written, since in
        binary four checks that average 95 may fall a hair below it.
        """
        scores = {check.check_type: Decimal(repr(check.score)) for check in checks}
        if missing_checks(scores):
            return None
        weighted = sum((weights[kind] * score for kind, score in scores.items()), Decimal(0))
        return cls(weighted / sum(weights.values()))

    @property
    def meets_threshold(self) -> bool:
        """Whether a dataset with this score may be READY."""
        return self.value >= READY_THRESHOLD


def missing_checks(reported: Iterable[CheckType]) -> list[CheckType]:
    """Return the checks not among `reported`, in their usual order."""
    known = set(reported)
    return [check_type for check_type in CheckType if check_type not in known]
