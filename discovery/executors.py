"""Where the reading of files runs: in this process, in several of this machine, or in a cluster."""

import os
import signal
import sys
import threading
import time
from _thread import interrupt_main
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Final, ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")
Task = TypeVar("Task")

AHEAD: Final = 4
"""Tasks for each worker that are handed out before the first of them is done."""

WORTH_SECONDS: Final = 1.0
"""Work that goes on for longer is worth the start of processes."""

CLUSTER_SECONDS: Final = 5
"""How long a scheduler is waited for."""

GRACE_SECONDS: Final = 2
"""How long a process that is to end may go on with what cannot be interrupted."""


class NoCluster(Exception):
    """The cluster cannot be reached, or was lost."""


class LostWorker(Exception):
    """A process that reads files was lost, perhaps for want of memory: try fewer --workers."""


class Workers(Executor):
    """Runs tasks on so many `workers` at a time."""

    workers = 1


class ThisProcess(Workers):
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


class WhenWorthIt(Workers):
    """Runs the first tasks at once, and starts processes if the work goes on for long.

    A process takes about a second to start, in which this one reads many small files.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._spent = 0.0
        self._here = ThisProcess()
        self._processes: _Processes | None = None

    def submit(
        self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Result]:
        """Run the function, or have it run, and return what it gives."""
        if self.workers < 2 or self._spent < WORTH_SECONDS:
            started = time.monotonic()
            done = self._here.submit(fn, *args, **kwargs)
            self._spent += time.monotonic() - started
            return done
        if self._processes is None:
            self._processes = _Processes(self.workers)
        return self._processes.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes; with `cancel_futures` they leave their tasks as they are."""
        if self._processes:
            self._processes.shutdown(wait, cancel_futures=cancel_futures)


class _Processes(ProcessPoolExecutor):
    """Processes that end when this one does, however it does, and that Ctrl-C is left to."""

    def __init__(self, workers: int) -> None:
        context = get_context("spawn")
        lifeline, self._lifeline = context.Pipe(duplex=False)
        super().__init__(workers, context, _end_after, (lifeline,))

    def submit(
        self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Result]:
        """Have a process run the function."""
        with _no_interrupts_inherited():
            return super().submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes; with `cancel_futures` they leave their tasks as they are."""
        if cancel_futures:
            self._lifeline.close()
        super().shutdown(wait, cancel_futures=cancel_futures)
        self._lifeline.close()


@contextmanager
def _no_interrupts_inherited() -> Iterator[None]:
    """Start processes that the terminal's Ctrl-C does not reach; here it waits for the end."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_after(lifeline: "Connection[Any, Any]") -> None:
    """Have this process end when the other end of a pipe is closed, or its process is gone."""
    # In the main thread, so that temporary files are removed on the way out.
    signal.signal(signal.SIGINT, lambda number, frame: sys.exit(1))

    def wait() -> None:
        with suppress(EOFError, OSError):
            lifeline.recv()
        interrupt_main()
        time.sleep(GRACE_SECONDS)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


@contextmanager
def executor(workers: int, cluster: str = "") -> Iterator[Workers]:
    """Yield an executor with so many processes, or that of a Dask cluster at an address.

    Raises:
        NoCluster: there is no scheduler at the address, or no Dask here, or it was lost.
        LostWorker: a process of this machine was lost.
    """
    if cluster:
        yield from _cluster(cluster)
        return
    processes = WhenWorthIt(workers or usual_workers())
    try:
        yield processes
    except BrokenExecutor:
        raise LostWorker(LostWorker.__doc__) from None
    finally:
        processes.shutdown(cancel_futures=True)


class _Cluster(Workers):
    """The workers of a Dask cluster."""

    def __init__(self, client: Any) -> None:
        self.workers = max(1, sum(client.ncores().values()))
        self._executor = client.get_executor()

    def submit(
        self, fn: Callable[Given, Result], /, *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Result]:
        """Have a worker run the function."""
        future: Future[Result] = self._executor.submit(fn, *args, **kwargs)
        return future


def _cluster(address: str) -> Iterator[Workers]:
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ImportError:
        raise NoCluster("A cluster needs Dask: pip install 'dask[distributed]'") from None
    try:
        client: Any = Client(address, timeout=CLUSTER_SECONDS)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise NoCluster(f"There is no Dask scheduler at {address}: {error}") from None
    with client:
        try:
            yield _Cluster(client)
        except (KilledWorker, CancelledError) as error:
            raise NoCluster(f"The cluster at {address} was lost: {error}") from None


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
