"""How records stand in a JSON file: told by its beginning."""

from enum import StrEnum
from pathlib import Path
from typing import Final

import orjson

_HEAD_BYTES: Final = 2**20
_MOST_LINE_BYTES: Final = 64 * 2**20
"""Bytes of a first line that is looked at as a whole."""


class JsonLayout(StrEnum):
    """How records stand in a file."""

    LINES = "lines"
    """A record on every line."""
    ARRAY = "array"
    """The elements of one array."""
    DOCUMENT = "document"
    """One value, which may wrap an array of records."""


def json_layout(path: Path) -> JsonLayout:
    """Return the layout of a JSON file (see `layout_of_head`)."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES).removeprefix(b"\xef\xbb\xbf")
        if b"\n" not in head:
            head += file.readline(_MOST_LINE_BYTES) + file.read(_HEAD_BYTES)
    return layout_of_head(head)


def layout_of_head(head: bytes) -> JsonLayout:
    """Return the layout of JSON that begins like this.

    Lines are told by a first line that is JSON by itself and is not the last; so are lines of which
    the first is broken and another is whole.
    """
    lines = [line for line in head.splitlines() if line.strip()]
    if len(lines) > 1 and (_is_record(lines[0]) or _are_lines(lines)):
        return JsonLayout.LINES
    return JsonLayout.ARRAY if head.lstrip()[:1] == b"[" else JsonLayout.DOCUMENT


def _are_lines(lines: list[bytes]) -> bool:
    """Tell whether most of some lines begin and end as records do, and one of them is one."""
    framed = [line for line in lines[:50] if line[:1] == b"{" and line.rstrip()[-1:] == b"}"]
    return len(framed) * 2 > len(lines[:50]) and any(map(_is_record, framed))


def _is_record(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict | list)
    except orjson.JSONDecodeError:
        return False
