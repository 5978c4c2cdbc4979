"""64-bit digests of numbers and bytes: the same for equal values, in every process and batch."""

from hashlib import blake2b
from struct import Struct
from typing import Final

import numpy as np
from numpy.typing import NDArray

Digests = NDArray[np.uint64]

_DIGEST_BYTES: Final = 8
_FRACTIONS: Final = np.uint64(0xD6E8FEB86659FD93)
"""Keeps the bits of floats apart from integers that happen to have the same."""

_FRACTIONS_OF_ONE: Final = int(_FRACTIONS)
_FLOAT: Final = Struct("<d")
_INTEGER: Final = Struct("<Q")
_30: Final = np.uint64(30)
_27: Final = np.uint64(27)
_31: Final = np.uint64(31)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_FIRST_OF_ONE: Final = int(_FIRST)
_SECOND_OF_ONE: Final = int(_SECOND)
_ALL: Final = (1 << 64) - 1
_BEYOND: Final = 2.0**63


def digests_of_integers(numbers: NDArray[np.int64]) -> Digests:
    """Return the digests of integers of 64 bits."""
    return mixed(numbers.view(np.uint64))


def digests_of_floats(numbers: NDArray[np.float64]) -> Digests:
    """Return the digests of finite floats; a whole one has the digest of the integer."""
    whole = (numbers == np.trunc(numbers)) & (numbers >= -_BEYOND) & (numbers < _BEYOND)
    digests = numbers.view(np.uint64) ^ _FRACTIONS
    digests[whole] = numbers[whole].astype(np.int64).view(np.uint64)
    digests = mixed(digests)
    for index in np.flatnonzero(np.abs(numbers) >= _BEYOND):
        digests[index] = digest_of_integer(int(numbers[index]))
    return digests


def digest_of_number(number: float) -> int:
    """Return the digest of an integer of any size or a finite float."""
    if isinstance(number, int) or number.is_integer():
        return digest_of_integer(int(number))
    (bits,) = _INTEGER.unpack(_FLOAT.pack(number))
    return mixed_one(bits ^ _FRACTIONS_OF_ONE)


def digest_of_integer(number: int) -> int:
    """Return the digest of an integer of any size."""
    if -_BEYOND <= number < _BEYOND:
        return mixed_one(number & _ALL)
    return digest_of_bytes(b"%x" % number)


def digest_of_bytes(data: bytes) -> int:
    """Return the digest of some bytes, taken one by one."""
    return int.from_bytes(blake2b(data, digest_size=_DIGEST_BYTES).digest())


def mixed(digests: Digests) -> Digests:
    """Spread every bit over all (the finaliser of SplitMix64: Steele et al., OOPSLA 2014)."""
    digests = digests ^ (digests >> _30)
    digests *= _FIRST
    digests ^= digests >> _27
    digests *= _SECOND
    digests ^= digests >> _31
    return digests


def mixed_one(digest: int) -> int:
    """Return what `mixed` makes of one digest."""
    digest = ((digest ^ digest >> 30) * _FIRST_OF_ONE) & _ALL
    digest = ((digest ^ digest >> 27) * _SECOND_OF_ONE) & _ALL
    return digest ^ digest >> 31
