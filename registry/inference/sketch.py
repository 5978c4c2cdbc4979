"""A bounded sample of distinct values that does not depend on order or partition."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Generic, TypeVar

SKETCH_SIZE: Final = 512
"""Values kept: distinct counts are exact up to here, beyond it their standard error is 4.4 %."""

DIGEST_BYTES: Final = 16
_DIGESTS: Final = 1 << (8 * DIGEST_BYTES)


V = TypeVar("V", str, float)


class Sketch(Generic[V]):
    """The values whose digests are the smallest of all, with exact counts (bottom-k sketch).

    A value that belongs to the smallest digests in the end belonged to them in every part of the
    data, so it was never dropped anywhere and its count is whole: merging is associative and
    commutative. While nothing was dropped the sketch is the complete table of values; afterwards
    the number of distinct values is estimated from the largest digest kept (Beyer et al., "On
    synopses for distinct-value estimation under multiset operations", SIGMOD 2007).

    Attributes:
        samples: the values kept with their counts, by digest.
    """

    __slots__ = ("_bound", "samples")

    def __init__(self) -> None:
        self.samples: dict[bytes, tuple[V, int]] = {}
        self._bound: bytes | None = None
        """The largest digest kept, once a value was dropped."""

    @property
    def is_complete(self) -> bool:
        """Whether every value seen is kept."""
        return self._bound is None

    @property
    def distinct(self) -> int:
        """The number of distinct values: exact while complete, then an estimate."""
        if self._bound is None:
            return len(self.samples)
        estimate = (SKETCH_SIZE - 1) * _DIGESTS // int.from_bytes(self._bound)
        return max(estimate, SKETCH_SIZE + 1)

    def absorb(
        self,
        counted: Mapping[V, int],
        digests: Iterable[bytes],
        kept_form_of: Callable[[V], V],
    ) -> None:
        """Add counted values with their digests; what is kept is kept in its kept form."""
        samples, bound = self.samples, self._bound
        for digest, (value, count) in zip(digests, counted.items(), strict=True):
            if bound is None or digest <= bound:
                known = samples.get(digest)
                samples[digest] = (
                    (known[0], known[1] + count) if known else (kept_form_of(value), count)
                )
        self._drop_largest_digests()

    def merge(self, other: "Sketch[V]") -> None:
        """Add all that another sketch has seen."""
        for digest, (value, count) in other.samples.items():
            _, known = self.samples.get(digest, (value, 0))
            self.samples[digest] = value, known + count
        bounds = [bound for bound in (self._bound, other._bound) if bound is not None]
        self._bound = min(bounds, default=None)
        self._drop_largest_digests()

    def _drop_largest_digests(self) -> None:
        if len(self.samples) > SKETCH_SIZE:
            smallest = sorted(self.samples)[:SKETCH_SIZE]
            self.samples = {digest: self.samples[digest] for digest in smallest}
            self._bound = smallest[-1]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sketch):
            return NotImplemented
        return self.samples == other.samples and self._bound == other._bound

    __hash__ = None  # type: ignore[assignment]
