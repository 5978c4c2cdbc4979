"""A column of texts as one block of bytes, so that many are worked on by few steps."""

from collections.abc import Sequence
from struct import unpack
from typing import Final

import numpy as np
from numpy.typing import NDArray

from registry.inference.digests import Digests, digest_of_bytes, mixed, mixed_one

LONGEST_WORKED_TOGETHER: Final = 256
"""Bytes of a text up to which texts are digested side by side; longer ones go one by one."""

_WORD: Final = 8
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
_SPREAD_OF_ONE: Final = int(_SPREAD)
_ALL: Final = (1 << 64) - 1
_HALF: Final = np.uint64(32)
_KEPT_BYTES: Final = np.array([(1 << (8 * size)) - 1 for size in range(_WORD + 1)], np.uint64)
_END: Final = "\n"


class TextBlock:
    """Texts one after the other in UTF-8, lone surrogates included, each with an end mark.

    Args:
        texts: the texts, at least one.

    Attributes:
        bytes: the bytes of all texts and their end marks, line feeds.
        starts: where each begins.
        sizes: its length in bytes.
        characters: its length in Unicode code points.
        table: the bytes of the texts, one a row, if all have one length; else None.
    """

    __slots__ = ("_texts", "_words", "bytes", "characters", "sizes", "starts", "table")

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        joined = _END.join(texts) + _END
        data = joined.encode("utf-8", "surrogatepass")
        self.bytes = np.frombuffer(data, np.uint8)
        ends = np.flatnonzero(self.bytes == ord(_END))
        if len(ends) > len(texts):  # some have line breaks
            encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
            ends = np.cumsum(np.fromiter(map(len, encoded), np.int64, len(texts)) + 1) - 1
        self.starts = np.concatenate(([0], ends[:-1] + 1))
        self.sizes = ends - self.starts
        self.characters = self.sizes
        if len(data) != len(joined):
            begins_character = (self.bytes & 0xC0) != 0x80
            self.characters = np.add.reduceat(begins_character, self.starts, dtype=np.int64) - 1
        self._words = np.ndarray((len(data) + 1,), "<u8", data + bytes(_WORD), strides=(1,))
        size = int(self.sizes[0])
        is_even = size > 0 and bool((self.sizes == size).all())
        self.table = self.bytes.reshape(-1, size + 1)[:, :size] if is_even else None

    def extremes(self) -> tuple[str, str]:
        """Return the first and the last text by code point, the order of UTF-8 bytes."""
        beginnings = (self._words[self.starts] & self._kept_bytes(self.sizes)).byteswap()
        first = np.flatnonzero(beginnings == beginnings.min()).tolist()
        last = np.flatnonzero(beginnings == beginnings.max()).tolist()
        texts = self._texts
        return min(texts[place] for place in first), max(texts[place] for place in last)

    def rows_of_size(self, size: int) -> tuple[NDArray[np.intp], NDArray[np.uint8]]:
        """Return which texts are so many bytes long, and their bytes, one a row."""
        rows = np.flatnonzero(self.sizes == size)
        return rows, self.bytes[self.starts[rows, None] + np.arange(size)]

    def digests(self) -> Digests:
        """Return the digest of each text.

        Words of eight bytes are taken in one after the other, each by a step that can be undone:
        texts of one length that differ in a single word never share a digest. Others do with a
        chance of about 2**-64, or 1 in 30 million that any two of a million texts do.
        """
        digests = self.sizes.astype(np.uint64) * _SPREAD
        if self.table is not None and self.table.shape[1] <= LONGEST_WORKED_TOGETHER:
            return mixed(self._digested_evenly(digests, self.table))
        rest = np.flatnonzero((self.sizes > 0) & (self.sizes <= LONGEST_WORKED_TOGETHER))
        at, left = self.starts[rest], self.sizes[rest]
        while len(rest):
            word = self._words[at] & self._kept_bytes(left)
            digests[rest] = _stepped(digests[rest], word)
            more = left > _WORD
            rest, at, left = rest[more], at[more] + _WORD, left[more] - _WORD
        for place in np.flatnonzero(self.sizes > LONGEST_WORKED_TOGETHER):
            start, size = self.starts[place], self.sizes[place]
            digests[place] = digest_of_bytes(self.bytes[start : start + size].tobytes())
        return mixed(digests)

    @staticmethod
    def _digested_evenly(digests: Digests, table: NDArray[np.uint8]) -> Digests:
        rows, size = table.shape
        padded = np.zeros((rows, -(-size // _WORD) * _WORD), np.uint8)
        padded[:, :size] = table
        for word in padded.view("<u8").T:
            digests = _stepped(digests, word)
        return digests

    @staticmethod
    def _kept_bytes(left: NDArray[np.int64]) -> Digests:
        return _KEPT_BYTES[np.minimum(left, _WORD)]


def _stepped(digests: Digests, word: Digests) -> Digests:
    step = digests ^ word
    step *= _SPREAD
    step ^= step >> _HALF
    return step


def digest_of_text(text: str) -> int:
    """Return the digest that a block gives a text, for the few that are not worth a block."""
    data = text.encode("utf-8", "surrogatepass")
    if len(data) > LONGEST_WORKED_TOGETHER:
        return mixed_one(digest_of_bytes(data))
    digest = len(data) * _SPREAD_OF_ONE & _ALL
    words = -(-len(data) // _WORD)
    for word in unpack(f"<{words}Q", data.ljust(words * _WORD, b"\0")):
        digest = (digest ^ word) * _SPREAD_OF_ONE & _ALL
        digest ^= digest >> 32
    return mixed_one(digest)
