"""The command that scans: `python -m discovery scan`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

import typer

from discovery.command_line.reading import Cluster, Workers, refusals
from discovery.executors import executor
from discovery.spans import seconds_of
from registry.privacy import SamplePolicy
from registry.settings import settings


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
    samples: SamplePolicy = typer.Option(
        SamplePolicy.MASKED, help="What samples and statistics may tell of persons."
    ),
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
        refusals(),
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


def _settings(told: Sequence[str]) -> dict[str, str | list[str]]:
    """Return what `--set` tells: by name, and as a list what is told more than once."""
    found: dict[str, list[str]] = {}
    for each in told:
        name, given, value = each.partition("=")
        if not given:
            raise typer.BadParameter(f"--set {each} is not of the form NAME=VALUE")
        found.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


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
