"""Files are read in this process, in several, or in a cluster, and it makes no difference."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
from distributed import Client

from discovery import executors
from discovery.executors import (
    LostWorker,
    NoCluster,
    ThisProcess,
    WhenWorthIt,
    executor,
    in_order,
)
from registry.store import RecordedEvent

from .conftest import Run
from .waiting import until

Recorded = Callable[[], list[RecordedEvent]]


class Held(Executor):
    """Carries out what is submitted only once the result is waited for."""

    def __init__(self) -> None:
        self.submitted: list[object] = []
        self.cancelled: list[object] = []

    def submit(self, function, task, /):  # type: ignore[no-untyped-def]
        self.submitted.append(task)
        held = self

        class Late(Future[object]):
            def result(self, timeout: float | None = None) -> object:
                return function(task)

            def cancel(self) -> bool:
                held.cancelled.append(task)
                return super().cancel()

        return Late()


def test_results_come_in_the_order_of_the_tasks_and_few_run_ahead() -> None:
    held = Held()
    results = in_order(held, lambda task: task * 10, iter(range(1_000)), ahead=3)
    assert [next(results), len(held.submitted)] == [0, 4]
    assert [next(results), len(held.submitted)] == [10, 5]
    assert list(results) == [task * 10 for task in range(2, 1_000)]


def test_a_slow_task_holds_back_the_results_of_later_ones(tmp_path: Path) -> None:
    with executor(2) as reading:
        _start_processes(reading)
        tasks = [(tmp_path, 1, 2), (tmp_path, 2, 0), (tmp_path, 3, 0)]
        assert list(in_order(reading, _after_others, tasks, ahead=3)) == [1, 2, 3]


def test_an_error_in_a_task_reaches_the_caller_and_what_is_ahead_is_cancelled() -> None:
    held = Held()
    results = in_order(held, lambda task: 1 // (2 - task), range(10), ahead=3)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ZeroDivisionError):
        next(results)
    assert held.cancelled == [3, 4]


@pytest.mark.parametrize("processes", [False, True])
def test_an_error_in_a_worker_reaches_the_caller(processes: bool) -> None:
    with executor(2) as reading:
        if processes:
            _start_processes(reading)
        with pytest.raises(ValueError, match="invalid literal"):
            list(in_order(reading, int, ["1", "one"], ahead=2))


def test_processes_are_started_only_once_the_work_has_gone_on_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = iter([10.0, 10.4, 80.0, 80.7])  # waiting in between is no work
    monkeypatch.setattr(executors.time, "monotonic", lambda: next(seconds))
    reading = WhenWorthIt(2)
    assert reading.submit(os.getpid).result() == os.getpid()
    assert reading.submit(os.getpid).result() == os.getpid()
    monkeypatch.undo()
    try:
        assert reading.submit(os.getpid).result() != os.getpid()
    finally:
        reading.shutdown()


def test_one_worker_is_this_process_however_long_the_work_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(executors, "WORTH_SECONDS", 0)
    with executor(1) as reading:
        assert reading.submit(os.getpid).result() == os.getpid()


def test_processes_end_with_the_work_even_where_a_task_is_still_running(tmp_path: Path) -> None:
    with executor(2) as reading:
        _start_processes(reading)
        running = reading.submit(_wait_for_ever, tmp_path)
        until(lambda: list(tmp_path.glob("running-*")))
        workers = _spawned_by(os.getpid())
    assert running.done()
    assert workers
    until(lambda: not _alive(workers))
    assert list(tmp_path.iterdir()) == []  # what the task made is gone as well


def test_processes_end_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path\n"
        "from tests.integration.test_executors import _start_processes, _wait_for_ever\n"
        "from discovery.executors import executor\n"
        "if __name__ == '__main__':\n"
        "    with executor(2) as reading:\n"
        "        _start_processes(reading)\n"
        f"        reading.submit(_wait_for_ever, Path({str(tmp_path)!r})).result()\n"
    )
    (script := tmp_path.parent / f"{tmp_path.name}.py").write_text(code)
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, script], env={**os.environ, "PYTHONPATH": str(root)}
    ) as process:
        until(lambda: list(tmp_path.glob("running-*")))
        workers = _spawned_by(process.pid)
        process.kill()
    assert workers
    until(lambda: not _alive(workers))
    assert list(tmp_path.iterdir()) == []


def test_a_worker_that_dies_is_told_as_such() -> None:
    def lose() -> None:
        with executor(2) as reading:
            _start_processes(reading)
            reading.submit(os._exit, 1).result()

    with pytest.raises(LostWorker, match="--workers"):
        lose()


def test_this_process_hands_on_an_interrupt() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ThisProcess().submit(interrupt)


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a Dask scheduler with two workers, each a process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
    port = address.rpartition(":")[2]
    worker = ["worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny"]
    commands = [
        ["scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"],
        *([*worker, "--no-dashboard", "--name", name] for name in ("one", "two")),
    ]
    with ExitStack() as stack:
        for command in commands:
            process = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "dask", *command],
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )
            stack.callback(process.terminate)
        with Client(address, timeout=60) as client:  # type: ignore[no-untyped-call]
            client.wait_for_workers(2, timeout=60)
        yield address


def test_a_cluster_reads_in_the_processes_of_its_workers(cluster: str, tmp_path: Path) -> None:
    with executor(0, cluster) as reading:
        assert reading.workers == 2
        tasks = [(tmp_path, 1, 1), (tmp_path, 2, 1)]  # either goes on only when both have begun
        assert list(in_order(reading, _after_others, tasks, ahead=2)) == [1, 2]
        assert reading.submit(os.getpid).result() != os.getpid()
        with pytest.raises(ValueError, match="invalid literal"):
            list(in_order(reading, int, ["1", "one"], ahead=2))


def test_a_scan_by_a_cluster_registers_what_a_scan_here_does(
    cluster: str, invoke: Run, recorded: Recorded, tmp_path: Path
) -> None:
    source = _source(tmp_path)
    reports = []
    definitions = []
    for options in ([], ["--cluster", cluster]):
        done = invoke("discovery", "scan", "--source", source, "--json", *options)
        assert done.returncode == 1
        assert done.stderr.splitlines()[0] == f"❌ retail/shop/cut.json: {CUT}"
        reports.append(json.loads(done.stdout))
        definitions.append([event.facts["definition"] for event in recorded()])
        invoke("registry", "reset", "--yes")
    assert reports[0] == reports[1]
    assert reports[0]["new"] == 60
    assert _by_identity(definitions[0]) == _by_identity(definitions[1])


def test_a_cluster_infers_what_this_process_does(cluster: str, invoke: Run, tmp_path: Path) -> None:
    lines = tmp_path / "orders.jsonl"
    lines.write_text("".join(f'{{"id": {number}, "of": "A"}}\n' for number in range(1_000)))
    here = invoke("discovery", "infer", lines, "--json")
    there = invoke("discovery", "infer", lines, "--json", "--cluster", cluster)
    assert (there.returncode, there.stderr) == (0, "")
    assert json.loads(there.stdout) == json.loads(here.stdout)
    assert json.loads(there.stdout)["profile"]["records"] == 1_000


# Each in a process of its own: a client that found nobody leaves threads behind.
@pytest.mark.parametrize(
    ("command", "address"), [("scan", "tcp://127.0.0.1:9"), ("infer", "nothing://at/all")]
)
def test_a_cluster_that_cannot_be_reached_is_told_in_a_sentence(
    run: Run, tmp_path: Path, command: str, address: str
) -> None:
    source = ["--source", tmp_path] if command == "scan" else [tmp_path]
    done = run("discovery", command, *source, "--cluster", address)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"❌ There is no Dask scheduler at {address}: ")


def test_without_dask_a_cluster_is_refused_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(NoCluster, match="pip install"), executor(0, "tcp://127.0.0.1:9"):
        pass


CUT = "the array does not end: what it is cut off in is left out"


def _source(folder: Path) -> Path:
    """Make a source with 60 datasets, more than are read at a time, and a broken one."""
    target = folder / "source" / "retail" / "shop"
    target.mkdir(parents=True)
    for number in range(50):
        (target / f"set_{number}.json").write_text(f'[{{"key": {number}, "name": "N{number}"}}]')
    for number in range(10):
        (target / f"table_{number}.csv").write_text(f"key,amount\nA{number},{number}.5\nB,2\n")
    (target / "cut.json").write_text("[")
    return folder / "source"


def _by_identity(definitions: list[dict[str, object]]) -> list[dict[str, object]]:
    return sorted(definitions, key=lambda definition: str(definition["identity"]))


def _start_processes(reading: Executor) -> None:
    """Have an executor start its processes, however little there was to do."""
    assert isinstance(reading, WhenWorthIt)
    reading._spent = executors.WORTH_SECONDS
    reading.submit(os.getpid).result()


def _after_others(task: tuple[Path, int, int]) -> int:
    """Return the number of a task once so many others have begun."""
    folder, number, others = task
    (folder / f"begun-{number}").touch()
    until(lambda: len(list(folder.glob("begun-*"))) > others)
    return number


def _wait_for_ever(folder: Path) -> None:
    """Make a file for as long as the task runs."""
    (running := folder / f"running-{os.getpid()}").touch()
    try:
        until(lambda: False, seconds=300)
    finally:
        running.unlink()


def _spawned_by(process: int) -> list[psutil.Process]:
    """Return the processes that read for another."""
    children = psutil.Process(process).children()
    return [child for child in children if "spawn_main" in " ".join(child.cmdline())]


def _alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [
        process
        for process in processes
        if process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    ]
