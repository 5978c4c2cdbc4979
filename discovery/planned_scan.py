"""Scans that are planned: which source, how it is read, for whom; and carrying them out."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from discovery.dataset_reading import ScanOptions
from discovery.executors import Workers
from discovery.files import NoSuchSource
from discovery.progress import scan_progress
from discovery.registrar import USUAL_GATE, Gate, ScanContext
from discovery.scan_memory import ScanMemory
from discovery.scan_report import ScanReport
from discovery.scanner import Progress, Scanner
from discovery.sources.source import Source
from registry.application import RegistryApplication


@dataclass(frozen=True, kw_only=True)
class PlannedScan:
    """A source, how it is read, and the client whose connectors are found there."""

    source: Source
    options: ScanOptions
    client: UUID | None = None

    @property
    def way(self) -> dict[str, Any]:
        """All that decides what a scan of the source finds, other than the source itself."""
        told = self.source.model_dump(mode="json", exclude={"text"}, exclude_defaults=True)
        return asdict(self.options) | ({"source": told} if told else {})


class ScanRunner:
    """Carries out planned scans; with `dry_run` nothing is registered."""

    def __init__(
        self,
        application: RegistryApplication,
        url: str,
        executor: Workers,
        *,
        dry_run: bool = False,
        gate: Gate = USUAL_GATE,
    ) -> None:
        self._application = application
        self._url = url
        self._executor = executor
        self._dry_run = dry_run
        self._gate = gate

    def run(
        self,
        planned: PlannedScan,
        context: ScanContext | None = None,
        progress: Progress = scan_progress,
    ) -> ScanReport:
        """Scan a source, remembering what was found there.

        Raises:
            NoSuchSource: there is nothing there, or no way to get there.
            ScanInterrupted: by Ctrl-C. What was registered stays, and the next scan goes on.
        """
        context = context or ScanContext()
        scanner = Scanner(
            self._application,
            options=planned.options,
            memory=ScanMemory(self._url, planned.source.place, planned.way),
            executor=self._executor,
            dry_run=self._dry_run,
            progress=progress,
        )
        return scanner.scan(
            planned.source, replace(context, client=planned.client, gate=self._gate)
        )

    def run_all(self, plans: Sequence[PlannedScan]) -> list[ScanReport]:
        """Scan sources one after the other; one that cannot be reached does not hinder the others.

        A template that is found in two of them is registered as the first one gives it.
        """
        context = ScanContext(of_several=len(plans) > 1)
        return [self._reached(planned, context) for planned in plans]

    def _reached(self, planned: PlannedScan, context: ScanContext) -> ScanReport:
        try:
            return self.run(planned, context)
        except NoSuchSource as error:
            return ScanReport(source=str(planned.source), unreachable=str(error))
