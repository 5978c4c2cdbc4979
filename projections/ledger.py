"""Extends the ledger: chains the hash of each event as it comes, and signs the chain."""

from datetime import UTC, datetime, timedelta
from typing import Any, Self

from psycopg import Connection

from registry.ledger.chain import chained
from registry.ledger.signing_key import SigningKey
from registry.settings import Settings
from registry.store import ledger


class LedgerKeeper:
    """Follows the log and writes its chain; it may run in many processes at once.

    A checkpoint is signed after every `checkpoint_events` positions, and of fewer once the last
    one is `checkpoint_age` old.
    """

    def __init__(self, key: SigningKey, checkpoint_events: int, checkpoint_age: timedelta) -> None:
        self._key = key
        self._checkpoint_events = checkpoint_events
        self._checkpoint_age = checkpoint_age

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return a keeper as the settings ask for, its key made if there is none."""
        return cls(
            SigningKey.kept_in(settings.registry_data_dir),
            settings.ledger_checkpoint_events,
            timedelta(seconds=settings.ledger_checkpoint_seconds),
        )

    def extend(self, connection: Connection[Any], limit: int = 5_000) -> bool:
        """Chain the next events, at most `limit`; return whether there were any.

        Nothing is done while somebody else extends the ledger. Where it stands is read from the
        ledger itself, so it goes on from whatever was committed last.
        """
        with connection.transaction():
            if not ledger.try_to_lead(connection):
                return False
            progress = ledger.progress(connection)
            head = progress.head
            if progress.goal > head.position:
                limit = min(limit, self._checkpoint_events)
                links = list(chained(head, ledger.next_events(connection, head.position, limit)))
                ledger.append_links(connection, links)
                head = links[-1] if links else head
            if self._is_due(progress, head.position):
                ledger.append_checkpoint(connection, self._key.sign(head))
        return head != progress.head

    def catch_up(self, connection: Connection[Any]) -> int:
        """Chain all that the log holds now; return the position reached."""
        while self.extend(connection):
            pass
        return ledger.progress(connection).head.position

    def _is_due(self, progress: ledger.Progress, reached: int) -> bool:
        """Whether a checkpoint is to be signed at the position reached."""
        unsigned = reached - progress.signed
        if unsigned <= 0:
            return False
        if unsigned >= self._checkpoint_events:
            return True
        caught_up = reached >= progress.goal
        age = datetime.now(UTC) - (progress.signed_at or datetime.min.replace(tzinfo=UTC))
        return caught_up and age >= self._checkpoint_age
