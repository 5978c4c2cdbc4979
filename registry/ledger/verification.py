"""Checking a log against its chain and checkpoints, one event after the other."""

from collections import deque
from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import NamedTuple

from registry.ledger.chain import Link, LoggedEvent, following
from registry.ledger.checkpoint import Checkpoint

MAX_LISTED = 1_000
"""How many findings are kept; any more are only counted."""


class Kind(StrEnum):
    """What was done to a log."""

    ALTERED = "altered"
    ALTERED_OR_REMOVED = "altered or removed"
    REMOVED = "removed"
    INSERTED = "inserted"
    REORDERED = "reordered"
    REWRITTEN = "rewritten"
    FORGED = "forged"
    UNREADABLE = "unreadable"
    MISDESCRIBED = "misdescribed"


class Finding(NamedTuple):
    """Something wrong at `position`; `after` is the last position before it that seems right."""

    kind: Kind
    after: int
    position: int
    explanation: str

    def __str__(self) -> str:
        return f"position {self.position} (after {self.after}): {self.kind}: {self.explanation}"


class Entry(NamedTuple):
    """A position of the log: the event there and the hash recorded of it; one may be missing."""

    position: int
    event: LoggedEvent | None
    hash: bytes | None


class Verification:
    """Follows a chain from `start` and collects what is wrong with it.

    After a break it goes on from the hash that was recorded, so that one altered event is one
    finding. That hides nothing: where nothing is found, hash follows from hash all the way to
    what was signed.

    Args:
        start: The place in the chain before the first event.
        checkpoints: What was signed of the chain; what was signed before `start` is left aside.
        trusted: The public keys that may sign. None lets any, which only proves something to
            those who know that nobody else has signed.
        chained_to: Up to which position every event must have a recorded hash; None for all.
    """

    def __init__(
        self,
        start: Link,
        checkpoints: Iterable[Checkpoint],
        trusted: Collection[bytes] | None,
        chained_to: int | None = None,
    ) -> None:
        self.start = self.last = start
        self.trusted = trusted
        self.signed: Checkpoint | None = None
        """The last checkpoint that the chain has led to."""
        self.events = self.unsigned = self.unchained = 0
        self.findings: list[Finding] = []
        self.found = 0
        self._rewritten = False
        self._chained_to = chained_to
        self._ahead = deque(
            checkpoint
            for checkpoint in sorted(checkpoints, key=lambda each: each.position)
            if checkpoint.position >= start.position and self._accepts(checkpoint)
        )
        self._compare_with_signed()

    def report(
        self, kind: Kind, explanation: str, position: int | None = None, after: int | None = None
    ) -> None:
        """Add a finding, at and after the last position seen unless told otherwise."""
        self.found += 1
        if len(self.findings) < MAX_LISTED:
            at = self.last.position if position is None else position
            before = min(self.last.position, at) if after is None else after
            self.findings.append(Finding(kind, before, at, explanation))

    def see(self, entry: Entry) -> bytes:
        """Check the next entry; return the hash it has, or would have if none is recorded."""
        position, event, recorded = entry
        computed = following(self.last.hash, event) if event else b""
        self.events += event is not None
        if position <= self.last.position:
            self.report(Kind.REORDERED, f"it comes after position {self.last.position}", position)
            return recorded or computed
        self._miss_signed_before(position)
        if recorded is None and self._chained_to is not None:
            if position <= self._chained_to:
                self.report(Kind.INSERTED, "the ledger knows of no event here", position)
                return computed
            self.unchained += 1
        elif event is None:
            self.report(Kind.REMOVED, "the ledger knows of an event here", position)
        elif computed != recorded:
            self._report_break(position)
        self.unsigned += event is not None
        self.last = Link(position, recorded or computed)
        self._compare_with_signed()
        return self.last.hash

    def end(self) -> None:
        """Check that the log does not end before what was signed."""
        if self._ahead:
            position = self._ahead.pop().position
            self.report(Kind.REMOVED, "the log was signed up to here, but ends before", position)
            self._ahead.clear()

    def _report_break(self, position: int) -> None:
        gap = position - self.last.position > 1
        self.report(
            Kind.ALTERED_OR_REMOVED if gap else Kind.ALTERED,
            f"this event after position {self.last.position} has another hash than recorded",
            position,
        )

    def _accepts(self, checkpoint: Checkpoint) -> bool:
        if not checkpoint.is_genuine:
            why = "the signature of the checkpoint is wrong"
        elif self.trusted is not None and checkpoint.public_key not in self.trusted:
            why = f"the checkpoint is signed with {checkpoint.public_key.hex()}, not a trusted key"
        else:
            return True
        self.report(Kind.FORGED, why, checkpoint.position)
        return False

    def _miss_signed_before(self, position: int) -> None:
        while self._ahead and self._ahead[0].position < position:
            missed = self._ahead.popleft().position
            self.report(Kind.REMOVED, "an event was signed here, but there is none", missed)

    def _compare_with_signed(self) -> None:
        while self._ahead and self._ahead[0].position == self.last.position:
            checkpoint = self._ahead.popleft()
            if checkpoint.hash == self.last.hash:
                self.signed, self.unsigned = checkpoint, 0
            elif not self._rewritten:  # the checkpoints after it differ as a consequence
                self._rewritten = True
                self.report(
                    Kind.REWRITTEN,
                    "the hash is not the one that was signed, so an event was altered and the"
                    " hashes from there on computed anew",
                    after=self.signed.position if self.signed else self.start.position,
                )
