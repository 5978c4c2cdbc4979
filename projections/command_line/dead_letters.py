"""The commands on dead letters: `python -m projections dead-letters`."""

import typer

from projections import dead_letters
from projections.command_line.read_models import Name, connected, read_model
from projections.generation import Generation

app = typer.Typer(
    help="Events that a handler could not fold, and those waiting behind them.",
    no_args_is_help=True,
)


@app.command("list", epilog="Example: python -m projections dead-letters list")
def list_letters(name: str = typer.Argument("", help="Only those of this read model.")) -> None:
    """List dead letters with their errors."""
    with connected() as connection:
        for letter in dead_letters.listed(connection, name or None):
            reason = letter.error or "waits behind an earlier event"
            typer.echo(f"{letter.name} {letter.key} {letter.position} {letter.topic}: {reason}")


@app.command(epilog="Example: python -m projections dead-letters retry datasets")
def retry(name: str = Name, key: str = typer.Argument("", help="Only this entity's.")) -> None:
    """Fold dead letters again, as after a handler was mended."""
    _reconsider(name, key, skip=False)


@app.command(epilog="Example: python -m projections dead-letters skip datasets KEY")
def skip(name: str = Name, key: str = typer.Argument(help="The entity.")) -> None:
    """Leave out an entity's first dead letter, and fold those that waited behind it."""
    _reconsider(name, key, skip=True)


def _reconsider(name: str, key: str, *, skip: bool) -> None:
    model = read_model(name)
    with connected() as connection:
        generation = Generation.find_live(connection, model)
        found = {letter.key for letter in dead_letters.listed(connection, name)}
        keys = sorted(found & {key} if key else found)
        if generation is None or not keys:
            typer.echo("There are no such dead letters")
            return
        left = sum(generation.reconsider(connection, each, skip=skip) for each in keys)
    typer.echo(f"✅ {len(keys)} entities reconsidered" if not left else f"⚠️ {left} events remain")
    if left:
        raise typer.Exit(1)
