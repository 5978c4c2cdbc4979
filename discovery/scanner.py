"""Scanning a source: every dataset that can be read is registered, every problem reported."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from itertools import islice
from typing import Final, TypeVar

from discovery.datasets import DatasetReading, DatasetTask, ScanOptions, read_datasets
from discovery.executors import ThisProcess, in_order
from discovery.files import data_files
from discovery.grouping import FileGroup, file_groups
from discovery.registrar import Registrar
from discovery.scan_memory import ScanMemory
from discovery.scan_report import ScanReport
from registry.application import RegistryApplication

BATCH: Final = 200
"""Datasets that are registered in one transaction."""

BUNDLE_DATASETS: Final = 50
BUNDLE_BYTES: Final = 8 * 2**20
"""Small datasets are read many at a time, up to so many of them or so many bytes."""

_AS_USUAL: Final = ScanOptions()

Item = TypeVar("Item")
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
        ahead: tasks that are handed to it before the first of them is done.
        progress: yields what is called after each dataset with its size in bytes, given the number
            of datasets and their size altogether.
    """

    def __init__(
        self,
        application: RegistryApplication,
        *,
        options: ScanOptions = _AS_USUAL,
        memory: ScanMemory | None = None,
        executor: Executor | None = None,
        ahead: int = 1,
        dry_run: bool = False,
        progress: Progress = _no_progress,
    ) -> None:
        self._application = application
        self._options = options
        self._memory = memory
        self._executor = executor or ThisProcess()
        self._ahead = ahead
        self._dry_run = dry_run
        self._progress = progress

    def scan(self, source: str) -> ScanReport:
        """Read every dataset at the source and register its template.

        What was registered when a scan is broken off stays, and the next one goes on from there.

        Raises:
            NoSuchSource: there is nothing at the source.
        """
        report = ScanReport(source=source)
        registrar = Registrar(self._application, self._dry_run, report)
        known = self._memory.recall() if self._memory else {}
        groups = list(file_groups(data_files(source)))
        with self._progress(len(groups), sum(group.size for group in groups)) as on_dataset:
            fresh: list[DatasetTask] = []
            for group in groups:
                remembered = known.get(str(group))
                if remembered and remembered.mark == group.mark:
                    registrar.pass_over(group, remembered)
                    on_dataset(group.size)
                else:
                    fresh.append(DatasetTask(group, remembered.digest if remembered else ""))
            for batch in batched(self._readings(fresh, on_dataset), BATCH):
                found = registrar.register(batch, known)
                if self._memory and not self._dry_run:
                    self._memory.remember(found)
        report.templates.sort(key=lambda template: template.path)
        return report

    def scans(self, source: str, every: float, *, watch: bool) -> Iterator[ScanReport]:
        """Yield the report of a scan, and if wanted of one after the other until interrupted.

        Args:
            source: what is scanned.
            every: seconds from the end of one scan to the next; 0 for one scan only.
            watch: whether to scan whenever files come, go or change, as seen every second.
        """
        yield self.scan(source)
        seen = _marks(source)
        while every or watch:
            time.sleep(1.0 if watch else every)
            if not watch or seen != (seen := _marks(source)):
                yield self.scan(source)

    def _readings(
        self, tasks: Sequence[DatasetTask], on_dataset: Callable[[int], None]
    ) -> Iterator[tuple[FileGroup, DatasetReading]]:
        read = partial(read_datasets, options=self._options)
        work = list(_bundles(tasks))
        results = in_order(self._executor, read, work, self._ahead)
        for bundle, readings in zip(work, results, strict=True):
            for task, reading in zip(bundle, readings, strict=True):
                on_dataset(reading.size)
                yield task.group, reading


def _marks(source: str) -> list[tuple[str, str]]:
    return [(str(file), file.mark) for file in data_files(source)]


def _bundles(tasks: Iterable[DatasetTask]) -> Iterator[list[DatasetTask]]:
    """Yield tasks in bundles that are each worth handing over."""
    bundle: list[DatasetTask] = []
    size = 0
    for task in tasks:
        bundle.append(task)
        size += task.group.size
        if len(bundle) == BUNDLE_DATASETS or size >= BUNDLE_BYTES:
            yield bundle
            bundle, size = [], 0
    if bundle:
        yield bundle


def batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield so many items at a time, and the rest."""
    items = iter(items)
    while batch := list(islice(items, size)):
        yield batch
