"""The command line of the registry: `python -m registry`."""

import typer

from registry.audit.__main__ import app as audit
from registry.console import run
from registry.database import database, latest_revision, migrate
from registry.settings import settings

app = typer.Typer(
    help="The event store: bring its tables up to date, start over, or audit it.",
    no_args_is_help=True,
)
app.add_typer(audit, name="audit")


@app.command("migrate", epilog="Example: python -m registry migrate")
def migrate_command(revision: str = typer.Option("head", help="A revision, head or base.")) -> None:
    """Bring the database's tables to a revision, the newest unless told otherwise."""
    with database(settings()) as url:
        migrate(url, revision)
    reached = latest_revision() if revision == "head" else revision
    typer.echo(f"✅ Database is at revision {reached}")


@app.command(epilog="Example: python -m registry reset --yes")
def reset(
    yes: bool = typer.Option(
        False, "--yes", prompt="Delete every event and read model?", help="Do not ask."
    ),
) -> None:
    """Delete every event and every read model, and begin with an empty registry."""
    if not yes:
        raise typer.Exit(1)
    with database(settings()) as url:
        migrate(url, "base")
        migrate(url)
    typer.echo("✅ The registry is empty")


def main() -> None:
    """Run the command line."""
    run(app)


if __name__ == "__main__":
    main()
