"""The commands on the generations of read models: `python -m projections rebuild` and its like."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from psycopg import Connection

from projections.build_progress import build_progress
from projections.catalogue import READ_MODELS
from projections.command_line.read_models import Name, connected, read_model
from projections.comparison import digest
from projections.generation import BuildPoisoned, Generation
from projections.parts import BuildInterrupted
from projections.read_model import ReadModel
from projections.rebuild import KEPT_GENERATIONS, RebuildRefused, compare, rebuild, roll_back

app = typer.Typer()

Workers = typer.Option(
    os.cpu_count() or 1, min=1, help="Processes at most that share the build of a read model."
)


@app.command("rebuild", epilog="Example: python -m projections rebuild datasets --verify")
def rebuild_command(
    name: str = typer.Argument("", help=f"A read model: {', '.join(READ_MODELS)}."),
    every: bool = typer.Option(False, "--all", help="Rebuild all of them."),
    verify: bool = typer.Option(
        False, "--verify", help="Compare with the live one before switching."
    ),
    accept_differences: bool = typer.Option(
        False, "--accept-differences", help="Switch even if they differ; this is recorded."
    ),
    keep: int = typer.Option(KEPT_GENERATIONS, min=0, help="Generations to keep for a rollback."),
    workers: int = Workers,
) -> None:
    """Build read models anew beside the live ones, and switch when done."""
    models = list(READ_MODELS.values()) if every else [read_model(name)]
    with connected() as connection:
        for model in models:
            _rebuild(
                connection,
                model,
                verify=verify,
                accept_differences=accept_differences,
                keep=keep,
                workers=workers,
            )


@app.command(epilog="Example: python -m projections upgrade")
def upgrade(workers: int = Workers) -> None:
    """Rebuild every read model whose version is not the one of this code."""
    with connected() as connection:
        live = {model: Generation.find_live(connection, model) for model in READ_MODELS.values()}
        outdated = [
            model
            for model, generation in live.items()
            if generation is None or generation.version != model.version
        ]
        for model in outdated:
            _rebuild(connection, model, workers=workers)
    typer.echo(f"✅ {len(outdated)} rebuilt, {len(live) - len(outdated)} up to date")


@app.command(epilog="Example: python -m projections rollback datasets")
def rollback(name: str = Name) -> None:
    """Switch back to the generation before the live one, brought up to date first."""
    with connected() as connection, _refusals():
        generation = roll_back(connection, read_model(name))
    typer.echo(f"✅ {name} is at generation {generation.number} again")


@app.command("compare", epilog="Example: python -m projections compare")
def compare_command() -> None:
    """Replay the whole log and report where the live read models differ from it.

    Exits with 0 when they are equal, else with 1.
    """
    different = False
    with connected() as connection, _refusals():
        for model in READ_MODELS.values():
            found = compare(connection, model)
            different |= bool(found)
            typer.echo(f"{'❌' if found else '✅'} {model.name}: {len(found)} differences")
            for difference in found:
                typer.echo(f"   {difference}")
    if different:
        raise typer.Exit(1)


@app.command("digest", epilog="Example: python -m projections digest")
def digest_command() -> None:
    """Print a digest of each read model's rows, the same for the same history."""
    with connected() as connection:
        for model in READ_MODELS.values():
            if live := Generation.find_live(connection, model):
                typer.echo(f"{model.name:16} {live.position:<10} {digest(connection, live)}")


def _rebuild(connection: Connection[Any], model: ReadModel, **options: Any) -> None:
    with _refusals(), build_progress(model.name) as on_progress:
        generation = rebuild(connection, model, on_progress=on_progress, **options)
    typer.echo(
        f"✅ {model.name} is at generation {generation.number}, position {generation.position}"
    )


@contextmanager
def _refusals() -> Iterator[None]:
    """Tell why something was refused, and end with 1."""
    try:
        yield
    except (RebuildRefused, BuildPoisoned, BuildInterrupted) as error:
        typer.echo(f"❌ {error}", err=True)
        raise typer.Exit(1) from None
