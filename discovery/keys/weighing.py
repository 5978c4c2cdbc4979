"""Evidence that is weighed: points of log-odds, each with its reason."""

import math
from dataclasses import dataclass, field


@dataclass(kw_only=True)
class Weighing:
    """What speaks for and against a candidate.

    The points are natural logarithms of odds, so independent pieces of evidence add up: 0 is an
    even chance, 3 is 20 to 1. They are judgements, not frequencies measured on some collection.
    """

    points: float
    evidence: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)

    def add(self, points: float, reason: str) -> None:
        """Add a reason; one with negative points speaks against."""
        self.points += points
        if points and reason:
            (self.evidence if points > 0 else self.against).append(reason)

    @property
    def certainty(self) -> float:
        """The chance that the candidate is right, above 0 and below 1."""
        return 1 / (1 + math.exp(-max(min(self.points, 30.0), -30.0)))
