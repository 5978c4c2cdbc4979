"""Building a read model anew beside the live one, and switching to it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from psycopg import Connection, sql

from projections.comparison import Difference, differences
from projections.generation import Generation, advance
from projections.parts import Progress, fold_in_parts
from projections.read_model import SCHEMA, ReadModel
from registry.store import EventLog

KEPT_GENERATIONS = 1
"""How many generations before the live one are kept to go back to."""


class RebuildRefused(RuntimeError):
    """The rebuild cannot be done, and the live generation is as it was."""


def rebuild(
    connection: Connection[Any],
    model: ReadModel,
    *,
    verify: bool = False,
    accept_differences: bool = False,
    keep: int = KEPT_GENERATIONS,
    workers: int = 1,
    on_progress: Progress = lambda position, head: None,
) -> Generation:
    """Build the next generation beside the live one, then switch to it; return it.

    A build that was broken off goes on where it was. Up to `workers` processes share one that is
    long enough to be worth it, if the model is one of the catalogue. With `verify` the two are
    compared at one position; if they differ though their versions are the same, that stops the
    switch, unless the differences are accepted, which is put on record.

    Raises:
        RebuildRefused: another build of the model is under way, or the comparison stopped it.
        BuildPoisoned: an event could not be folded.
        BuildInterrupted: a process of the build was killed.
    """
    with _alone(connection, model):
        generation = _unfinished(connection, model) or Generation.begin(connection, model)
        generation = fold_in_parts(connection, generation, workers, on_progress)
        generation = _catch_up(connection, generation, on_progress)
        generation.add_indexes(connection)
        found: Sequence[Difference] = []
        if verify and (live := Generation.find_live(connection, model)):
            found = differences(connection, live, generation)
            if found and live.version == model.version and not accept_differences:
                discard(connection, generation)
                raise RebuildRefused(_told(model, found))
        return switch(connection, generation, keep=keep, accepted=len(found))


def compare(connection: Connection[Any], model: ReadModel) -> list[Difference]:
    """Replay the whole log into a scratch generation; return where the live one differs from it.

    Raises:
        RebuildRefused: a build of the model is under way, or it was never built.
        BuildPoisoned: an event could not be folded.
    """
    with _alone(connection, model):
        live = Generation.find_live(connection, model)
        if live is None or _unfinished(connection, model):
            raise RebuildRefused(f"{model.name} has no live generation, or an unfinished build")
        scratch = Generation.begin(connection, model)
        try:
            scratch = _catch_up(connection, scratch, lambda position, head: None)
            return differences(connection, live, scratch)
        finally:
            discard(connection, scratch)


def roll_back(connection: Connection[Any], model: ReadModel) -> Generation:
    """Bring the generation before the live one up to date and switch to it; return it.

    Raises:
        RebuildRefused: there is none, or it was built by another version of the code.
    """
    with _alone(connection, model):
        generations = Generation.all(connection, model)
        live = next((each for each in generations if each.live), None)
        older = [each for each in generations if live and each.number < live.number]
        if not older:
            raise RebuildRefused(f"no generation of {model.name} is kept before the live one")
        if older[0].version != model.version:
            raise RebuildRefused(
                f"generation {older[0].number} of {model.name} was built by version"
                f" {older[0].version}, this is version {model.version}: deploy that one first"
            )
        previous = _catch_up(connection, older[0], lambda position, head: None)
        return switch(connection, previous, keep=0)


def switch(
    connection: Connection[Any], generation: Generation, *, keep: int, accepted: int = 0
) -> Generation:
    """Let queries see a generation from now on; drop those before it but the `keep` newest."""
    model = generation.model
    with connection.transaction():
        # Whoever advances the live generation waits here, and then finds that it is not live.
        connection.execute(
            "SELECT FROM projection_generations WHERE name = %s FOR UPDATE", [model.name]
        )
        live = Generation.find_live(connection, model)
        while live and generation.position < live.position:
            generation = advance(connection, generation)
        for source, table in zip(model.all_tables(), generation.all_tables, strict=True):
            view = sql.Identifier(SCHEMA, source.name)
            # Dropped and made again, since the new table may have other columns.
            connection.execute(sql.SQL("DROP VIEW IF EXISTS {}").format(view))
            connection.execute(
                sql.SQL("CREATE VIEW {} AS SELECT * FROM {}").format(
                    view, sql.Identifier(SCHEMA, table.name)
                )
            )
        connection.execute(
            "UPDATE projection_generations SET live = false WHERE name = %s AND live", [model.name]
        )
        connection.execute(
            "UPDATE projection_generations"
            " SET live = true, switched_at = now(), differences_accepted = %s"
            " WHERE name = %s AND generation = %s",
            [accepted, model.name, generation.number],
        )
        others = Generation.all(connection, model)
        kept = [each for each in others if each.number < generation.number][:keep]
        for other in others:
            if other not in kept and other.number != generation.number:
                discard(connection, other)
    return replace(generation, live=True)


def discard(connection: Connection[Any], generation: Generation) -> None:
    """Drop a generation that queries do not see, with its tables."""
    with connection.transaction():
        for table in generation.all_tables:
            name = sql.Identifier(SCHEMA, table.name)
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(name))
        connection.execute(
            "DELETE FROM projection_generations WHERE name = %s AND generation = %s",
            [generation.model.name, generation.number],
        )


def _catch_up(
    connection: Connection[Any], generation: Generation, on_progress: Progress
) -> Generation:
    log = EventLog(connection)
    while (ahead := advance(connection, generation)).position > generation.position:
        generation = ahead
        on_progress(generation.position, log.head())
    return generation


def _unfinished(connection: Connection[Any], model: ReadModel) -> Generation | None:
    """Return the build of the present version that was broken off, if any."""
    generations = Generation.all(connection, model)
    newest = generations[0] if generations else None
    if newest and not newest.live and newest.version == model.version:
        live = next((each for each in generations if each.live), None)
        if live is None or live.number < newest.number:
            return newest
    return None


@contextmanager
def _alone(connection: Connection[Any], model: ReadModel) -> Iterator[None]:
    """Keep other builds of the model away."""
    names = ["rebuild", model.name]
    row = connection.execute(
        "SELECT pg_try_advisory_lock(hashtext(%s), hashtext(%s))", names
    ).fetchone()
    if not row or not row[0]:
        raise RebuildRefused(f"another rebuild of {model.name} is under way")
    try:
        yield
    finally:
        connection.execute("SELECT pg_advisory_unlock(hashtext(%s), hashtext(%s))", names)


def _told(model: ReadModel, found: Sequence[Difference]) -> str:
    shown = "; ".join(map(str, found[:10]))
    return f"{len(found)} entities of {model.name} differ from the live generation: {shown}"
