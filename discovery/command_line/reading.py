"""What the commands that read data have in common: on which processes, and what hinders them."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from pydantic import ValidationError

from discovery.executors import LostWorker, NoCluster
from discovery.files import NoSuchSource

Workers = typer.Option(0, min=0, help="Processes that read files; as many as cores by default.")
Cluster = typer.Option("", help="A Dask scheduler whose workers read, such as tcp://host:8786.")


@contextmanager
def refusals() -> Iterator[None]:
    """Tell why there is nothing to read, or no way to, and end with 2."""
    try:
        yield
    except (NoSuchSource, NoCluster, LostWorker) as error:
        typer.echo(f"❌ {error}", err=True)
        raise typer.Exit(2) from None
    except ValidationError as error:
        for each in error.errors(include_url=False, include_input=False):
            name = ".".join(map(str, each["loc"]))
            place = f"--set {name}: " if name else ""
            typer.echo(f"❌ {place}{each['msg'].removeprefix('Value error, ')}", err=True)
        raise typer.Exit(2) from None
