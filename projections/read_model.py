"""What a read model is: documents that events are folded into, in a table made for its queries."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import MetaData, Table

from registry.store import RecordedEvent

SCHEMA = "read_models"
"""The Postgres schema in which all read models live."""


def new_metadata() -> MetaData:
    """Return what tables are declared in; their indexes are named after table and columns."""
    return MetaData(schema=SCHEMA, naming_convention={"ix": "%(table_name)s_%(column_0_N_name)s"})


METADATA = new_metadata()
"""Where the tables that queries are written against are declared."""

Document = dict[str, Any]
"""The state of one entity as JSON: what its reader sees."""

Handler = Callable[[Document, RecordedEvent], Document | None]
"""Returns the document after an event, given the one before; None when it is to go."""


class MissingDocument(LookupError):
    """An event is about an entity that no earlier event began."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ReadModel:
    """A table of documents, one per entity, and the handlers that fold events into them.

    `name` is what queries select from; `version` changes whenever table or handlers do, and has
    the model built anew. `table` declares it under a given name, its first column being the key
    and `document` among the others; `key` finds an event's entity; `row` gives the values of the
    columns for a document. A topic in `beginnings` starts a document: its handler gets an empty
    one, and nothing need be read first. At most `batch` events are folded in one transaction.
    """

    name: str
    version: str
    table: Callable[[str, MetaData], Table]
    key: Callable[[RecordedEvent], Hashable]
    row: Callable[[Document], Sequence[Any]]
    handlers: Mapping[str, Handler]
    beginnings: frozenset[str] = frozenset()
    batch: int = 5_000

    @property
    def topics(self) -> list[str]:
        """The topics of the events that the model is made of."""
        return list(self.handlers)

    def keys_to_read(self, events: Iterable[RecordedEvent]) -> list[Hashable]:
        """Return the keys whose documents must be known before the events can be folded."""
        first_topics: dict[Hashable, str] = {}
        for event in events:
            first_topics.setdefault(self.key(event), event.topic)
        return [key for key, topic in first_topics.items() if topic not in self.beginnings]

    def fold(
        self, documents: Mapping[Hashable, Document], events: Iterable[RecordedEvent]
    ) -> dict[Hashable, Document | None]:
        """Fold events, in order, into the documents known; return those that were touched.

        Raises:
            MissingDocument: an event neither begins a document nor finds one.
        """
        touched: dict[Hashable, Document | None] = {}
        for event in events:
            key = self.key(event)
            before = touched[key] if key in touched else documents.get(key)
            if event.topic in self.beginnings:
                before = {}
            if before is None:
                raise MissingDocument(f"{event.topic} at {event.position} finds no {key}")
            touched[key] = self.handlers[event.topic](before, event)
        return touched
