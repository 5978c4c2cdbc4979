"""What is kept of the distinct values at a path: all of their digests, and a sample of them."""

from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from registry.inference.digest_set import DigestSet
from registry.inference.digests import Digests

SKETCH_SIZE: Final = 512
"""Values kept with their counts; the distinct ones are counted by their digests."""

V = TypeVar("V", str, float)


class Sketch(Generic[V]):
    """The values whose digests are the smallest of all, with exact counts.

    A value that belongs to the smallest digests in the end belonged to them in every part of the
    data, so it was never dropped anywhere and its count is whole: merging is associative and
    commutative. While nothing was dropped the sketch is the complete table of values; afterwards
    it is a random sample of the distinct values, and `digests` counts them.

    Attributes:
        digests: the digests of all distinct values; empty while the sketch is complete.
    """

    __slots__ = ("_bound", "_samples", "digests")

    def __init__(self) -> None:
        self._samples: dict[int, tuple[V, int]] = {}
        self.digests = DigestSet()
        self._bound: int | None = None
        """The largest digest in the sample, once a value was dropped."""

    @property
    def samples(self) -> dict[int, tuple[V, int]]:
        """The values kept with their counts, by digest."""
        self.settle()
        return self._samples

    @property
    def is_complete(self) -> bool:
        """Whether every value seen is kept."""
        self.settle()
        return self._bound is None

    @property
    def is_counted(self) -> bool:
        """Whether the number of distinct values is exact, not an estimate."""
        return self.is_complete or self.digests.is_complete

    @property
    def distinct(self) -> int:
        """The number of distinct values."""
        return len(self.samples) if self.is_complete else self.digests.distinct

    def absorb(
        self,
        values: Sequence[V],
        digests: Digests,
        counts: NDArray[np.int64],
        kept_form_of: Callable[[V], V],
    ) -> None:
        """Add values with their digests; what is kept is kept in its kept form.

        Args:
            values: the values.
            digests: the digest of each.
            counts: how often each was seen.
            kept_form_of: tells what to keep of a value.
        """
        if self._bound is None and len(values) > SKETCH_SIZE:
            self._begin_sample(digests)
        if self._bound is not None:
            self.digests.add(digests)
            places = np.flatnonzero(digests <= np.uint64(self._bound))
            values = [values[place] for place in places.tolist()]
            digests, counts = digests[places], counts[places]
        self._keep(values, digests.tolist(), counts.tolist(), kept_form_of)

    def absorb_few(
        self,
        values: Sequence[V],
        digests: Sequence[int],
        counts: Sequence[int],
        kept_form_of: Callable[[V], V],
    ) -> None:
        """Do the same with so few values that arrays do not pay."""
        if self._bound is None:
            self._keep(values, digests, counts, kept_form_of)
        else:
            self.absorb(values, np.array(digests, np.uint64), np.array(counts), kept_form_of)

    def _keep(
        self,
        values: Sequence[V],
        digests: Sequence[int],
        counts: Sequence[int],
        kept_form_of: Callable[[V], V],
    ) -> None:
        samples = self._samples
        for value, digest, count in zip(values, digests, counts, strict=True):
            kept, known = samples.get(digest) or (kept_form_of(value), 0)
            samples[digest] = kept, known + count
        self._drop_largest_digests(2 * SKETCH_SIZE)

    def settle(self) -> None:
        """Come down to the size of a sketch."""
        self._drop_largest_digests(SKETCH_SIZE)

    def merge(self, other: "Sketch[V]") -> None:
        """Add all that another sketch has seen."""
        if not (self.is_complete and other.is_complete):
            for sketch in (self, other):
                if sketch._bound is None:
                    self.digests.add(_sample_digests(sketch))
            self.digests.merge(other.digests)
        for digest, (value, count) in list(other.samples.items()):
            _, known = self._samples.get(digest, (value, 0))
            self._samples[digest] = value, known + count
        bounds = [bound for bound in (self._bound, other._bound) if bound is not None]
        self._bound = min(bounds, default=None)
        self._drop_largest_digests(SKETCH_SIZE)

    def _begin_sample(self, digests: Digests) -> None:
        """Begin to drop values, when there are more digests at once than the sample takes."""
        distinct = DigestSet()
        distinct.add(digests)
        smallest = distinct.kept
        if len(smallest) > SKETCH_SIZE:
            self.digests.add(_sample_digests(self))
            self._bound = int(smallest[SKETCH_SIZE - 1])

    def _drop_largest_digests(self, most: int) -> None:
        """Come down to the size of the sketch, when it holds more than so many values."""
        if len(self._samples) <= most:
            return
        if self._bound is None:
            self.digests.add(_sample_digests(self))
        smallest = sorted(self._samples)[:SKETCH_SIZE]
        self._samples = {digest: self._samples[digest] for digest in smallest}
        self._bound = smallest[-1]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sketch):
            return NotImplemented
        return (
            self.samples == other.samples
            and self._bound == other._bound
            and self.digests == other.digests
        )

    __hash__ = None  # type: ignore[assignment]


def _sample_digests(sketch: Sketch[V]) -> Digests:
    return np.fromiter(sketch._samples, np.uint64, len(sketch._samples))
