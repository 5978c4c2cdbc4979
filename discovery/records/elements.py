"""The elements of a JSON array of any size, one after the other, in bounded memory."""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

_BLOCK: Final = 4 * 1024 * 1024

_TOKEN: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"|["\[{\]},]', re.DOTALL)
"""A whole string, the quote of one that is cut, or what opens, closes or separates."""


def elements_of(file: BinaryIO, level: int = 1) -> Iterator[bytes]:
    """Yield the bytes of each element of the first array at a level of nesting.

    What lies behind that array is not read. A document that ends too early yields what was whole;
    whether the elements are JSON is for their reader to find out.

    Args:
        file: the document, read from where it stands.
        level: how many arrays and objects are open within it: 1 for the elements of the document
            itself, 2 for those of an array in an object, such as `{"data": [...]}`.
    """
    depth, begin, place = 0, -1, 0
    data = b""
    while block := file.read(_BLOCK):
        data += block
        for token in _TOKEN.finditer(data, place):
            mark = data[token.start() : token.start() + 1]
            if mark == b'"' and token.end() - token.start() == 1:
                break  # the rest of the string is in the next block
            place = token.end()
            if mark in b"[{":
                depth += 1
                if begin < 0 and depth == level and mark == b"[":
                    begin = place
            elif mark in b"]}":
                depth -= 1
                if begin >= 0 and depth < level:
                    if element := data[begin : token.start()].strip():
                        yield element
                    return
            elif mark == b"," and begin >= 0 and depth == level:
                yield data[begin : token.start()].strip()
                begin = place
        else:
            place = len(data)
        done = begin if begin >= 0 else place
        data, place, begin = data[done:], place - done, min(begin, 0)
