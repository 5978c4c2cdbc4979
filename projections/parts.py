"""Building a generation in several processes, each with a part of the streams."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import get_context
from typing import Any

from psycopg import Connection
from psycopg.conninfo import make_conninfo

from projections.catalogue import READ_MODELS
from projections.connection import connect
from projections.generation import Generation, PositionTaken, advance
from registry.store import EventLog, Part

EVENTS_PER_WORKER = 100_000
"""Events that a process is started for: for fewer its start costs more than it saves."""

POLL_SECONDS = 0.2

Progress = Callable[[int, int], None]
"""Is told the position reached and the head of the log."""


class BuildInterrupted(RuntimeError):
    """A process of the build was killed: rebuild again, and it goes on where it was."""

    def __str__(self) -> str:
        return type(self).__doc__ or ""


def fold_in_parts(
    connection: Connection[Any], generation: Generation, workers: int, on_progress: Progress
) -> Generation:
    """Fold the log up to its present head in `workers` processes; return the generation there.

    A build that was broken off goes on in the parts that it was begun in. One that has no parts
    and for which processes are not worth their start is returned as it is.

    Raises:
        BuildPoisoned: an event could not be folded.
        BuildInterrupted: a process was killed.
    """
    log, model = EventLog(connection), generation.model
    head = log.head()
    parts = _parts(connection, generation)
    if not parts:
        if workers > 1:
            events = log.count(generation.position, model.topics)
            workers = min(workers, events // EVENTS_PER_WORKER)
        if workers < 2 or READ_MODELS.get(model.name) is not model:
            return generation
        parts = _begin(connection, generation, workers)
    url = make_conninfo(connection.info.dsn, password=connection.info.password)
    with ProcessPoolExecutor(min(workers, len(parts)), get_context("spawn")) as processes:
        folding = [
            processes.submit(_fold, url, model.name, generation.number, each.part, head)
            for each in parts
        ]
        try:
            _wait(folding, lambda: on_progress(_mean_position(connection, generation), head))
        except BrokenProcessPool:
            raise BuildInterrupted from None
        finally:
            processes.shutdown(cancel_futures=True)
    return _unite(connection, generation, head)


def _fold(url: str, name: str, number: int, part: Part, until: int) -> None:
    """Fold a part of the streams up to a position, unless the process that asked for it dies."""
    parent = os.getppid()
    with connect(url) as connection:
        model = READ_MODELS[name]
        whole = next(each for each in Generation.all(connection, model) if each.number == number)
        mine = _parts(connection, whole)[part.number]
        while mine.position < until and os.getppid() == parent:
            try:
                mine = advance(connection, mine, until)
            except PositionTaken:
                # By a process that has outlived its parent for one more batch.
                mine = _parts(connection, whole)[part.number]


def _wait(folding: Sequence[Future[None]], report: Callable[[], None]) -> None:
    left: set[Future[None]] = set(folding)
    while left:
        done, left = wait(left, POLL_SECONDS, FIRST_EXCEPTION)
        for future in done:
            future.result()
        report()


def _begin(connection: Connection[Any], generation: Generation, parts: int) -> list[Generation]:
    connection.execute(
        "INSERT INTO projection_parts (name, generation, part, parts, position)"
        " SELECT %s, %s, part, %s, %s FROM generate_series(0, %s - 1) AS part",
        [generation.model.name, generation.number, parts, generation.position, parts],
    )
    return _parts(connection, generation)


def _parts(connection: Connection[Any], generation: Generation) -> list[Generation]:
    """Return the parts that a generation is being built in, each as far as it has come."""
    rows = connection.execute(
        "SELECT part, parts, position FROM projection_parts"
        " WHERE name = %s AND generation = %s ORDER BY part",
        [generation.model.name, generation.number],
    )
    return [
        replace(generation, part=Part(part, parts), position=position)
        for part, parts, position in rows
    ]


def _mean_position(connection: Connection[Any], generation: Generation) -> int:
    positions = [part.position for part in _parts(connection, generation)]
    return sum(positions) // len(positions)


def _unite(connection: Connection[Any], generation: Generation, position: int) -> Generation:
    """Have the generation go on as a whole from the position that all parts have reached."""
    with connection.transaction():
        moved = generation.advance(connection, [], position)
        connection.execute(
            "DELETE FROM projection_parts WHERE name = %s AND generation = %s",
            [generation.model.name, generation.number],
        )
    return moved
