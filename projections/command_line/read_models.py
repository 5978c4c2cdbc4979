"""The read model that a command is about, and the connection on which it is looked at."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from psycopg import Connection

from projections.catalogue import READ_MODELS
from projections.connection import connect
from projections.read_model import ReadModel
from registry.database import database
from registry.settings import settings

Name = typer.Argument(help=f"A read model: {', '.join(READ_MODELS)}.", show_default=False)


@contextmanager
def connected() -> Iterator[Connection[Any]]:
    """Connect to the database of the settings; start it where it is the embedded one."""
    with database(settings()) as url, connect(url) as connection:
        yield connection


def read_model(name: str) -> ReadModel:
    """Return the read model of that name, or end with 2 where there is none."""
    if name not in READ_MODELS:
        typer.echo(f"❌ There is no read model {name!r}: {', '.join(READ_MODELS)}", err=True)
        raise typer.Exit(2)
    return READ_MODELS[name]
