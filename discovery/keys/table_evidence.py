"""What is kept of a table so that its keys can be compared with those of others without its cells.

It is bounded in size: keys are 32-bit hashes, and of very many keys some are kept, chosen by their
hashes, so that those of two columns can still be compared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from discovery.table import ColumnClass, Lengths

Hashes = npt.NDArray[np.uint32]

ALL: Final = 1 << 32
"""More than any hash."""

_PRIME: Final = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, kw_only=True, eq=False)
class KeySet:
    """Different keys by their hashes, in ascending order, each with its number of cells.

    Attributes:
        hashes: the hashes, none of which is 0.
        cells: how many cells hold each.
        distinct: how many different keys there are, those that are left out too.
        below: the bound under which no key is left out; a column that is only compared with
            others may leave out any.
    """

    hashes: Hashes
    cells: npt.NDArray[np.uint32]
    distinct: int
    below: int = ALL

    def until(self, bound: int) -> "KeySet":
        """Return the keys with hashes below a bound."""
        if bound >= ALL:
            return self
        end = int(np.searchsorted(self.hashes, np.uint32(bound)))
        return KeySet(hashes=self.hashes[:end], cells=self.cells[:end], distinct=self.distinct)

    def has(self, hashes: Hashes) -> npt.NDArray[np.bool_]:
        """Return which of some hashes are in the set."""
        if not len(self.hashes):
            return np.zeros(len(hashes), dtype=bool)
        places = np.searchsorted(self.hashes, hashes)
        found: npt.NDArray[np.bool_] = self.hashes[places.clip(max=len(self.hashes) - 1)] == hashes
        return found


NO_KEYS: Final = KeySet(
    hashes=np.empty(0, np.uint32), cells=np.empty(0, np.uint32), distinct=0, below=0
)


@dataclass(frozen=True, kw_only=True, eq=False)
class ColumnEvidence:
    """What is known of a column; extremes and quantiles are those of numbers only."""

    name: str
    kind: ColumnClass
    rows: int
    nulls: int
    distinct: int
    minimum: int | float | None = None
    maximum: int | float | None = None
    quantiles: Mapping[str, int | float] = field(default_factory=dict)
    lengths: Lengths | None = None
    holds_keys: bool = False
    """Whether values of this class and length identify things."""
    keys: KeySet = NO_KEYS
    lists: Mapping[str, KeySet] = field(default_factory=dict)
    """By separator the keys in some cells, if these are read as lists."""
    sampled: Hashes = field(default_factory=lambda: NO_KEYS.hashes)
    """The keys in some rows, the same ones for all columns of a table; 0 where there is none."""

    @property
    def null_share(self) -> float:
        """Share of the rows without a value, 0 to 1."""
        return self.nulls / self.rows if self.rows else 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class TableEvidence:
    """What is known of a table: its columns, and several that are unique together."""

    columns: Sequence[ColumnEvidence]
    composite: Sequence[str] = ()
    tuples: KeySet = NO_KEYS
    """The keys of the composite columns together."""


def together(hashes: Sequence[Hashes]) -> Hashes:
    """Return the hashes of tuples of keys; 0 where one of them is missing."""
    mixed = np.zeros(len(hashes[0]), np.uint64)
    whole = np.ones(len(hashes[0]), bool)
    for each in hashes:
        mixed = (mixed + each) * _PRIME
        mixed ^= mixed >> np.uint64(29)
        whole &= each != 0
    found: Hashes = np.where(whole, np.maximum(mixed >> np.uint64(32), 1), 0).astype(np.uint32)
    return found


def key_set(hashes: npt.NDArray[Any], most: int, distinct: int | None = None) -> KeySet:
    """Return the set of the keys in some cells, of which at most so many are kept, the least."""
    found, cells = np.unique(hashes[hashes != 0], return_counts=True)
    below = ALL if len(found) <= most else int(found[most])
    return KeySet(
        hashes=found[:most].astype(np.uint32),
        cells=cells[:most].astype(np.uint32),
        distinct=len(found) if distinct is None else distinct,
        below=below,
    )
