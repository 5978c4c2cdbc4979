"""Exporting the log, and checking it where it is."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import msgspec

from registry.ledger.chain import ORIGIN
from registry.ledger.checkpoint import Checkpoint
from registry.ledger.exported_log import Manifest, line, manifest_path, open_export, sha256_of
from registry.ledger.signing_key import SigningKey
from registry.ledger.verification import Verification
from registry.store.still_log import BEFORE_ALL, StillLog


def verify_store(
    log: StillLog, trusted: Collection[bytes] | None, known: Iterable[Checkpoint] = ()
) -> Verification:
    """Check the event store against its ledger, and against checkpoints known from elsewhere."""
    checkpoints = [*log.checkpoints(), *known]
    chained_to = log.progress().head.position
    verification = Verification(ORIGIN, checkpoints, trusted, chained_to)
    for entry in log.entries(BEFORE_ALL):
        verification.see(entry)
    verification.end()
    return verification


def export_log(
    log: StillLog,
    out: Path,
    key: SigningKey | None,
    *,
    after: int = 0,
    on_position: Callable[[int], None] = lambda position: None,
) -> tuple[Manifest, Verification]:
    """Write the events after a position to a file, and a manifest beside it.

    Events that the ledger does not hold yet are chained on the way. The end is signed with the
    key, if there is one, unless something was found to be wrong: then the file is the evidence.
    """
    start = log.link_at(after)
    checkpoints = list(log.checkpoints(start.position))
    chained_to = log.progress().head.position
    verification = Verification(start, checkpoints, None, chained_to)
    first: int | None = None
    with _drafts(out, manifest_path(out)) as (events_draft, manifest_draft):
        with open_export(events_draft, "wb") as file:
            for entry in log.entries(start.position or BEFORE_ALL):
                hash_ = verification.see(entry)
                if entry.event:
                    file.write(line(entry.event, hash_))
                    first = entry.position if first is None else first
                on_position(entry.position)
        verification.end()
        if key and verification.unsigned and not verification.found:
            checkpoints.append(key.sign(verification.last))
        manifest = Manifest(
            exported_at=datetime.now(UTC),
            file=out.name,
            sha256=sha256_of(events_draft),
            events=verification.events,
            after=start.position,
            first_position=first,
            last_position=verification.last.position,
            hash_before=start.hash,
            hash_after=verification.last.hash,
            checkpoints=checkpoints,
        )
        encoded = msgspec.json.encode(manifest)
        manifest_draft.write_bytes(msgspec.json.format(encoded, indent=2) + b"\n")
    return manifest, verification


@contextmanager
def _drafts(*paths: Path) -> Iterator[list[Path]]:
    """Yield names to write under; what is complete then takes its own name, and only then."""
    drafts = [path.with_name(f".{uuid4()}.{path.name}") for path in paths]
    try:
        yield drafts
        for draft, path in zip(drafts, paths, strict=True):
            os.replace(draft, path)
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)
