"""The command line of the service: `python -m api`."""

import signal
import sys
from datetime import timedelta
from uuid import UUID

import typer

from api.caller import Scope
from api.server import EXAMPLE_CLIENT
from registry.console import run
from registry.settings import settings

app = typer.Typer(help="Serve the catalogue over HTTP.", no_args_is_help=True)


@app.command(epilog="Example: PORT=9000 python -m api serve")
def serve() -> None:
    """Serve the catalogue until stopped, with the database that the settings name."""
    from api.access import PublicBindWithoutIssuer, require_issuer_for_public_bind
    from api.server import AddressUnavailable, listen
    from api.server import serve as run_server
    from registry.database import database
    from registry.logs import configure_logs

    chosen = settings()
    configure_logs(chosen)
    try:
        require_issuer_for_public_bind(chosen)
        listener = listen(chosen)
    except (PublicBindWithoutIssuer, AddressUnavailable) as error:
        typer.echo(f"❌ {error}", err=True)
        raise typer.Exit(2) from None
    # The server sends itself the signal that stopped it again, to end the process by it; but the
    # database has to be stopped first.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    with listener, database(chosen) as url:
        run_server(chosen, url, listener)


@app.command(
    epilog="Example: python -m api token --client-id 11111111-1111-4111-8111-111111111111"
    ' --scope "dataops:datasets:read dataops:datasets:write"'
)
def token(
    client_id: UUID = typer.Option(EXAMPLE_CLIENT, help="The client (tenant) to act for."),
    scope: str = typer.Option(Scope.DATASETS_READ.value, help="Scopes, separated by spaces."),
    hours: float = typer.Option(12, min=0.01, max=24 * 30, help="How long the token is good."),
) -> None:
    """Print an access token of the development issuer, good on this machine only."""
    from api.issuer import DevelopmentIssuer

    chosen = settings()
    if chosen.oauth_issuer:
        typer.echo(
            "❌ Tokens come from the configured issuer; the service takes no others.", err=True
        )
        raise typer.Exit(2)
    scopes = scope.split()
    if unknown := set(scopes) - set(Scope):
        known = ", ".join(Scope)
        typer.echo(f"❌ Unknown scope {', '.join(sorted(unknown))}. There are: {known}", err=True)
        raise typer.Exit(2)
    issuer = DevelopmentIssuer(chosen.registry_data_dir)
    typer.echo(issuer.token(client_id, scopes, lifetime=timedelta(hours=hours)))


def main() -> None:
    """Run the command line."""
    run(app)


if __name__ == "__main__":
    main()
