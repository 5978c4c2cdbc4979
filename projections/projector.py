"""Folds the log into the read models, batch by batch, for as long as it runs."""

import threading
from collections.abc import Iterable
from typing import Any

import psycopg
import structlog
from psycopg import Connection

from projections.catalogue import READ_MODELS
from projections.connection import connect
from projections.generation import BuildPoisoned, Generation, PositionTaken, advance
from projections.ledger import LedgerKeeper
from projections.read_model import ReadModel
from projections.rebuild import RebuildRefused, rebuild
from projections.rebuild_orders import RebuildOrders
from registry.store import CHANNEL

POLL_SECONDS = 0.5
"""How long to wait at most before looking again; a NOTIFY only makes it sooner."""

RECONNECT_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Projector:
    """Keeps read models in step with the log.

    It leads each read model that no other process leads: the lead is an advisory lock on the very
    connection that writes, so whoever loses the connection can write nothing more. With a `keeper`
    it extends the ledger of the history as well.
    """

    def __init__(
        self,
        url: str,
        models: Iterable[ReadModel] = READ_MODELS.values(),
        keeper: LedgerKeeper | None = None,
    ) -> None:
        self._url = url
        self._models = list(models)
        self._keeper = keeper
        self._orders = RebuildOrders(url)
        self._unbuildable: set[str] = set()

    def run(self, stop: threading.Event) -> None:
        """Project until told to stop; a lost database is waited for."""
        while not stop.is_set():
            try:
                self._unbuildable.clear()
                with connect(self._url) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._follow(connection, stop)
            except (psycopg.OperationalError, PositionTaken) as error:
                log.warning("projector interrupted", reason=str(error))
                stop.wait(RECONNECT_SECONDS)

    def catch_up(self) -> None:
        """Project what the log holds now, then return; another leader is left to its work."""
        with connect(self._url) as connection:
            leading = self._take_leads(connection, {})
            while self._advance_all(connection, leading):
                pass

    def _follow(self, connection: Connection[Any], stop: threading.Event) -> None:
        leading: dict[str, Generation] = {}
        while not stop.is_set():
            leading = self._take_leads(connection, leading)
            self._orders.start_open_ones(connection, leading)
            advanced = self._advance_all(connection, leading)
            chained = self._keeper is not None and self._keeper.extend(connection)
            if not (advanced or chained):
                for _ in connection.notifies(timeout=POLL_SECONDS, stop_after=1):
                    pass

    def _take_leads(
        self, connection: Connection[Any], leading: dict[str, Generation]
    ) -> dict[str, Generation]:
        """Return the generations led, those newly taken among them.

        A read model that cannot be built is left alone until the next connection; the live one of
        another version stays as it is, and the others go on.
        """
        for model in self._models:
            if model.name in leading or model.name in self._unbuildable:
                continue
            if not take_lead(connection, model):
                continue
            live = Generation.find_live(connection, model)
            try:
                if live is None or live.version != model.version:
                    live = rebuild(connection, model)
            except (BuildPoisoned, RebuildRefused) as error:
                self._unbuildable.add(model.name)
                log.error("projection not built", projection=model.name, reason=str(error))
                continue
            leading = {**leading, model.name: live}
            log.info("projection led", projection=model.name, position=live.position)
        return leading

    @staticmethod
    def _advance_all(connection: Connection[Any], leading: dict[str, Generation]) -> bool:
        """Take each generation one batch further; return whether there was anything to do."""
        before = [generation.position for generation in leading.values()]
        for name, generation in leading.items():
            leading[name] = advance(connection, generation)
        return before != [generation.position for generation in leading.values()]


def take_lead(connection: Connection[Any], model: ReadModel) -> bool:
    """Become the leader of a read model for as long as the connection lasts, if nobody is."""
    row = connection.execute(
        "SELECT pg_try_advisory_lock(hashtext('projection'), hashtext(%s))", [model.name]
    ).fetchone()
    return bool(row and row[0])
