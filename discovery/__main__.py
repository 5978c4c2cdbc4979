"""The command line of discovery: `python -m discovery`."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
import typer
from pydantic import ValidationError

from discovery.checks.command import check
from discovery.executors import LostWorker, NoCluster, executor
from discovery.files import NoSuchSource
from discovery.spans import seconds_of
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
    source: list[str] = typer.Option(
        ..., help="What is scanned, of any kind that `sources` lists; give it again for another."
    ),
    industry: str = typer.Option("", help="The industry of all that is found."),
    use_case: str = typer.Option("", help="The use case of all that is found."),
    dataset_type: str = typer.Option("", help="The dataset type, where there is one dataset."),
    client: UUID | None = typer.Option(None, help="The client whose connectors are found."),
    told: list[str] = typer.Option(
        [], "--set", help="NAME=VALUE, which the kind of source takes; again for a list or more."
    ),
    samples: SamplePolicy = Samples,
    accept_breaking: str = typer.Option(
        "", help="Why schemas that break their compatibility mode are to be taken; on record."
    ),
    dry_run: bool = typer.Option(False, "--dry-run", help="Only list the events to be appended."),
    json: bool = typer.Option(False, "--json", help="Print a report for programs."),
    workers: int = Workers,
    cluster: str = Cluster,
    every: str = typer.Option("", help="Scan again and again: every 30s, 10m, 1h …"),
    watch: bool = typer.Option(False, "--watch", help="Scan whenever files change."),
) -> None:
    """Register every template and dataset at the sources that is new or changed.

    Files that did not change since the last scan are not read again. A schema that breaks the
    compatibility mode of its template is rejected, and the version before stays. Exits with 0 when
    everything was read and taken, 1 when some was not, 2 when there is no such source.
    """
    from discovery.dataset_reading import ScanOptions
    from discovery.planned_scan import PlannedScan, ScanRunner
    from discovery.registrar import Gate
    from discovery.report import (
        as_json,
        event_lines,
        failure_lines,
        summary_lines,
        warning_lines,
    )
    from discovery.rounds import rounds
    from discovery.sources.sources import source_of
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
        sources = [source_of(text, _settings(told)) for text in source]
        if watch and (unwatched := [each for each in sources if not each.IS_WATCHED]):
            raise typer.BadParameter(f"{unwatched[0]} cannot be watched: give --every instead")
        plans = [PlannedScan(source=each, options=options, client=client) for each in sources]
        gate = Gate(
            compatibility_mode=settings().compatibility_mode,
            accept_breaking=accept_breaking.strip() or None,
        )
        runner = ScanRunner(application, url, reading, dry_run=dry_run, gate=gate)
        for reports in rounds(lambda: runner.run_all(plans), sources, seconds, watch=watch):
            for line in failure_lines(reports):
                typer.echo(f"❌ {line}", err=True)
            for line in warning_lines(reports):
                typer.echo(f"⚠️ {line}", err=True)
            if all(report.unreachable for report in reports):
                raise typer.Exit(2)
            if json:
                typer.echo(as_json(reports, dry_run))
            else:
                events = event_lines(reports) if dry_run else []
                typer.echo("\n".join([*events, *summary_lines(reports, dry_run)]))
    if any(report.unreachable for report in reports):
        raise typer.Exit(2)
    if any(report.failures for report in reports):
        raise typer.Exit(1)


@app.command(epilog="Example: python -m discovery watch --config discovery.toml")
def watch(
    config: Path = typer.Option(Path("discovery.toml"), help="The file that lists the sources."),
    workers: int = Workers,
    cluster: str = Cluster,
) -> None:
    """Scan the sources that a file lists, each when it is due or a scan of it is requested.

    Its table [checks] has the quality of all datasets checked from time to time as well.

    Several watches may run at once; one of them takes each scan, and another takes it over should
    that one be lost. Ctrl-C and SIGTERM end a watch, and leave its scan to the next. Exits with 0
    then, with 2 when the file is wrong.
    """
    from discovery.checks.scheduled_checks import scheduled_checks
    from discovery.configuration import WrongConfiguration, read_configuration
    from discovery.report import failure_lines, summary_lines
    from discovery.scan_report import ScanReport
    from discovery.watch import Watch
    from registry.application import RegistryApplication
    from registry.database import database

    def told(name: str, done: ScanReport | str) -> None:
        if isinstance(done, str):
            typer.echo(f"❌ {name}: {done}", err=True)
            return
        for line in failure_lines([done]):
            typer.echo(f"❌ {name}: {line}", err=True)
        for line in summary_lines([done], dry_run=False)[:2]:
            typer.echo(f"{line[:1]} {name}: {line[2:]}")

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        configuration = read_configuration(config)
        sources = configuration.sources
        with (
            database(settings()) as url,
            RegistryApplication(url) as application,
            Watch(
                application,
                url,
                sources,
                told,
                workers=workers,
                cluster=cluster,
                checks=scheduled_checks(application, url, configuration.checks),
            ) as watching,
        ):
            typer.echo(f"Watching {len(sources)} sources")
            watching.run()
    except WrongConfiguration as error:
        for line in error.lines:
            typer.echo(f"❌ {line}", err=True)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        typer.echo("Ended; what was not done is left to the next watch")


@app.command(epilog="Example: python -m discovery sources --json")
def sources(
    json: bool = typer.Option(False, "--json", help="Print them for programs."),
) -> None:
    """List the kinds of source that can be scanned, and what each of them needs."""
    from discovery.sources.listing import as_json, as_text

    typer.echo(as_json() if json else as_text())


app.command(epilog="Example: python -m discovery check --all --within /data --promote")(check)


def _settings(told: Sequence[str]) -> dict[str, str | list[str]]:
    """Return what `--set` tells: by name, and as a list what is told more than once."""
    found: dict[str, list[str]] = {}
    for each in told:
        name, given, value = each.partition("=")
        if not given:
            raise typer.BadParameter(f"--set {each} is not of the form NAME=VALUE")
        found.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


@app.command(epilog="Example: python -m discovery definition-schema > definition.schema.json")
def definition_schema() -> None:
    """Print the JSON Schema of custom definitions (*.template.yaml), for editors to complete them.

    A file names it in its first line: `# yaml-language-server: $schema=definition.schema.json`.
    """
    import msgspec

    from registry.interchange.definition_file import published_schema

    typer.echo(msgspec.json.format(msgspec.json.encode(published_schema()), indent=2).decode())


def _seconds(text: str) -> float:
    """Return the seconds of a span such as 30s, 10m or 1h; 0 for none."""
    try:
        return seconds_of(text) if text else 0
    except ValueError as error:
        raise typer.BadParameter(f"--every {error}") from None


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
    except ValidationError as error:
        for each in error.errors(include_url=False, include_input=False):
            name = ".".join(map(str, each["loc"]))
            place = f"--set {name}: " if name else ""
            typer.echo(f"❌ {place}{each['msg'].removeprefix('Value error, ')}", err=True)
        raise typer.Exit(2) from None


def main() -> None:
    """Run the command line."""
    run(app, psycopg.Error)


if __name__ == "__main__":
    main()
