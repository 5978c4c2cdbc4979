"""Runs the application under uvicorn and greets whoever started it."""

import socket
from datetime import timedelta
from uuid import UUID

import typer
import uvicorn

from api.app import create_app
from api.caller import Scope
from api.issuer import DevelopmentIssuer
from projections.links import TEMPLATES_PATH
from registry.settings import Settings

MAX_CONCURRENT_REQUESTS = 1_000
GRACE_SECONDS = 10

EXAMPLE_CLIENT = UUID("11111111-1111-4111-8111-111111111111")
"""The client of the token that is printed."""

GREETING_SCOPES = (Scope.DATASETS_READ, Scope.DATASETS_WRITE, Scope.TEMPLATES_WRITE)


def serve(settings: Settings, url: str) -> None:
    """Serve until a signal comes, then finish what is under way."""
    config = uvicorn.Config(
        create_app(settings, url),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        limit_concurrency=MAX_CONCURRENT_REQUESTS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    _GreetingServer(config, settings).run()


class _GreetingServer(uvicorn.Server):
    """Prints how to use the service once its socket listens, and not before."""

    def __init__(self, config: uvicorn.Config, settings: Settings) -> None:
        super().__init__(config)
        self._settings = settings

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            port = self.servers[0].sockets[0].getsockname()[1]
            typer.echo(greeting(self._settings, port))


def greeting(settings: Settings, port: int) -> str:
    """Return what to open and what to paste; a token only from the development issuer."""
    base = f"http://{settings.host}:{port}"
    lines = [f"✅ API documentation:  {base}/docs"]
    token = "$TOKEN"  # noqa: S105 - where no token is given, the reader brings one
    if settings.oauth_issuer is None:
        issuer = DevelopmentIssuer(settings.registry_data_dir)
        token = issuer.token(EXAMPLE_CLIENT, GREETING_SCOPES, lifetime=timedelta(hours=12))
        lines += ["", f"Token (good for 12 hours, for client {EXAMPLE_CLIENT}):", token]
    lines += ["", "Try:", f'curl -H "Authorization: Bearer {token}" {base}{TEMPLATES_PATH}', ""]
    return "\n".join(lines)
