"""The file that the log is exported to, and the manifest beside it.

The file is JSON Lines, an event a line in the order of positions, compressed if its name ends in
`.gz`. A state is in its line byte for byte as it is stored, since hashes cover the very bytes.
"""

import gzip
import hashlib
import zlib
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, cast
from uuid import UUID

import msgspec

from registry.ledger.chain import Link, LoggedEvent, microseconds, moment
from registry.ledger.checkpoint import Checkpoint, Int64, Moment
from registry.ledger.verification import Entry, Kind, Verification

FORMAT = "dataset-registry-log/1"

_LEVEL = 1
"""How hard gzip tries: less than half the time of its usual 6, for a tenth more bytes."""


class NoExport(ValueError):
    """There is no export to be checked under the name given."""


class _Line(msgspec.Struct):
    position: Int64
    originator_id: UUID
    originator_version: Int64
    topic: str
    recorded_at: Moment
    state: msgspec.Raw
    hash: bytes


class Manifest(msgspec.Struct, kw_only=True):
    """What an export holds: `events` events after the position `after`, up to `last_position`.

    `hash_before` and `hash_after` are those of the chain at these two positions, `sha256` that of
    the file as it is, in hexadecimal.
    """

    format: str = FORMAT
    exported_at: datetime
    file: str
    sha256: str
    events: int
    after: int
    first_position: int | None
    last_position: int
    hash_before: bytes
    hash_after: bytes
    checkpoints: list[Checkpoint]


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(_Line)


def line(event: LoggedEvent, hash_: bytes) -> bytes:
    """Return an event and its hash as a line of the file."""
    position, originator_id, version, topic, recorded_at, state = event
    written = _Line(
        position, originator_id, version, topic, moment(recorded_at), msgspec.Raw(state), hash_
    )
    return _encoder.encode(written) + b"\n"


def entry(line: bytes) -> Entry:
    """Return what a line of the file says.

    Raises:
        msgspec.DecodeError: it is no such line.
        UnicodeError: the topic is no text.
    """
    read = _decoder.decode(line)
    recorded_at, state = microseconds(read.recorded_at), bytes(read.state)
    event = LoggedEvent(
        read.position, read.originator_id, read.originator_version, read.topic, recorded_at, state
    )
    return Entry(read.position, event, read.hash)


def open_export(path: Path, mode: str) -> IO[bytes]:
    """Open a file of events to be read (`rb`) or written (`wb`), compressed if its name says so."""
    if path.suffix == ".gz":
        return cast(IO[bytes], gzip.open(path, mode, compresslevel=_LEVEL))
    return path.open(mode)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def manifest_path(path: Path) -> Path:
    """Return where the manifest of an export is."""
    return path.with_name(f"{path.name}.manifest.json")


def read_manifest(path: Path) -> Manifest:
    """Read a manifest.

    Raises:
        NoExport: there is none.
    """
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise NoExport(f"There is no manifest {path}; it is made along with the export") from None
    except msgspec.DecodeError as error:
        raise NoExport(f"{path} is no manifest of an export: {error}") from None
    if manifest.format != FORMAT:
        raise NoExport(f"{path} is of the format {manifest.format}; only {FORMAT} is known here")
    return manifest


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
            except (msgspec.DecodeError, UnicodeError) as error:
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
