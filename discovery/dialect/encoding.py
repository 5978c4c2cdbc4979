"""The encoding of a text, told from its bytes."""

import codecs
import re
from collections import Counter

from discovery.dialect.slices import Slices

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks; those of UTF-32 first, since UTF-16's begins like one of them."""
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
"""A character of several bytes in UTF-8 (RFC 3629, without its finer bounds)."""
_HIGH = re.compile(rb"[\x80-\xff]+")
_UNUSED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
"""Bytes to which Windows-1252 gives no character."""


def encoding_of(slices: Slices) -> tuple[str, bool]:
    """Return the encoding of a file, and whether every byte looked at is valid in it."""
    for mark, name in _MARKS:
        if slices.head.startswith(mark):
            return name, True
    wide = _wide_encoding(slices.head)
    if wide:
        return wide, True
    sample = b"\n".join(slices)
    if all(_is_utf8(part, part is slices.head) for part in slices):
        return "utf-8", True
    characters = _SEQUENCE.findall(sample)
    strangers = sum(map(len, _HIGH.findall(sample))) - sum(map(len, characters))
    if strangers * 20 < len(characters):
        return "utf-8", False
    return _single_byte_encoding(sample), True


def decoded(slices: Slices, encoding: str) -> list[str]:
    """Return the texts of the slices; bytes that are not valid become U+FFFD."""
    later = encoding
    if encoding in ("utf-16", "utf-32"):
        little = slices.head[0] == 0xFF
        later += "-le" if little else "-be"
    first, *others = slices
    return [
        first.decode(encoding, "replace"),
        *(part.decode(later, "replace") for part in others),
    ]


def _wide_encoding(head: bytes) -> str:
    """Return UTF-16 or UTF-32 for bytes without a mark whose zeros stand as they do there.

    Delimiters, digits and line ends are below 256 in every script, so a table has many zero
    bytes, all at the same place of a code unit; and its line ends are characters of their own.
    """
    if b"\0" not in head:
        return ""
    zeros = [head[start::4].count(0) for start in range(4)]
    units = len(head) // 4
    even, odd = zeros[0] + zeros[2], zeros[1] + zeros[3]
    if sum(zeros) >= 2.9 * units and min(zeros[0], zeros[3]) == 0:
        name = "utf-32-le" if zeros[0] == 0 else "utf-32-be"
    elif max(even, odd) >= 0.2 * units and min(even, odd) <= 0.01 * max(even, odd):
        name = "utf-16-le" if odd > even else "utf-16-be"
    else:
        return ""
    ends = head.decode(name, "replace").count("\n")
    return name if 2 * ends >= head.count(b"\n") else ""


def _is_utf8(part: bytes, first: bool) -> bool:
    """Return whether bytes are UTF-8, apart from a character that a slice cuts at either end."""
    start = 0
    while not first and start < min(3, len(part)) and 0x80 <= part[start] < 0xC0:
        start += 1
    try:
        codecs.getincrementaldecoder("utf-8")().decode(part[start:])
    except UnicodeDecodeError:
        return False
    return True


def _single_byte_encoding(sample: bytes) -> str:
    """Return the likeliest encoding of one byte a character.

    In a Latin script the letters beyond ASCII stand alone or in pairs; in Cyrillic whole words
    are made of them. The lower-case letters, which prevail, tell the Cyrillic encodings apart.
    """
    runs = _HIGH.findall(sample)
    high = b"".join(runs)
    if sum(len(run) for run in runs if len(run) >= 4) > 0.6 * len(high):
        thirds = Counter(byte >> 4 for byte in high)
        lower = {
            "cp1251": thirds[0xE] + thirds[0xF],
            "koi8-r": thirds[0xC] + thirds[0xD],
            "cp866": thirds[0xA] + thirds[0xE],
        }
        return max(lower, key=lambda name: lower[name])
    return "latin-1" if _UNUSED.search(high) else "cp1252"
