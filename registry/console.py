"""Running a command line so that an expected failure is a sentence and not a traceback."""

import sys

import typer
from eventsourcing.persistence import PersistenceError

from registry.errors import RegistryError


def run(app: typer.Typer, *expected: type[Exception]) -> None:
    """Run the command line; end with 2 where the registry or its database refuses.

    What else is `expected` to go wrong, such as a driver's errors, is told in the same way.
    """
    failures: tuple[type[Exception], ...] = (RegistryError, PersistenceError, *expected)
    app.pretty_exceptions_enable = False
    try:
        app()
    except failures as error:
        reason = str(error).strip() or type(error).__name__
        typer.echo(f"❌ {reason.splitlines()[0]}", err=True)
        sys.exit(2)
