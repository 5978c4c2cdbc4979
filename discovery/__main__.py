"""The command line of discovery: `python -m discovery`."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import psycopg
import typer

from discovery.executors import LostWorker, NoCluster, executor
from discovery.files.source import NoSuchSource, absolute
from discovery.progress import scan_progress
from registry.console import run
from registry.privacy import SamplePolicy
from registry.settings import settings

app = typer.Typer(help="Find datasets and templates, and register them.", no_args_is_help=True)

Samples = typer.Option(SamplePolicy.MASKED, help="What samples and statistics may tell of persons.")
Workers = typer.Option(0, min=0, help="Processes that read files; as many as cores by default.")
Cluster = typer.Option("", help="A Dask scheduler whose workers read, such as tcp://host:8786.")


@app.callback()
def setup() -> None:
    """Find datasets and templates, and register them."""


@app.command(epilog="Example: python -m discovery infer orders.csv")
def infer(
    path: str = typer.Argument(help="A file, a folder, a pattern, or an fsspec URL."),
    json: bool = typer.Option(False, "--json", help="Print everything, for programs."),
    samples: SamplePolicy = typer.Option(
        SamplePolicy.RAW, help="Show values as they are, as a scan would store them, or no sample."
    ),
    workers: int = Workers,
    cluster: str = Cluster,
) -> None:
    """Print the schema, dialect, profile and keys of data, and what is doubtful; register nothing.

    Nothing is stored, so values are shown as they are; --samples masked shows what a scan stores.

    Exits with 0 when all of it was read, 1 when a file was not, 2 when there is nothing there.
    """
    from discovery.inspection import inspect
    from discovery.inspection_report import as_json, as_text

    with _refusals(), executor(workers, cluster) as reading:
        inspected = inspect(path, reading)
    typer.echo(as_json(inspected, samples) if json else as_text(inspected, samples))
    for failure in inspected.failures:
        typer.echo(f"❌ {failure}", err=True)
    if inspected.failures:
        raise typer.Exit(1)


@app.command(epilog="Example: python -m discovery scan --source mock_data/templates --dry-run")
def scan(
    source: str = typer.Option(..., help="A file, a folder, a pattern, or an fsspec URL."),
    industry: str = typer.Option("", help="The industry of all that is found."),
    use_case: str = typer.Option("", help="The use case of all that is found."),
    dataset_type: str = typer.Option("", help="The dataset type, where there is one dataset."),
    samples: SamplePolicy = Samples,
    dry_run: bool = typer.Option(False, "--dry-run", help="Only list the events to be appended."),
    json: bool = typer.Option(False, "--json", help="Print a report for programs."),
    workers: int = Workers,
    cluster: str = Cluster,
    every: str = typer.Option("", help="Scan again and again: every 30s, 10m, 1h …"),
    watch: bool = typer.Option(False, "--watch", help="Scan whenever files change."),
) -> None:
    """Register every template and dataset at the source that is new or changed.

    Files that did not change since the last scan are not read again. Exits with 0 when every file
    was read, 1 when some failed, 2 when there is no such source.
    """
    from discovery.dataset_reading import ScanOptions
    from discovery.report import as_json, event_lines, summary_lines
    from discovery.scan_memory import ScanMemory
    from discovery.scanner import Scanner
    from registry.application import RegistryApplication
    from registry.database import database

    seconds = _seconds(every)
    if seconds and watch:
        raise typer.BadParameter("--every and --watch exclude each other: give one of them")
    given = {"industry": industry, "use_case": use_case, "dataset_type": dataset_type}
    options = ScanOptions({name: value for name, value in given.items() if value}, samples)
    with (
        _refusals(),
        _interruptions(dry_run),
        database(settings()) as url,
        RegistryApplication(url) as application,
        executor(workers, cluster) as reading,
    ):
        scanner = Scanner(
            application,
            options=options,
            memory=ScanMemory(url, absolute(source), asdict(options)),
            executor=reading,
            dry_run=dry_run,
            progress=scan_progress,
        )
        for report in scanner.scans(source, seconds, watch=watch):
            for failure in report.failures:
                typer.echo(f"❌ {failure}", err=True)
            if json:
                typer.echo(as_json(report, dry_run))
            else:
                lines = [*(event_lines(report) if dry_run else []), *summary_lines(report, dry_run)]
                typer.echo("\n".join(lines))
    if report.failures:
        raise typer.Exit(1)


def _seconds(text: str) -> float:
    """Return the seconds of a span such as 30s, 10m or 1h; 0 for none."""
    if not text:
        return 0
    span = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]+)?)([smhd])", text)
    if not span or not float(span[1]):
        raise typer.BadParameter(f"--every {text} is no span of time such as 30s, 10m or 1h")
    return float(span[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[span[2]]


@contextmanager
def _interruptions(dry_run: bool) -> Iterator[None]:
    """Tell what a scan that is broken off had got done, and end with 130, as shells expect it."""
    from discovery.scan_report import ScanInterrupted

    try:
        yield
    except ScanInterrupted as interrupted:
        done = len(interrupted.report.templates)
        told = "nothing was to be registered" if dry_run else "they stay registered"
        typer.echo(
            f"⚠️ Interrupted after {done} templates; {told}, and the next scan goes on", err=True
        )
        raise typer.Exit(130) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


@contextmanager
def _refusals() -> Iterator[None]:
    """Tell why there is nothing to read, or no way to, and end with 2."""
    try:
        yield
    except (NoSuchSource, NoCluster, LostWorker) as error:
        typer.echo(f"❌ {error}", err=True)
        raise typer.Exit(2) from None


def main() -> None:
    """Run the command line."""
    run(app, psycopg.Error)


if __name__ == "__main__":
    main()
