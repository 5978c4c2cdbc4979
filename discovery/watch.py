"""Watching: scanning the sources of a configuration when they are due or a scan is requested.

Several watches may run at once, on several machines. Which scan is due follows from the events of
its source, and a lock in the database sees to it that one of them takes it.
"""

import hashlib
import os
import socket
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final, Self
from uuid import UUID, uuid4

import msgspec
import psycopg
from eventsourcing.persistence import PersistenceError

from discovery.checks.scheduled_checks import ScheduledChecks
from discovery.configuration import ListedSource
from discovery.executors import executor
from discovery.files import NoSuchSource
from discovery.planned_scan import PlannedScan, ScanRunner
from discovery.registrar import Gate, ScanContext
from discovery.rounds import mark_of
from discovery.scan_locks import ScanLocks
from discovery.scan_report import ScanReport
from discovery.scan_work import ScanWork
from discovery.scanner import Progress
from registry.application import RegistryApplication
from registry.commands import ListSource, RequestScan
from registry.errors import RegistryError, RuleBroken
from registry.scan import ScanTrigger
from registry.scanned_source import ScannedSource
from registry.settings import settings

LOOK_SECONDS: Final = 1.0
"""How often it is looked what is due."""

Told = Callable[[str, ScanReport | str], None]
"""Is told what became of each scan, by its source's name: its report, or why there is none."""


class Watch:
    """Scans the sources listed, one after the other, for as long as it runs.

    Args:
        url: the database.
        sources: what is scanned, by name.
        told: is told what became of each scan.
        workers: processes that read files; 0 for as many as there are cores.
        cluster: a Dask scheduler whose workers read instead.
        checks: the quality checks that are due from time to time.
    """

    def __init__(
        self,
        application: RegistryApplication,
        url: str,
        sources: Mapping[str, ListedSource],
        told: Told,
        *,
        workers: int = 0,
        cluster: str = "",
        checks: ScheduledChecks | None = None,
    ) -> None:
        self._application = application
        self._url = url
        self._sources = sources
        self._told = told
        self._workers = workers
        self._cluster = cluster
        self._checks = checks
        self._locks = ScanLocks(url)
        name = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._work = ScanWork(application, name, self._run)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._locks.close()

    def run(self) -> None:
        """Scan what is due, again and again, until interrupted.

        While the database is away it is tried again; what fails at one source does not stop others.

        Raises:
            KeyboardInterrupt: by Ctrl-C. A scan that runs is left to the next watch.
        """
        is_listed = is_away = False
        while True:
            try:
                if not is_listed:
                    self.list_sources()
                    is_listed = True
                self.look()
                is_away = False
            except (psycopg.Error, PersistenceError, RegistryError) as error:
                if not is_away:
                    self._told("database", f"{str(error).strip()} It is tried again.")
                # A registry that was emptied meanwhile has forgotten the sources as well.
                is_listed, is_away = False, True
            time.sleep(LOOK_SECONDS)

    def list_sources(self) -> None:
        """Make it known which sources can be requested."""
        for listed in self._sources.values():
            command = ListSource(
                source=listed.name,
                kind=listed.kind,
                place=str(listed.plan.source),
                every=listed.every,
                watched=listed.watched,
            )
            self._work.submit(command, uuid4())

    def look(self) -> None:
        """Scan every source that is due, or of which a scan was requested."""
        states = self._application.load([ScannedSource(name) for name in self._sources])
        for state in states.values():
            assert isinstance(state, ScannedSource)  # noqa: S101 - for the type checker
            listed = self._sources[state.name]
            mark = _mark(listed) if listed.watched else ""
            if state.current or state.waiting or self._trigger(listed, state, mark):
                self._take(listed, mark)
        if self._checks:
            self._checks.look(self._locks)

    def _take(self, listed: ListedSource, mark: str) -> None:
        """Carry out what there is to be done at a source, unless another worker is at it."""
        with self._locks.held(listed.name) as is_ours:
            if not is_ours:
                return
            # As it is now: a moment ago another worker may have been done with it.
            blank = ScannedSource(listed.name)
            self._application.load([blank])
            try:
                scan_id = self._scan_id(listed, blank, mark)
                if scan_id is None:
                    return
                done = self._work.carry_out(listed, scan_id, mark)
            except RuleBroken as error:  # somebody requested, or took over, at the same moment
                done = str(error)
            self._told(listed.name, done)

    def _scan_id(self, listed: ListedSource, state: ScannedSource, mark: str) -> UUID | None:
        """Return the scan to be carried out: one that was left, one that waits, or one that is due.

        A scan that waits is not taken before the current one has ended.
        """
        if scan := state.current or state.waiting:
            return scan.id
        trigger = self._trigger(listed, state, mark)
        if trigger is None:
            return None
        scan_id = uuid4()
        self._work.submit(RequestScan(source=listed.name, trigger=trigger), scan_id)
        return scan_id

    def _trigger(self, listed: ListedSource, state: ScannedSource, mark: str) -> ScanTrigger | None:
        """Return why a source is to be scanned now, None where it is not."""
        if listed.watched:
            return ScanTrigger.CHANGE if mark != state.mark else None
        if listed.every is None:
            return None
        last = state.last and state.last.started_at
        if last and (datetime.now(UTC) - last).total_seconds() < listed.every:
            return None
        return ScanTrigger.SCHEDULE

    def _run(self, plan: PlannedScan, context: ScanContext, progress: Progress) -> ScanReport:
        # Processes of its own for each scan: those of one that lost some are of no more use.
        with executor(self._workers, self._cluster) as reading:
            gate = Gate(compatibility_mode=settings().compatibility_mode)
            runner = ScanRunner(self._application, self._url, reading, gate=gate)
            return runner.run(plan, context, progress)


def _mark(listed: ListedSource) -> str:
    """Return what changes when something at a source does, or how it is scanned."""
    try:
        found = mark_of(listed.plan.source)
    except NoSuchSource as error:
        found = str(error)
    way = msgspec.json.encode([listed.plan.source.place, listed.plan.way], order="deterministic")
    return hashlib.sha256(way + found.encode()).hexdigest()
