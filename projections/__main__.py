"""The command line of the projections: `python -m projections`."""

import signal
import threading

import typer

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


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
