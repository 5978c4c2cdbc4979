"""The smallest digests of all that were seen: a set in bounded memory that merges in any order."""

from typing import Final

import numpy as np

from registry.inference.digests import Digests

LARGEST_SET: Final = 1 << 20
"""Digests a set keeps at most, 8 bytes each."""

_NONE: Final[Digests] = np.empty(0, np.uint64)
_FEWEST_ADDED: Final = 8192
_ALL: Final = 1 << 64


class DigestSet:
    """The smallest distinct digests, at most `limit` of them (bottom-k sketch).

    While nothing was dropped it is the set of all digests and its size the exact number of
    distinct values. Afterwards that number is estimated from the largest digest kept, with a
    relative standard error of 1/sqrt(limit), 0.1 % for a million (Beyer et al., "On synopses for
    distinct-value estimation under multiset operations", SIGMOD 2007). What belongs to the
    smallest digests in the end belonged to them in every part, so merging is associative and
    commutative.

    Attributes:
        limit: how many digests are kept at most.
        most_kept: how many are held now, before equal ones among those just added unite.
    """

    __slots__ = ("_added", "_bound", "_kept", "limit", "most_kept")

    def __init__(self) -> None:
        self.limit = LARGEST_SET
        self.most_kept = 0
        self._kept = _NONE
        self._added: list[Digests] = []
        self._bound: int | None = None
        """The largest digest kept, once one was dropped."""

    @property
    def kept(self) -> Digests:
        """The digests kept, sorted."""
        if self._added:
            self._settle()
        return self._kept

    @property
    def is_complete(self) -> bool:
        """Whether every digest added is kept."""
        if self._added:
            self._settle()
        return self._bound is None

    @property
    def distinct(self) -> int:
        """The number of distinct digests added: exact while complete, then an estimate."""
        kept = self.kept
        if self._bound is None:
            return len(kept)
        return max((len(kept) - 1) * _ALL // max(self._bound, 1), len(kept) + 1)

    def add(self, digests: Digests) -> None:
        """Add digests."""
        if self._bound is not None:
            digests = digests[digests <= np.uint64(self._bound)]
        self._added.append(digests)
        self.most_kept += len(digests)
        if self.most_kept > max(_FEWEST_ADDED, 2 * len(self._kept)):
            self._settle()

    def merge(self, other: "DigestSet") -> None:
        """Add all that another set has seen."""
        kept = other.kept  # brings the bound up to date
        self._lower(other._bound)
        self.add(kept)
        self.restrict(min(self.limit, other.limit))

    def restrict(self, limit: int) -> None:
        """Keep no more than so many digests from now on."""
        self.limit = limit
        self._settle()

    def _lower(self, bound: int | None) -> None:
        if bound is not None and (self._bound is None or bound < self._bound):
            self._bound = bound

    def _settle(self) -> None:
        digests = np.sort(np.concatenate([self._kept, *self._added]))
        self._added = []
        is_first = np.ones(len(digests), bool)
        np.not_equal(digests[1:], digests[:-1], out=is_first[1:])
        digests = digests[is_first]
        if self._bound is not None:
            digests = digests[: np.searchsorted(digests, np.uint64(self._bound), "right")]
        if len(digests) > self.limit:
            digests = digests[: self.limit].copy()
            self._bound = int(digests[-1])
        self._kept = digests
        self.most_kept = len(digests)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DigestSet):
            return NotImplemented
        return bool(np.array_equal(self.kept, other.kept)) and self._bound == other._bound

    __hash__ = None  # type: ignore[assignment]
