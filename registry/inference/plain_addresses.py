"""A quick look that finds everyday e-mail addresses valid, a column at a time."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from registry.inference.text_block import TextBlock

LONGEST: Final = 64
"""Characters up to which no part of an address can be too long."""

_OTHER, _LETTER, _DIGIT, _JOINT, _LOCAL_JOINT, _AT, _END = range(7)
_CLASSES: Final = np.full(256, _OTHER, np.uint8)
for _class, _characters in {
    _LETTER: b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    _DIGIT: b"0123456789",
    _JOINT: b".-",
    _LOCAL_JOINT: b"_+",
    _AT: b"@",
    _END: b"\n",
}.items():
    _CLASSES[list(_characters)] = _class


def are_plain_addresses(block: TextBlock) -> NDArray[np.bool_]:
    """Tell which texts are words joined by one `@` and by single dots, hyphens, `_` or `+`.

    The last word is of two letters or more behind a dot, the domain has no `_` or `+`: such an
    address is valid under RFC 5321, whatever the words.
    """
    classes = _CLASSES[block.bytes]
    ends = block.starts + block.sizes
    ats = np.flatnonzero(classes == _AT)
    has_breaks = np.count_nonzero(classes == _END) != len(ends)
    if len(ats) != len(ends) or has_breaks or (ats < block.starts).any() or (ats > ends).any():
        return np.zeros(len(ends), bool)
    is_letter = classes == _LETTER
    is_word = is_letter | (classes == _DIGIT)
    is_misplaced = ~is_word & (classes != _END)
    is_joined = is_word[:-2] & is_word[2:] & (classes[1:-1] != _OTHER)
    is_misplaced[1:-1] &= ~is_joined
    result: NDArray[np.bool_] = block.sizes <= LONGEST
    result[np.searchsorted(ends, np.flatnonzero(is_misplaced))] = False
    local = np.flatnonzero(classes == _LOCAL_JOINT)
    owners = np.searchsorted(ends, local)
    result[owners[local > ats[owners]]] = False
    marks = np.flatnonzero(~is_letter & (classes != _END))
    last = marks[np.searchsorted(marks, ends) - 1]
    result &= (block.bytes[last] == ord(".")) & (last > ats) & (ends - last > 2)
    return result
