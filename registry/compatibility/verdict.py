"""What is asked of two schemas, and what is answered."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Mode(StrEnum):
    """What a new version of a schema has to keep, named as schema registries name it.

    BACKWARD: what was valid under the last version is valid under the new one. FORWARD: what is
    valid under the new one was valid under the last. FULL: both. The transitive modes ask the same
    of all earlier versions.
    """

    NONE = "NONE"
    BACKWARD = "BACKWARD"
    FORWARD = "FORWARD"
    FULL = "FULL"
    BACKWARD_TRANSITIVE = "BACKWARD_TRANSITIVE"
    FORWARD_TRANSITIVE = "FORWARD_TRANSITIVE"
    FULL_TRANSITIVE = "FULL_TRANSITIVE"

    @property
    def is_transitive(self) -> bool:
        """Whether all earlier versions count, and not only the last."""
        return self.value.endswith("_TRANSITIVE")

    @property
    def directions(self) -> tuple["Direction", ...]:
        """The directions that have to hold."""
        kind = self.value.removesuffix("_TRANSITIVE")
        backward = (Direction.backward,) if kind in ("BACKWARD", "FULL") else ()
        forward = (Direction.forward,) if kind in ("FORWARD", "FULL") else ()
        return backward + forward


class Direction(StrEnum):
    """Which of two versions has to accept the other's documents: backward, the new one."""

    backward = "backward"
    forward = "forward"


class Outcome(StrEnum):
    """What was decided; `unknown` counts as incompatible wherever something is at stake."""

    compatible = "compatible"
    incompatible = "incompatible"
    unknown = "unknown"


class Policy(StrEnum):
    """By what a pair of schemas is judged.

    semantic: by the documents that they accept, and by nothing else.
    keywordwise: also by their text, as is customary in schema registries. A keyword that is
        tightened or withdrawn from what was open is refused even where another keyword makes it
        moot, so that no document is affected; such a verdict has no witness.
    """

    semantic = "semantic"
    keywordwise = "keywordwise"


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a schema refuses: a JSON pointer into it and a sentence."""

    pointer: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The answer to whether one schema accepts all that another accepts.

    Attributes:
        outcome: what was decided.
        reasons: for `incompatible`, where and why the refusing schema refuses.
        has_witness: whether `witness` is one; null is a document too.
        witness: a document that one schema accepts and the other rejects, both checked with the
            validator; None without one.
        construct: for `unknown`, what could not be decided.
        direction: of `compatibility`, the direction that does not hold.
        against: of `compatibility`, the index of the earlier version that it does not hold with.
    """

    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    has_witness: bool = False
    witness: Any = field(default=None)
    construct: str = ""
    direction: Direction | None = None
    against: int | None = None

    @property
    def is_compatible(self) -> bool:
        """Whether it is certain that nothing breaks."""
        return self.outcome is Outcome.compatible


class Change(StrEnum):
    """What became of a place: it came or went, or accepts less or more than before."""

    added = "added"
    removed = "removed"
    tightened = "tightened"
    loosened = "loosened"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One change of what a schema accepts.

    Attributes:
        change: the kind; a place that gives up some documents and takes others is told twice.
        pointer: JSON pointer into the new schema; into the old one for what was removed.
        was: the value there in the old schema; None if there was none.
        now: the value there in the new schema; None if there is none.
    """

    change: Change
    pointer: str
    was: Any = None
    now: Any = None
