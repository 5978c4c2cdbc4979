"""The command line of discovery: `python -m discovery`."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from registry.console import run
from registry.settings import settings

app = typer.Typer(help="Find datasets and templates, and register them.", no_args_is_help=True)


@app.callback()
def setup() -> None:
    """Find datasets and templates, and register them."""


@app.command(epilog="Example: python -m discovery scan --source mock_data/templates --dry-run")
def scan(
    source: Path = typer.Option(..., help="A folder of templates, or one template file."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Only list the events to be appended."),
    json: bool = typer.Option(False, "--json", help="Print a report for programs."),
) -> None:
    """Read every template at the source and register what is new or changed.

    Exits with 0 when every file was read, 1 when some failed, 2 when there is no such source.
    """
    from discovery.report import as_json, event_lines, summary_lines
    from discovery.scanner import Scanner
    from discovery.template_repository import found_files
    from registry.application import RegistryApplication
    from registry.database import database

    if not source.exists():
        typer.echo(f"❌ There is nothing at {source}", err=True)
        raise typer.Exit(2)
    with (
        database(settings()) as url,
        RegistryApplication(url) as application,
        _progress(sum(1 for _ in found_files(source))) as on_file,
    ):
        report = Scanner(application, dry_run=dry_run, on_file=on_file).scan(source)
    for failure in report.failures:
        typer.echo(f"❌ {failure}", err=True)
    if json:
        typer.echo(as_json(report, dry_run))
    else:
        lines = [*(event_lines(report) if dry_run else []), *summary_lines(report, dry_run)]
        typer.echo("\n".join(lines))
    if report.failures:
        raise typer.Exit(1)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """Show files and bytes done on a terminal; elsewhere show nothing."""
    if not sys.stderr.isatty():
        yield lambda size: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("Scanning", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=total)
        yield lambda size: progress.advance(task)


def main() -> None:
    """Run the command line."""
    run(app)


if __name__ == "__main__":
    main()
