"""The command line of audits: `python -m registry audit`."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import typer

from registry.settings import settings

if TYPE_CHECKING:
    from registry.store.still_log import StillLog

app = typer.Typer(
    help="See the past as the events tell it, and prove that nobody altered them.",
    no_args_is_help=True,
)

AS_JSON = typer.Option(False, "--json", help="Print JSON for programs.")


@app.command("replay", epilog="Example: python -m registry audit replay --dataset ID --at 1200")
def replay_command(
    dataset: UUID | None = typer.Option(None, help="The id of a dataset.", show_default=False),
    template: UUID | None = typer.Option(None, help="The id of a template.", show_default=False),
    connector: UUID | None = typer.Option(None, help="The id of a connector.", show_default=False),
    client: UUID | None = typer.Option(
        None, help="The client it belongs to; spares a search of the log.", show_default=False
    ),
    at: str | None = typer.Option(
        None, help="A position, or a time as in 2026-01-31T12:00:00Z.", show_default="now"
    ),
    json: bool = AS_JSON,
) -> None:
    """Print a dataset, template or connector as it was, rebuilt from its events alone."""
    from registry.audit.replay import position_of, replay
    from registry.audit.report import as_json, replay_lines

    named = {"dataset": dataset, "template": template, "connector": connector}
    given = [(kind, thing_id) for kind, thing_id in named.items() if thing_id]
    if len(given) != 1:
        raise typer.BadParameter("give one of --dataset, --template and --connector")
    moment = _moment(at)
    with _log() as log:
        replayed = replay(log, *given[0], position_of(log, moment), client)
    typer.echo(as_json(replayed.facts()) if json else "\n".join(replay_lines(replayed)))


@app.command(epilog="Example: python -m registry audit export --out log.jsonl.gz")
def export(
    out: Path = typer.Option(..., help="The file to write; compressed if it ends in .gz."),
    after: int = typer.Option(0, min=0, help="Only events after this position."),
) -> None:
    """Write the log as JSON Lines, and beside it a manifest to check it by.

    Exits with 0, with 1 if the log was found to be altered (it is exported all the same, but its
    end is not signed), with 2 if it cannot be exported.
    """
    from registry.audit.export import export_log
    from registry.audit.report import verification_lines
    from registry.ledger.signing_key import SigningKey

    with _log() as log, _progress(after, log.progress().goal) as on_position:
        key = SigningKey.found_in(settings().registry_data_dir)
        manifest, verification = export_log(log, out, key, after=after, on_position=on_position)
    if verification.found:
        typer.echo("\n".join(verification_lines(verification)))
        raise typer.Exit(1)
    typer.echo(f"✅ Exported {manifest.events} events up to position {manifest.last_position}")
    if not key:
        typer.echo("⚠️ The end is not signed: there is no key in the data directory", err=True)


@app.command(epilog="Example: python -m registry audit verify log.jsonl.gz --public-key key.pem")
def verify(
    file: Path | None = typer.Argument(
        None, help="An export; without it the event store is checked.", show_default=False
    ),
    public_key: list[Path] = typer.Option(
        [],
        help="A PEM file of a key that may sign, once for each. For the event store this is"
        " the data directory's unless told otherwise.",
    ),
    against: Path | None = typer.Option(
        None, help="The manifest of an earlier export, which must still hold.", show_default=False
    ),
    json: bool = AS_JSON,
) -> None:
    """Find events that were altered, removed, inserted or reordered.

    Exits with 0 if there are none, with 1 if there are, each a line with its position, with 2 if
    that cannot be checked.
    """
    from registry.audit.export import verify_store
    from registry.audit.report import as_json, verification_facts, verification_lines
    from registry.ledger.export_check import verify_export
    from registry.ledger.exported_log import read_manifest
    from registry.ledger.signing_key import SigningKey, read_public_key

    with _failures():
        trusted = {read_public_key(path) for path in public_key}
        known = read_manifest(against).checkpoints if against else []
        if file:
            verification = verify_export(file, trusted or None, known)
        else:
            if not trusted and (own := SigningKey.found_in(settings().registry_data_dir)):
                trusted = {own.public}
            with _log() as log:
                verification = verify_store(log, trusted or None, known)
    if json:
        typer.echo(as_json(verification_facts(verification)))
    else:
        typer.echo("\n".join(verification_lines(verification)))
    if verification.found:
        raise typer.Exit(1)
    if verification.events and verification.events == verification.unchained:
        typer.echo("❌ No event is in the ledger, so there is nothing to check by", err=True)
        raise typer.Exit(2)


@app.command("public-key", epilog="Example: python -m registry audit public-key > key.pem")
def public_key_command() -> None:
    """Print the public key by which others check what was signed here."""
    from registry.ledger.signing_key import SigningKey

    with _failures():
        key = SigningKey.found_in(settings().registry_data_dir)
    if key is None:
        typer.echo("❌ There is no key yet; one is made when a projector first runs", err=True)
        raise typer.Exit(2)
    typer.echo(key.public_pem, nl=False)


def _moment(text: str | None) -> int | datetime | None:
    if text is None:
        return None
    if text.isdecimal():
        return int(text)
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise typer.BadParameter(
            "--at is a position, or a time with its zone as in 2026-01-31T12:00:00Z"
        )
    return time


@contextmanager
def _log() -> Iterator["StillLog"]:
    from registry.database import database
    from registry.store.still_log import StillLog

    with _failures(), database(settings()) as url, StillLog.of(url) as log:
        yield log


@contextmanager
def _failures() -> Iterator[None]:
    """Tell what kept an audit from being made, and end with 2."""
    from registry.audit.replay import NotReplayable
    from registry.ledger.exported_log import NoExport
    from registry.ledger.signing_key import UnusableKey
    from registry.store.still_log import StoreUnreadable

    try:
        yield
    except (NotReplayable, NoExport, UnusableKey, StoreUnreadable, OSError) as error:
        typer.echo(f"❌ {error}", err=True)
        raise typer.Exit(2) from None


@contextmanager
def _progress(after: int, last: int) -> Iterator[Callable[[int], None]]:
    """Show the position reached on a terminal; elsewhere show nothing."""
    if not sys.stderr.isatty():
        yield lambda position: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("Exporting", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=last - after)

        def show(position: int) -> None:
            if position % 1_000 == 0 or position == last:
                progress.update(task, completed=position - after)

        yield show


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
