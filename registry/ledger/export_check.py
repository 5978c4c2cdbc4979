"""Checking an export, with no need of the database that it came from."""

import gzip
import zlib
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import IO

import msgspec

from registry.ledger.chain import Link
from registry.ledger.checkpoint import Checkpoint
from registry.ledger.exported_log import (
    Manifest,
    entry,
    manifest_path,
    open_export,
    read_manifest,
    sha256_of,
)
from registry.ledger.verification import Kind, Verification


def verify_export(
    path: Path, trusted: Collection[bytes] | None, known: Iterable[Checkpoint] = ()
) -> Verification:
    """Check an export against its manifest, and against checkpoints known from elsewhere.

    Raises:
        NoExport: there is no manifest, or none that can be read.
        OSError: the file cannot be read.
    """
    manifest = read_manifest(manifest_path(path))
    sha256 = sha256_of(path)
    start = Link(manifest.after, manifest.hash_before)
    verification = Verification(start, [*manifest.checkpoints, *known], trusted)
    with open_export(path, "rb") as file:
        for number, read in enumerate(_lines(file, verification), 1):
            try:
                verification.see(entry(read))
            except (msgspec.DecodeError, ValueError) as error:
                verification.report(Kind.UNREADABLE, f"line {number} is no event: {error}")
    verification.end()
    _compare_ends(verification, manifest)
    if not verification.found:  # else these would only say the same again
        if verification.events != manifest.events:
            verification.report(Kind.MISDESCRIBED, f"the manifest counts {manifest.events} events")
        if sha256 != manifest.sha256:
            verification.report(Kind.MISDESCRIBED, "the manifest has another SHA-256 of the file")
    return verification


def _lines(file: IO[bytes], verification: Verification) -> Iterator[bytes]:
    try:
        yield from file
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        verification.report(Kind.UNREADABLE, f"the file cannot be unpacked from here on: {error}")


def _compare_ends(verification: Verification, manifest: Manifest) -> None:
    """Check that the file ends where its manifest says."""
    last = verification.last
    if last.position < manifest.last_position:
        verification.report(
            Kind.REMOVED,
            "the manifest goes on to here, but the file ends before",
            manifest.last_position,
        )
    elif last.position > manifest.last_position:
        verification.report(Kind.INSERTED, "the manifest ends before", after=manifest.last_position)
    elif last.hash != manifest.hash_after:
        verification.report(Kind.REWRITTEN, "the manifest has another hash of the last event")
