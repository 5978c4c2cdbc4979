"""The application: routes, access, problems and, where wanted, a projector of its own."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from importlib.metadata import version

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from api import (
    access,
    batches,
    connectors,
    dataset_commands,
    datasets,
    event_feed,
    exports,
    health,
    history,
    operations,
    problem_reports,
    rebuilds,
    recommendations,
    scans,
    search,
    template_commands,
    template_versions,
    templates,
)
from api.body_limits import BodyLimits
from api.command_side import CommandSide
from api.event_tail import EventTail
from api.log_database import LogDatabase
from api.metrics import Metrics, RequestMetrics
from api.read_database import ReadDatabase
from api.request_ids import RequestIds
from projections.ledger import LedgerKeeper
from projections.links import ROOT
from projections.projector import Projector
from registry.application import RegistryApplication
from registry.settings import Settings

DESCRIPTION = """
Which datasets and templates exist, what is in them, and whether they can be trusted.

Every answer tells in `X-Registry-Position` up to which event it reflects the registry's history.
Failures are problem details (RFC 9457).
"""


def create_app(settings: Settings, url: str) -> FastAPI:
    """Return the application serving the database behind `url`."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with (
            _projector(settings, url) if settings.run_projector else nullcontext(),
            RegistryApplication(url) as application,
        ):
            app.state.commands = CommandSide(application)
            pruning = asyncio.create_task(app.state.commands.prune_receipts(settings.receipt_hours))
            async with ReadDatabase(url) as app.state.reads, LogDatabase(url) as app.state.log:
                yield
            pruning.cancel()

    app = FastAPIOffline(
        title="Dataset Discovery & Registry",
        version=version("dataset-registry"),
        description=DESCRIPTION,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.tail = EventTail(url)
    app.state.metrics = Metrics()
    app.state.compatibility_mode = settings.compatibility_mode
    problem_reports.install(app)
    access.install(app, settings)
    app.include_router(exports.router)
    app.include_router(recommendations.router)
    app.include_router(exports.schemas)
    app.include_router(templates.router)
    app.include_router(template_commands.router)
    app.include_router(template_versions.router)
    app.include_router(datasets.router)
    app.include_router(dataset_commands.router)
    app.include_router(connectors.router)
    app.include_router(batches.router)
    app.include_router(scans.router)
    app.include_router(history.router)
    app.include_router(event_feed.router)
    app.include_router(operations.router)
    app.include_router(rebuilds.router)
    app.include_router(search.router)
    app.include_router(health.router)
    app.include_router(health.router, prefix=ROOT, include_in_schema=False)
    app.add_middleware(BodyLimits)
    app.add_middleware(RequestMetrics, metrics=app.state.metrics)
    app.add_middleware(RequestIds)
    return app


@contextmanager
def _projector(settings: Settings, url: str) -> Iterator[None]:
    """Run a projector in a thread for as long as the application runs."""
    stop = threading.Event()
    thread = threading.Thread(
        target=Projector(url, keeper=LedgerKeeper.of(settings)).run, args=[stop], name="projector"
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
