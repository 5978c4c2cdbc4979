"""Runs the application under uvicorn and greets whoever started it."""

import socket
from datetime import timedelta
from uuid import UUID

import typer
import uvicorn

from api.app import create_app
from api.caller import Scope
from api.event_tail import EventTail
from api.issuer import DevelopmentIssuer
from projections.links import TEMPLATES_PATH
from registry.settings import Settings

MAX_CONCURRENT_REQUESTS = 1_000
GRACE_SECONDS = 10

EXAMPLE_CLIENT = UUID("11111111-1111-4111-8111-111111111111")
"""The client of the token that is printed."""

GREETING_SCOPES = (Scope.DATASETS_READ, Scope.DATASETS_WRITE, Scope.TEMPLATES_WRITE)


class AddressUnavailable(Exception):
    """The service cannot listen on {host}:{port}: {reason}. Stop what listens there, or set HOST
    or PORT to another address; PORT=0 takes any port that is free."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        sentence = " ".join((type(self).__doc__ or "").split())
        super().__init__(sentence.format(host=host, port=port, reason=reason))


def listen(settings: Settings) -> socket.socket:
    """Return a socket that listens where the settings say.

    Raises:
        AddressUnavailable: another process listens there, or there is no such address here.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        # Python appends the address in brackets, which the sentence names already.
        reason = (error.strerror or str(error)).partition(" (")[0].lower()
        raise AddressUnavailable(settings.host, settings.port, reason) from error


def serve(settings: Settings, url: str, listener: socket.socket) -> None:
    """Serve until a signal comes, then finish what is under way."""
    app = create_app(settings, url)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        limit_concurrency=MAX_CONCURRENT_REQUESTS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    _CourteousServer(config, settings, app.state.tail).run([listener])


class _CourteousServer(uvicorn.Server):
    """Prints how to use the service once it serves, and ends the streams that would not end."""

    def __init__(self, config: uvicorn.Config, settings: Settings, tail: EventTail) -> None:
        super().__init__(config)
        self._settings = settings
        self._tail = tail

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            port = self.servers[0].sockets[0].getsockname()[1]
            typer.echo(greeting(self._settings, port))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._tail.close()
        await super().shutdown(sockets)


def greeting(settings: Settings, port: int) -> str:
    """Return what to open and what to paste; a token only from the development issuer."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    base = f"http://{host}:{port}"
    lines = [f"✅ API documentation:  {base}/docs"]
    token = "$TOKEN"  # noqa: S105 - where no token is given, the reader brings one
    if settings.oauth_issuer is None:
        issuer = DevelopmentIssuer(settings.registry_data_dir)
        token = issuer.token(EXAMPLE_CLIENT, GREETING_SCOPES, lifetime=timedelta(hours=12))
        lines += ["", f"Token (good for 12 hours, for client {EXAMPLE_CLIENT}):", token]
    lines += ["", "Try:", f'curl -H "Authorization: Bearer {token}" {base}{TEMPLATES_PATH}', ""]
    return "\n".join(lines)
