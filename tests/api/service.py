"""The real application, served over a real socket from a real database."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.caller import Scope
from api.issuer import DevelopmentIssuer
from projections.projector import Projector
from registry.application import Outcome, RegistryApplication, Submission
from registry.commands import Command, ListSource, RegisterDataset, RegisterTemplate, RequestScan
from registry.dataset import Stage
from registry.events import Provenance
from registry.settings import Settings
from registry.template import TemplateDefinition, TemplateIdentity
from tests.api.description import description

CLIENT = UUID("c0000000-0000-4000-8000-000000000001")
OTHER_CLIENT = UUID("c0000000-0000-4000-8000-000000000002")
JOURNEY = UUID("70000000-0000-4000-8000-000000000001")


@dataclass(frozen=True)
class Service:
    """A service that runs, with the command side that feeds it.

    What is submitted is served after `project`. Every answer to one of its clients is held to the
    service's own description.
    """

    app: FastAPI
    url: str
    base_url: str
    issuer: DevelopmentIssuer
    registry: RegistryApplication
    _clients: ExitStack = field(default_factory=ExitStack)

    def client(self, client_id: UUID, *scopes: Scope) -> httpx.Client:
        """Return an HTTP client with a token of those scopes."""
        return self.client_with(self.token(client_id, *scopes))

    def client_with(self, token: str | None) -> httpx.Client:
        """Return an HTTP client with that token, or without any."""
        client = httpx.Client(
            base_url=self.base_url,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            event_hooks={"response": [self._hold]},
            timeout=60,  # what a busy machine makes of an answer is not what is tested
            verify=False,  # noqa: S501 - there is no TLS, and setting it up takes time
        )
        return self._clients.enter_context(client)

    def token(self, client_id: UUID, *scopes: Scope) -> str:
        return self.issuer.token(client_id, scopes)

    def submit(self, command: Command, target: UUID, client_id: UUID | None = None) -> Outcome:
        provenance = Provenance(actor="test", command_id=uuid4(), client_id=client_id)
        return self.registry.submit(
            Submission(command=command, target=target, client_id=client_id, provenance=provenance)
        )

    def register_template(self, identity: str, **definition: Any) -> UUID:
        """Register a template under its `industry/use_case/dataset_type`; return its id."""
        industry, use_case, dataset_type = identity.split("/")
        template = TemplateDefinition(
            identity=TemplateIdentity(
                industry=industry, use_case=use_case, dataset_type=dataset_type
            ),
            **{"name": identity, "schema": {"type": "object"}, **definition},
        )
        template_id = template.identity.template_id
        self.submit(RegisterTemplate(definition=template), template_id)
        return template_id

    def register_dataset(
        self, dataset_type: str = "jira_issues", client_id: UUID = CLIENT, **facts: Any
    ) -> UUID:
        """Register a dataset in development; return its id."""
        dataset_id = uuid4()
        given = {"name": dataset_type, "stage": Stage.DEVELOPMENT, "journey_id": JOURNEY, **facts}
        command = RegisterDataset(dataset_type=dataset_type, **given)
        self.submit(command, dataset_id, client_id)
        return dataset_id

    def list_source(self, name: str) -> None:
        """Say that a watch scans a source of that name."""
        self.submit(ListSource(source=name, kind="files", place="/data"), uuid4())

    def request_scan(self, source: str) -> UUID:
        """Request a scan of a source that is listed then; return its id."""
        self.list_source(source)
        return self.submit(RequestScan(source=source), uuid4()).target

    def project(self) -> None:
        """Bring the read models up to date."""
        Projector(self.url).catch_up()

    def _hold(self, response: httpx.Response) -> None:
        response.read()
        if response.headers.get("Content-Type") == "application/problem+json":
            assert response.json()["request_id"] == response.headers["X-Request-Id"]
        description().hold(response)


@contextmanager
def running_service(
    url: str, data_dir: Path, registry: RegistryApplication, **settings: Any
) -> Iterator[Service]:
    """Run the service on a free port of this machine."""
    chosen = Settings(registry_data_dir=data_dir, run_projector=False, **settings)
    app = create_app(chosen, url)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    # It listens before the server runs, so that requests wait for the server, and no test has to.
    with socket.create_server(("127.0.0.1", 0)) as listener, ExitStack() as clients:
        thread = threading.Thread(target=server.run, args=[[listener]])
        thread.start()
        host, port = listener.getsockname()
        try:
            yield Service(
                app=app,
                url=url,
                base_url=f"http://{host}:{port}",
                issuer=DevelopmentIssuer(data_dir),
                registry=registry,
                _clients=clients,
            )
        finally:
            clients.close()
            server.should_exit = True
            thread.join()
