"""The aggregate that keeps the scans of one source in order."""

from uuid import UUID, uuid5

from registry import commands, events
from registry.aggregate import Aggregate
from registry.errors import ScanNotFound, ScanRunning, ScanTakenOver, ScanWaiting, SourceNotListed
from registry.scan import Scan, ScanStatus

SOURCES = UUID("7e7f0d1c-0a55-5d0e-a1f5-6a1d7c1e5b90")
"""The namespace (RFC 9562, version 5) of the ids of sources."""


class ScannedSource(Aggregate):
    """A source that watches scan, by its name.

    Rules: only what a watch has listed is scanned; one scan runs at a time, and one more may wait.
    Of the scans that have ended, the last is remembered.
    """

    def __init__(self, name: str) -> None:
        super().__init__(uuid5(SOURCES, name))
        self.name = name
        self.listed: events.SourceListed | None = None
        self.waiting: Scan | None = None
        self.current: Scan | None = None
        """The scan that a worker has, or has left for the next one."""
        self.last: Scan | None = None
        self.mark = ""
        """What changes when something at the source does, as the last scan saw it."""

    def entity(self, entity_id: UUID) -> Scan | None:
        """Return the scan of that id, unless it ended before the last one did."""
        scans = (self.waiting, self.current, self.last)
        return next((scan for scan in scans if scan and scan.id == entity_id), None)

    def list_source(self, _: UUID, command: commands.ListSource) -> None:
        """Make the source known as it is listed now."""
        listed = events.SourceListed(
            source=self.name,
            kind=command.kind,
            place=command.place,
            every=command.every,
            watched=command.watched,
        )
        if listed != self.listed:
            self.record(listed)

    def request(self, scan_id: UUID, command: commands.RequestScan) -> None:
        """Ask for a scan, which waits for a worker.

        Raises:
            SourceNotListed: no watch has ever listed the source.
            ScanWaiting: another scan waits already.
        """
        if not self.listed:
            raise SourceNotListed(source=self.name)
        if self.waiting:
            raise ScanWaiting(scan_id=self.waiting.id, source=self.name)
        self.record(
            events.ScanRequested(source=self.name, scan_id=scan_id, trigger=command.trigger)
        )

    def start(self, scan_id: UUID, command: commands.StartScan) -> None:
        """Take the scan that waits, or over the one that runs, whose worker was lost.

        Raises:
            ScanRunning: another scan of the source runs, which is to be taken over first.
            ScanNotFound: the scan has ended, or was never requested.
        """
        if self.current and self.current.id != scan_id:
            raise ScanRunning(scan_id=self.current.id, source=self.name)
        self._open(scan_id)
        self.record(events.ScanStarted(source=self.name, scan_id=scan_id, worker=command.worker))

    def progress(self, scan_id: UUID, command: commands.RecordScanProgress) -> None:
        """Record how far the scan has come.

        Raises:
            ScanNotFound: the scan has ended.
            ScanTakenOver: another worker has it.
        """
        scan = self._of_worker(scan_id, command.worker)
        if (command.done, command.total) != (scan.done, scan.total):
            self.record(
                events.ScanProgressed(
                    source=self.name, scan_id=scan_id, done=command.done, total=command.total
                )
            )

    def release(self, scan_id: UUID, command: commands.ReleaseScan) -> None:
        """Leave the scan to the next worker.

        Raises:
            ScanNotFound: the scan has ended.
            ScanTakenOver: another worker has it.
        """
        self._of_worker(scan_id, command.worker)
        self.record(events.ScanReleased(source=self.name, scan_id=scan_id, reason=command.reason))

    def finish(self, scan_id: UUID, command: commands.FinishScan) -> None:
        """End the scan with what it found.

        Raises:
            ScanNotFound: the scan has ended.
            ScanTakenOver: another worker has it.
        """
        self._of_worker(scan_id, command.worker)
        self.record(
            events.ScanFinished(
                source=self.name, scan_id=scan_id, outcome=command.outcome, mark=command.mark
            )
        )

    def fail(self, scan_id: UUID, command: commands.FailScan) -> None:
        """End the scan without a result.

        Raises:
            ScanNotFound: the scan has ended.
            ScanTakenOver: another worker has it.
        """
        self._of_worker(scan_id, command.worker)
        self.record(
            events.ScanFailed(
                source=self.name, scan_id=scan_id, reason=command.reason, mark=command.mark
            )
        )

    def _open(self, scan_id: UUID) -> Scan:
        scan = self.entity(scan_id)
        if scan is None or scan is self.last:
            raise ScanNotFound(scan_id=scan_id, source=self.name)
        return scan

    def _of_worker(self, scan_id: UUID, worker: str) -> Scan:
        scan = self._open(scan_id)
        if scan.worker != worker:
            raise ScanTakenOver(scan_id=scan_id, source=self.name)
        return scan

    def evolve(self, event: events.Event) -> None:
        """Assign what the event states."""
        match event:
            case events.SourceListed():
                self.listed = event
            case events.ScanRequested():
                self.waiting = Scan(
                    id=event.scan_id,
                    source=event.source,
                    trigger=event.trigger,
                    status=ScanStatus.REQUESTED,
                    requested_at=event.timestamp,
                    updated_at=event.timestamp,
                    version=event.originator_version,
                )
            case events.ScanStarted():
                scan = _touched(self._open(event.scan_id), event, ScanStatus.RUNNING)
                scan.worker, scan.starts = event.worker, scan.starts + 1
                scan.started_at, scan.done, scan.total = event.timestamp, 0, None
                self.waiting = None if scan is self.waiting else self.waiting
                self.current = scan
            case events.ScanProgressed():
                scan = _touched(self._open(event.scan_id), event, ScanStatus.RUNNING)
                scan.done, scan.total = event.done, event.total
            case events.ScanReleased():
                scan = _touched(self._open(event.scan_id), event, ScanStatus.REQUESTED)
                scan.worker, scan.starts = None, scan.starts - 1
            case events.ScanFinished():
                scan = _touched(self._open(event.scan_id), event, ScanStatus.FINISHED)
                scan.outcome, scan.ended_at = event.outcome, event.timestamp
                self.current, self.last, self.mark = None, scan, event.mark
            case events.ScanFailed():
                scan = _touched(self._open(event.scan_id), event, ScanStatus.FAILED)
                scan.reason, scan.ended_at = event.reason, event.timestamp
                self.current, self.last, self.mark = None, scan, event.mark


def _touched(scan: Scan, event: events.Event, status: ScanStatus) -> Scan:
    scan.status = status
    scan.updated_at, scan.version = event.timestamp, event.originator_version
    return scan
