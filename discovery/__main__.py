"""The command line of discovery: `python -m discovery`."""

import psycopg
import typer

from discovery.command_line.check import check
from discovery.command_line.reading import Cluster, Workers, refusals
from discovery.command_line.scan import scan
from discovery.command_line.watch import watch
from discovery.executors import executor
from registry.console import run
from registry.privacy import SamplePolicy

app = typer.Typer(help="Find datasets and templates, and register them.", no_args_is_help=True)


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

    with refusals(), executor(workers, cluster) as reading:
        inspected = inspect(path, reading)
    typer.echo(as_json(inspected, samples) if json else as_text(inspected, samples))
    for failure in inspected.failures:
        typer.echo(f"❌ {failure}", err=True)
    if inspected.failures:
        raise typer.Exit(1)


app.command(epilog="Example: python -m discovery scan --source mock_data/templates --dry-run")(scan)
app.command(epilog="Example: python -m discovery watch --config discovery.toml")(watch)


@app.command(epilog="Example: python -m discovery sources --json")
def sources(
    json: bool = typer.Option(False, "--json", help="Print them for programs."),
) -> None:
    """List the kinds of source that can be scanned, and what each of them needs."""
    from discovery.sources.listing import as_json, as_text

    typer.echo(as_json() if json else as_text())


app.command(epilog="Example: python -m discovery check --all --within /data --promote")(check)


@app.command(epilog="Example: python -m discovery definition-schema > definition.schema.json")
def definition_schema() -> None:
    """Print the JSON Schema of custom definitions (*.template.yaml), for editors to complete them.

    A file names it in its first line: `# yaml-language-server: $schema=definition.schema.json`.
    """
    import msgspec

    from registry.interchange.definition_file import published_schema

    typer.echo(msgspec.json.format(msgspec.json.encode(published_schema()), indent=2).decode())


def main() -> None:
    """Run the command line."""
    run(app, psycopg.Error)


if __name__ == "__main__":
    main()
