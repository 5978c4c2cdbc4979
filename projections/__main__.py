"""The command line of the projections: `python -m projections`."""

import signal
import threading

import psycopg
import typer

from projections.command_line import dead_letters, generations
from projections.command_line.read_models import connected
from projections.ledger import LedgerKeeper
from projections.progress import PROGRESS, shortcomings
from projections.projector import Projector
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
app.add_typer(generations.app)
app.add_typer(dead_letters.app, name="dead-letters")
app.add_typer(recommendation.app, name="recommend")


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
    with connected() as connection:
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


def main() -> None:
    """Run the command line."""
    run_app(app, psycopg.OperationalError)


if __name__ == "__main__":
    main()
