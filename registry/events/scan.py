"""The events of a source that is scanned."""

from dataclasses import dataclass
from uuid import UUID

from registry.events.event import Event
from registry.scan import ScanOutcome, ScanTrigger


@dataclass(frozen=True, kw_only=True)
class ScanEvent(Event):
    """An event of one source, by its name in `discovery.toml`."""

    source: str


@dataclass(frozen=True, kw_only=True)
class SourceListed(ScanEvent, topic="SourceListed"):
    """A watch said that it scans the source, of which kind it is, and where: `place`.

    `every` is the seconds from scan to scan, None for none; `watched` means at every change.
    """

    kind: str
    place: str
    every: float | None
    watched: bool


@dataclass(frozen=True, kw_only=True)
class ScanRequested(ScanEvent, topic="ScanRequested"):
    """A scan of the source was asked for."""

    scan_id: UUID
    trigger: ScanTrigger


@dataclass(frozen=True, kw_only=True)
class ScanStarted(ScanEvent, topic="ScanStarted"):
    """A worker took the scan, perhaps over from one that was lost."""

    scan_id: UUID
    worker: str


@dataclass(frozen=True, kw_only=True)
class ScanProgressed(ScanEvent, topic="ScanProgressed"):
    """So many of the datasets are done; a scan has few of these events, however large it is."""

    scan_id: UUID
    done: int
    total: int


@dataclass(frozen=True, kw_only=True)
class ScanReleased(ScanEvent, topic="ScanReleased"):
    """The worker was told to end before the scan had; the next one takes it."""

    scan_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class ScanFinished(ScanEvent, topic="ScanFinished"):
    """The source was read; `mark` changes when something there does."""

    scan_id: UUID
    outcome: ScanOutcome
    mark: str


@dataclass(frozen=True, kw_only=True)
class ScanFailed(ScanEvent, topic="ScanFailed"):
    """The source could not be read; `mark` changes when the reason may be gone."""

    scan_id: UUID
    reason: str
    mark: str
