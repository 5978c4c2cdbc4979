"""The file that the log is exported to, and the manifest beside it.

The file is JSON Lines, an event a line in the order of positions, compressed if its name ends in
`.gz`. A state is in its line byte for byte as it is stored, since hashes cover the very bytes; one
that is no JSON object on a single line, as the registry never writes it, is there in base64.
"""

import gzip
import hashlib
from base64 import b64decode, b64encode
from datetime import datetime
from pathlib import Path
from typing import IO, cast
from uuid import UUID

import msgspec

from registry.ledger.chain import LoggedEvent, microseconds, moment
from registry.ledger.checkpoint import Checkpoint, Int64, Moment
from registry.ledger.verification import Entry

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
    raw = state if _is_one_object(state) else b'"' + b64encode(state) + b'"'
    written = _Line(
        position, originator_id, version, topic, moment(recorded_at), msgspec.Raw(raw), hash_
    )
    return _encoder.encode(written) + b"\n"


def entry(line: bytes) -> Entry:
    """Return what a line of the file says.

    Raises:
        msgspec.DecodeError: it is no such line.
        ValueError: its state is neither an object nor base64.
    """
    read = _decoder.decode(line)
    state = bytes(read.state)
    event = LoggedEvent(
        read.position,
        read.originator_id,
        read.originator_version,
        read.topic,
        microseconds(read.recorded_at),
        b64decode(state.strip(b'"'), validate=True) if state[:1] != b"{" else state,
    )
    return Entry(read.position, event, read.hash)


def _is_one_object(state: bytes) -> bool:
    """Whether a state can stand in a line as it is, and be taken from there as it was."""
    if state[:1] != b"{" or state[-1:] != b"}" or b"\n" in state:
        return False
    try:
        state.decode()
        msgspec.json.decode(state, type=msgspec.Raw)
    except (UnicodeDecodeError, msgspec.DecodeError):
        return False
    return True


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
