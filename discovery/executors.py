"""Where the reading of files runs: in this process, in several of this machine, or in a cluster."""

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from typing import Any, Final, ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")
Task = TypeVar("Task")

AHEAD: Final = 4
"""Tasks for each worker that are handed out before the first of them is done."""


WORTH_SECONDS: Final = 1.0
"""Work that goes on for longer is worth the start of processes."""


class NoCluster(Exception):
    """The cluster cannot be reached."""


class ThisProcess(Executor):
    """Runs each task at once."""

    def submit(
        self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Result]:
        """Run the function and return what it gave."""
        future: Future[Result] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class WhenWorthIt(Executor):
    """Runs the first tasks at once, and starts processes if the work goes on for long.

    A process takes about a second to start, in which this one reads many small files.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._until = time.monotonic() + WORTH_SECONDS
        self._here = ThisProcess()
        self._processes: ProcessPoolExecutor | None = None

    def submit(
        self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Result]:
        """Run the function, or have it run, and return what it gives."""
        if self._workers < 2 or time.monotonic() < self._until:
            return self._here.submit(fn, *args, **kwargs)
        if self._processes is None:
            self._processes = ProcessPoolExecutor(self._workers, get_context("spawn"))
        return self._processes.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes."""
        if self._processes:
            self._processes.shutdown(wait, cancel_futures=cancel_futures)


@contextmanager
def executor(workers: int, cluster: str = "") -> Iterator[Executor]:
    """Yield an executor with so many processes, or that of a Dask cluster at an address.

    Raises:
        NoCluster: there is no scheduler at the address, or no Dask here.
    """
    if cluster:
        yield from _cluster(cluster)
        return
    processes = WhenWorthIt(workers or usual_workers())
    try:
        yield processes
    finally:
        processes.shutdown(cancel_futures=True)


def _cluster(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        raise NoCluster("a cluster needs Dask: pip install 'dask[distributed]'") from None
    try:
        client: Any = Client(address, timeout="10s")  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise NoCluster(f"there is no Dask scheduler at {address}: {error}") from None
    with client:
        yield client.get_executor()


def in_order(
    executor: Executor, function: Callable[[Task], Result], tasks: Iterable[Task], ahead: int
) -> Iterator[Result]:
    """Yield the results of a function, in the order of the tasks, few of which run ahead."""
    tasks = iter(tasks)
    running: deque[Future[Any]] = deque()
    try:
        for task in islice(tasks, ahead):
            running.append(executor.submit(function, task))
        while running:
            result: Result = running.popleft().result()
            for task in islice(tasks, 1):
                running.append(executor.submit(function, task))
            yield result
    finally:
        for future in running:
            future.cancel()


def usual_workers() -> int:
    """Return how many processes this machine has cores for."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
