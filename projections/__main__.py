"""The command line of the projections: `python -m projections`."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import typer
from psycopg import Connection

from projections import dead_letters
from projections.build_progress import build_progress
from projections.catalogue import READ_MODELS
from projections.comparison import digest
from projections.connection import connect
from projections.generation import BuildPoisoned, Generation
from projections.ledger import LedgerKeeper
from projections.parts import BuildInterrupted
from projections.progress import PROGRESS, shortcomings
from projections.projector import Projector
from projections.read_model import ReadModel
from projections.rebuild import KEPT_GENERATIONS, RebuildRefused, compare, rebuild, roll_back
from projections.recommendation import command_line as recommendation
from registry.console import run as run_app
from registry.database import database
from registry.logs import configure_logs
from registry.settings import settings

app = typer.Typer(
    help="Read models: keep them in step with the events, and build them anew.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
letters = typer.Typer(
    help="Events that a handler could not fold, and those waiting behind them.",
    no_args_is_help=True,
)
app.add_typer(letters, name="dead-letters")
app.add_typer(recommendation.app, name="recommend")

Name = typer.Argument(help=f"A read model: {', '.join(READ_MODELS)}.", show_default=False)
Workers = typer.Option(
    os.cpu_count() or 1, min=1, help="Processes at most that share the build of a read model."
)


@app.callback()
def setup() -> None:
    """Read models: keep them in step with the events, and build them anew."""
    configure_logs(settings())


@app.command(epilog="Example: python -m projections run --once")
def run(once: bool = typer.Option(False, "--once", help="Stop when caught up.")) -> None:
    """Project events into the read models until stopped."""
    with database(settings()) as url:
        if once:
            Projector(url).catch_up()
            return
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        Projector(url, keeper=LedgerKeeper.of(settings())).run(stop)


@app.command(epilog="Example: python -m projections ledger")
def ledger() -> None:
    """Chain the hashes of all events that are not in the ledger yet, and sign the chain."""
    with _connection() as connection:
        position = LedgerKeeper.of(settings()).catch_up(connection)
    typer.echo(f"✅ The ledger is at position {position}")


@app.command(epilog="Example: python -m projections status")
def status() -> None:
    """Show how far each read model has come.

    Exits with 0 when all of them are built and keep up with the events, else with 1.
    """
    try:
        with database(settings()) as url, psycopg.connect(url) as connection:
            row = connection.execute(PROGRESS.sql).fetchone()
    except psycopg.Error as error:
        typer.echo(f"❌ The database cannot be asked: {error}", err=True)
        raise typer.Exit(1) from None
    states = (row and row[2]) or []
    for state in states:
        typer.echo(
            f"{state['name']:16} generation {state['generation']:<3}"
            f" position {state['position']:<10}"
            f" {state['lag_events']} events and {state['lag_seconds']:.1f} s behind"
        )
    problems = shortcomings({state["name"]: state["lag_seconds"] for state in states})
    for problem in problems:
        typer.echo(f"❌ {problem}", err=True)
    if problems:
        raise typer.Exit(1)


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
    models = list(READ_MODELS.values()) if every else [_model(name)]
    with _connection() as connection:
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
    with _connection() as connection:
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
    with _connection() as connection, _refusals():
        generation = roll_back(connection, _model(name))
    typer.echo(f"✅ {name} is at generation {generation.number} again")


@app.command("compare", epilog="Example: python -m projections compare")
def compare_command() -> None:
    """Replay the whole log and report where the live read models differ from it.

    Exits with 0 when they are equal, else with 1.
    """
    different = False
    with _connection() as connection, _refusals():
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
    with _connection() as connection:
        for model in READ_MODELS.values():
            if live := Generation.find_live(connection, model):
                typer.echo(f"{model.name:16} {live.position:<10} {digest(connection, live)}")


@letters.command("list", epilog="Example: python -m projections dead-letters list")
def list_letters(name: str = typer.Argument("", help="Only those of this read model.")) -> None:
    """List dead letters with their errors."""
    with _connection() as connection:
        for letter in dead_letters.listed(connection, name or None):
            reason = letter.error or "waits behind an earlier event"
            typer.echo(f"{letter.name} {letter.key} {letter.position} {letter.topic}: {reason}")


@letters.command(epilog="Example: python -m projections dead-letters retry datasets")
def retry(name: str = Name, key: str = typer.Argument("", help="Only this entity's.")) -> None:
    """Fold dead letters again, as after a handler was mended."""
    _reconsider(name, key, skip=False)


@letters.command(epilog="Example: python -m projections dead-letters skip datasets KEY")
def skip(name: str = Name, key: str = typer.Argument(help="The entity.")) -> None:
    """Leave out an entity's first dead letter, and fold those that waited behind it."""
    _reconsider(name, key, skip=True)


def _reconsider(name: str, key: str, *, skip: bool) -> None:
    model = _model(name)
    with _connection() as connection:
        generation = Generation.find_live(connection, model)
        found = {letter.key for letter in dead_letters.listed(connection, name)}
        keys = sorted(found & {key} if key else found)
        if generation is None or not keys:
            typer.echo("There are no such dead letters")
            return
        left = sum(generation.reconsider(connection, each, skip=skip) for each in keys)
    typer.echo(f"✅ {len(keys)} entities reconsidered" if not left else f"⚠️ {left} events remain")
    if left:
        raise typer.Exit(1)


def _rebuild(connection: Connection[Any], model: ReadModel, **options: Any) -> None:
    with _refusals(), build_progress(model.name) as on_progress:
        generation = rebuild(connection, model, on_progress=on_progress, **options)
    typer.echo(
        f"✅ {model.name} is at generation {generation.number}, position {generation.position}"
    )


@contextmanager
def _connection() -> Iterator[Connection[Any]]:
    with database(settings()) as url, connect(url) as connection:
        yield connection


@contextmanager
def _refusals() -> Iterator[None]:
    """Tell why something was refused, and end with 1."""
    try:
        yield
    except (RebuildRefused, BuildPoisoned, BuildInterrupted) as error:
        typer.echo(f"❌ {error}", err=True)
        raise typer.Exit(1) from None


def _model(name: str) -> ReadModel:
    if name not in READ_MODELS:
        typer.echo(f"❌ There is no read model {name!r}: {', '.join(READ_MODELS)}", err=True)
        raise typer.Exit(2)
    return READ_MODELS[name]


def main() -> None:
    """Run the command line."""
    run_app(app, psycopg.OperationalError)


if __name__ == "__main__":
    main()
