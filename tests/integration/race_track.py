"""Processes that race each other, round by round, each with an application of its own."""

from collections.abc import Callable, Sequence
from multiprocessing.synchronize import Barrier
from typing import Any, NamedTuple, TypeVar

from registry.application import RegistryApplication
from tests.rounds import rounds

from .forks import processes

RACERS = 8
ROUNDS = rounds(25)
PATIENCE = 120
"""Seconds after which a racer that is waited for has failed."""

Result = TypeVar("Result")


class Racer(NamedTuple):
    """One of `RACERS`, numbered from 0, at the start of a round."""

    application: RegistryApplication
    number: int
    round: int
    line: Barrier

    def line_up(self) -> None:
        """Wait until all racers are where this one is."""
        self.line.wait()


def race(url: str, run: Callable[[Racer], Result]) -> Sequence[Sequence[Result]]:
    """Have all racers run in every round at once; return the rounds, each with all results."""
    line = processes.Barrier(RACERS, timeout=PATIENCE)
    courses: Any = processes.Queue()
    racers = [
        processes.Process(target=_run, args=(url, run, number, line, courses), daemon=True)
        for number in range(RACERS)
    ]
    for racer in racers:
        racer.start()
    results = [courses.get(timeout=PATIENCE) for _ in racers]
    for racer in racers:
        racer.join()
    return list(zip(*results, strict=True))


def _run(
    url: str, run: Callable[[Racer], Result], number: int, line: Barrier, courses: Any
) -> None:
    with RegistryApplication(url) as application:
        course = []
        for round_number in range(ROUNDS):
            line.wait()
            course.append(run(Racer(application, number, round_number, line)))
    courses.put(course)
