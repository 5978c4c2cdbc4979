"""The command that scans whatever is due: `python -m discovery watch`."""

import signal
from pathlib import Path

import typer

from discovery.command_line.reading import Cluster, Workers
from registry.settings import settings


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
