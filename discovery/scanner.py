"""Scanning a source: every dataset that can be read is registered, every problem reported."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Final
from uuid import UUID

from discovery.bundles import bundles
from discovery.dataset_reading import DatasetReading, ScanOptions
from discovery.executors import AHEAD, ThisProcess, Workers, in_order
from discovery.registrar import Registrar, ScanContext
from discovery.relations import Found, Relations
from discovery.scan_memory import Remembered, ScanMemory
from discovery.scan_report import ScanInterrupted, ScanReport
from discovery.sources.source import Find, ReadingTask, Source, read_finds
from discovery.sources.sources import source_of
from registry.application import RegistryApplication
from registry.dataset_template import DatasetTemplate

BATCH: Final = 200
BATCH_BYTES: Final = 64 * 2**20
"""Datasets are registered up to so many in one transaction, and once so many bytes are read."""

BUNDLE: Final = 50
BUNDLE_BYTES: Final = 8 * 2**20
"""Small datasets are read many at a time, up to so many of them or so many bytes."""

_AS_USUAL: Final = ScanOptions()

Progress = Callable[[int, int], AbstractContextManager[Callable[[int], None]]]


def _no_progress(datasets: int, size: int) -> AbstractContextManager[Callable[[int], None]]:
    return nullcontext(lambda done: None)


class Scanner:
    """Scans sources; with `dry_run` nothing is registered.

    Args:
        application: what registers.
        options: how files are read.
        memory: what earlier scans found; without one every file is read.
        executor: where files are read.
        progress: yields what is called after each dataset with its size in bytes, given the number
            of datasets and their size altogether.
    """

    def __init__(
        self,
        application: RegistryApplication,
        *,
        options: ScanOptions = _AS_USUAL,
        memory: ScanMemory | None = None,
        executor: Workers | None = None,
        dry_run: bool = False,
        progress: Progress = _no_progress,
    ) -> None:
        self._application = application
        self._options = options
        self._memory = memory
        self._executor = executor or ThisProcess()
        self._dry_run = dry_run
        self._progress = progress

    def scan(self, source: Source | str, context: ScanContext | None = None) -> ScanReport:
        """Read every dataset at the source and register its template.

        Raises:
            NoSuchSource: there is nothing at the source.
            ScanInterrupted: by Ctrl-C. What was registered stays, and the next scan goes on.
        """
        if isinstance(source, str):
            source = source_of(source)
        report = ScanReport(source=str(source))
        try:
            self._scan(source, report, context or ScanContext())
        except KeyboardInterrupt:
            raise ScanInterrupted(report) from None
        report.templates.sort(key=lambda template: template.path)
        with self._application.recorder.connection() as connection:
            report.position = self._application.recorder.head(connection)
        return report

    def _scan(self, source: Source, report: ScanReport, context: ScanContext) -> None:
        registrar = Registrar(self._application, self._dry_run, report, context, source.place)
        relations = Relations(self._memory.recall_tables if self._memory else lambda _: {})
        finds = list(source.finds())
        known = self._memory.recall() if self._memory else {}

        def register(readings: Iterable[Found]) -> None:
            for batch in bundles(readings, lambda found: found[1].size, BATCH, BATCH_BYTES):
                found = registrar.register(batch, known)
                failed = [find.path for find, reading in batch if reading.failures]
                # What cannot be read at the moment still has the keys that it had.
                before = [(path, known[path]) for path in failed if path in known]
                evidence = relations.settle([*found, *before])
                self._remember(found, evidence)

        with self._progress(len(finds), sum(find.size for find in finds)) as on_dataset:
            fresh: list[ReadingTask] = []
            for find in finds:
                remembered = known.get(find.path)
                if remembered and remembered.mark == find.mark:
                    registrar.pass_over(find, remembered)
                    relations.settle([(find.path, remembered)])
                    on_dataset(find.size)
                else:
                    fresh.append(ReadingTask(find, remembered.digest if remembered else ""))
            readings = self._readings(fresh, on_dataset)
            try:
                register(relations.without_tables(readings, registrar.reserve))
            except KeyboardInterrupt:
                register(relations.released())
                raise
        digest = relations.digest()
        before = self._memory.recall_related() if self._memory and digest else digest
        if relations.are_waiting or digest != before:
            relations.find()
            register(relations.released())
            self._revise(registrar, relations)
            if self._memory and not self._dry_run:
                self._memory.remember_related(digest)

    def _revise(self, registrar: Registrar, relations: Relations) -> None:
        """Revise the templates of tables that now have other keys, though they did not change."""
        outdated = relations.outdated
        for start in range(0, len(outdated), BATCH):
            blank = map(DatasetTemplate, outdated[start : start + BATCH])
            found = self._application.load(blank).values()
            templates = [each.template for each in found if isinstance(each, DatasetTemplate)]
            revised = registrar.revise(list(relations.revisions(filter(None, templates))))
            self._remember(relations.renewed(revised), {})

    def _remember(
        self, found: Sequence[tuple[str, Remembered]], evidence: Mapping[UUID, str]
    ) -> None:
        if self._memory and not self._dry_run:
            self._memory.remember_tables(evidence)
            self._memory.remember(found)

    def _readings(
        self, tasks: Sequence[ReadingTask], on_dataset: Callable[[int], None]
    ) -> Iterator[tuple[Find, DatasetReading]]:
        read = partial(read_finds, options=self._options)
        work = list(bundles(tasks, lambda task: task.find.size, BUNDLE, BUNDLE_BYTES))
        results = in_order(self._executor, read, work, AHEAD * self._executor.workers)
        for bundle, readings in zip(work, results, strict=True):
            for task, reading in zip(bundle, readings, strict=True):
                on_dataset(reading.size)
                yield task.find, reading
