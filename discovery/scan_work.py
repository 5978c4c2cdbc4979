"""Carrying out one scan as a worker: taken, told of while it runs, and ended once."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID, uuid4

import psycopg
from eventsourcing.persistence import PersistenceError

from discovery.configuration import ListedSource
from discovery.executors import LostWorker, NoCluster
from discovery.files import NoSuchSource
from discovery.planned_scan import PlannedScan
from discovery.registrar import ScanContext
from discovery.scan_report import Change, ScanInterrupted, ScanReport
from discovery.scanner import Progress
from registry.application import RegistryApplication
from registry.commands import (
    FailScan,
    FinishScan,
    RecordScanProgress,
    ReleaseScan,
    ScanCommand,
    StartScan,
)
from registry.errors import RegistryError
from registry.events import Provenance
from registry.scan import MAX_STARTS, MAX_TOLD_FAILURES, Scan, ScanOutcome
from registry.submission import Outcome, Submission

PROGRESS_SECONDS: Final = 1.0
"""Progress is recorded at each tenth of the datasets, but no more often than that."""

RunScan = Callable[[PlannedScan, ScanContext, Progress], ScanReport]


class ScanWork:
    """Scans as one worker carries them out, whose name is in every event of theirs."""

    def __init__(self, application: RegistryApplication, worker: str, run: RunScan) -> None:
        self._application = application
        self._worker = worker
        self._run = run

    def carry_out(self, listed: ListedSource, scan_id: UUID, mark: str) -> ScanReport | str:
        """Take a scan whose source's lock is held, and end it; return its report, or why it failed.

        Raises:
            ScanInterrupted: this worker is to end; the scan is left to the next one.
            ScanTakenOver: the lock was lost, and another worker has the scan.
            ScanNotFound: the lock was lost, and another worker has ended the scan.
        """
        scan = self.submit(StartScan(source=listed.name, worker=self._worker), scan_id).entity
        assert isinstance(scan, Scan)  # noqa: S101 - for the type checker
        if scan.starts > MAX_STARTS:
            reason = f"Its worker was lost {MAX_STARTS} times, perhaps for want of memory"
            return self._failed(listed, scan_id, reason, mark)
        context = ScanContext(scan_id=scan_id)
        try:
            report = self._run(listed.plan, context, self._progress(listed.name, scan_id))
        except ScanInterrupted:
            reason = "the worker was told to end"
            self.submit(
                ReleaseScan(source=listed.name, worker=self._worker, reason=reason), scan_id
            )
            raise
        except (NoSuchSource, NoCluster, LostWorker) as error:
            return self._failed(listed, scan_id, str(error), mark)
        except (psycopg.Error, PersistenceError, RegistryError):
            raise
        except Exception as error:
            # What it says may quote anything; only its kind is kept for ever.
            self._failed(listed, scan_id, f"{type(error).__name__}: see the worker's output", mark)
            return f"{type(error).__name__}: {error}"
        self.submit(
            FinishScan(
                source=listed.name, worker=self._worker, outcome=outcome_of(report), mark=mark
            ),
            scan_id,
        )
        return report

    def submit(self, command: ScanCommand, scan_id: UUID) -> Outcome:
        """Carry out a command about a scan, in the name of the worker."""
        provenance = Provenance(
            actor=f"discovery:{self._worker}", command_id=uuid4(), correlation_id=str(scan_id)
        )
        return self._application.submit(
            Submission(command=command, target=scan_id, provenance=provenance)
        )

    def _failed(self, listed: ListedSource, scan_id: UUID, reason: str, mark: str) -> str:
        self.submit(
            FailScan(source=listed.name, worker=self._worker, reason=reason[:2_000], mark=mark),
            scan_id,
        )
        return reason

    def _progress(self, source: str, scan_id: UUID) -> Progress:
        @contextmanager
        def told(datasets: int, size: int) -> Iterator[Callable[[int], None]]:
            done, step, last = 0, 1, time.monotonic()

            def count(_: int) -> None:
                nonlocal done, step, last
                done += 1
                if done == datasets or 10 * done < step * datasets:
                    return
                if time.monotonic() - last < PROGRESS_SECONDS:
                    return
                step, last = 10 * done // datasets + 1, time.monotonic()
                command = RecordScanProgress(
                    source=source, worker=self._worker, done=done, total=datasets
                )
                self.submit(command, scan_id)

            yield count

        return told


def outcome_of(report: ScanReport) -> ScanOutcome:
    """Return what is recorded of a report.

    Failures are told by where they are. Their reasons may quote the data, which are nothing to be
    kept for ever; the worker prints them.
    """
    places = (
        ": ".join(filter(None, (each.path, each.place)))[:500]
        for each in report.failures[:MAX_TOLD_FAILURES]
    )
    return ScanOutcome(
        new=report.count(Change.NEW),
        changed=report.count(Change.CHANGED),
        unchanged=report.count(Change.UNCHANGED),
        connectors=len(report.connectors),
        failed=len(report.failures),
        failures=list(places),
    )
