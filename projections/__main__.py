"""The command line of the projections: `python -m projections`."""

import signal
import threading

import psycopg
import typer

from projections.progress import PROGRESS, shortcomings
from projections.projector import Projector
from registry.database import database
from registry.logs import configure_logs
from registry.settings import settings

app = typer.Typer(help="Read models: keep them in step with the events.", no_args_is_help=True)


@app.callback()
def setup() -> None:
    """Read models: keep them in step with the events."""
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
        Projector(url).run(stop)


@app.command(epilog="Example: python -m projections status")
def status() -> None:
    """Show how far each read model has come.

    Exits with 0 when all of them are built and keep up with the events, else with 1.
    """
    try:
        with database(settings()) as url, psycopg.connect(url) as connection:
            row = connection.execute(PROGRESS.sql).fetchone()
    except psycopg.Error as error:
        typer.echo(f"❌ {error}", err=True)
        raise typer.Exit(1) from None
    head, _, progress = row or (0, None, None)
    for state in progress or []:
        typer.echo(
            f"{state['name']}: at position {state['position']} of {head},"
            f" behind by {state['lag_events']} events and {state['lag_seconds']:.1f} s"
        )
    problems = shortcomings({state["name"]: state["lag_seconds"] for state in progress or []})
    for problem in problems:
        typer.echo(f"❌ {problem}", err=True)
    if problems:
        raise typer.Exit(1)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
