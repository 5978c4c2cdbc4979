"""Scanning again and again: so many seconds apart, or whenever something changes."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from discovery.scan_report import ScanReport
from discovery.sources.source import Source

WATCH_SECONDS: Final = 1.0
"""How often a source that is watched is looked at."""


def rounds(
    scan_all: Callable[[], Sequence[ScanReport]],
    sources: Sequence[Source],
    every: float,
    *,
    watch: bool,
) -> Iterator[Sequence[ScanReport]]:
    """Yield the reports of one round of scans, and if wanted of one after the other.

    Args:
        scan_all: scans all the sources.
        sources: what is scanned.
        every: seconds from the end of one round to the next; 0 for one round only.
        watch: whether to scan whenever something comes, goes or changes, looking every second.

    Raises:
        NoSuchSource: a source that is watched is gone.
    """
    seen = _marks(sources) if watch else []
    yield scan_all()
    while every or watch:
        time.sleep(WATCH_SECONDS if watch else every)
        if not watch or seen != (seen := _marks(sources)):
            yield scan_all()


def _marks(sources: Sequence[Source]) -> list[str]:
    return [mark_of(source) for source in sources]


def mark_of(source: Source) -> str:
    """Return what changes whenever something at a source comes, goes or changes.

    Raises:
        NoSuchSource: there is nothing there.
    """
    told = hashlib.sha256()
    for find in source.finds():
        told.update(f"{find.path}\n{find.mark}\n".encode())
    return told.hexdigest()
