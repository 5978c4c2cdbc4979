"""What a read model is: documents that events are folded into, in tables made for its queries."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Column, Index, MetaData, Table, UniqueConstraint

from registry.store import RecordedEvent

SCHEMA = "read_models"
"""The Postgres schema in which all read models live."""

STREAM = "stream "
"""What the keys of events begin with that do not tell their entity; there is no row under them."""

Document = dict[str, Any]
"""The state of one entity as JSON: what its reader sees."""

Handler = Callable[[Document, RecordedEvent], Document | None]
"""Returns the document after an event, given the one before; None when it is to go."""


def touched(before: Document, event: RecordedEvent, **changes: Any) -> Document:
    """Return the document with the changes an event made, and the version and time of the event."""
    mark = {"version": event.originator_version, "updated_at": event.facts["timestamp"]}
    return {**before, **changes, **mark}


class MissingDocument(LookupError):
    """An event is about an entity that no earlier event began."""


class DocumentExists(ValueError):
    """An event begins an entity that an earlier event began."""


class Version(NamedTuple):
    """A document as it stands since the event at the position `since`."""

    document: Document
    since: int


class PastVersion(NamedTuple):
    """A document as it stood from one position on, and until just before another."""

    document: Document
    since: int
    until: int


class Poison(NamedTuple):
    """An event that could not be folded, or (without `error`) one that waits behind such."""

    key: str
    event: RecordedEvent
    error: str | None


@dataclass
class Folding:
    """What folding a batch of events led to.

    `current` are the entities touched, as they are now or gone; `past` the versions that were
    superseded on the way; `poisoned` the events set aside.
    """

    current: dict[str, Version | None] = field(default_factory=dict)
    past: list[PastVersion] = field(default_factory=list)
    poisoned: list[Poison] = field(default_factory=list)


Entry = tuple[str | None, str]
"""What documents are counted by: the client whose documents they are, None for shared, and what."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Tally:
    """A table that counts how many documents of a read model's present have each of some entries.

    An entry that some document had once stays, if only with a count of 0. The table's `columns`
    begin with `client_id` and with what is counted; a `count` follows them. `row` gives the values
    of an entry's columns by name, without those that Postgres computes.
    """

    name: str
    columns: Callable[[], Sequence[Column[Any]]]
    indexes: Callable[[], Sequence[Index]]
    entries: Callable[[Document], Iterable[Entry]]
    row: Callable[[Entry], Mapping[str, Any]]

    def table(self, suffix: str = "") -> Table:
        """Return the table, named with a suffix."""
        client_id, what, *others = self.columns()
        return Table(
            f"{self.name}{suffix}",
            _metadata(),
            client_id,
            what,
            *others,
            Column("count", BigInteger, nullable=False),
            UniqueConstraint(client_id.name, what.name, postgresql_nulls_not_distinct=True),
            *self.indexes(),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class ReadModel:
    """A table of documents, one per entity, and the handlers that fold events into them.

    `name` is what queries select from; `version` changes whenever columns, indexes or handlers
    do, and has the model built anew. `columns` begin with the key and hold a `document`; `row`
    gives their values. `indexes` are for the present, `past_indexes` for versions of the past.
    `key` finds an event's entity. A topic in `beginnings` starts a document: its handler gets an
    empty one; one in `may_begin` does so where there is none. At most `batch` events are folded in
    one transaction. A `tally` counts documents. Rows of up to `whole_bytes` are stored in one
    piece, by default as Postgres does.
    """

    name: str
    version: str
    columns: Callable[[], Sequence[Column[Any]]]
    indexes: Callable[[], Sequence[Index]]
    past_indexes: Callable[[], Sequence[Index]]
    key: Callable[[RecordedEvent], str]
    row: Callable[[Document], Sequence[Any]]
    handlers: Mapping[str, Handler]
    beginnings: frozenset[str] = frozenset()
    may_begin: frozenset[str] = frozenset()
    batch: int = 5_000
    tally: Tally | None = None
    whole_bytes: int = 2_032

    @property
    def topics(self) -> list[str]:
        """The topics of the events that the model is made of."""
        return list(self.handlers)

    def tables(self, suffix: str = "") -> tuple[Table, Table]:
        """Return the table of the present and that of the past, named with a suffix.

        A version of a document is valid from `valid_from` on, one of the past until just before
        `valid_to`, both being positions in the log.
        """
        metadata, options = _metadata(), {"toast_tuple_target": self.whole_bytes}
        present = Table(
            f"{self.name}{suffix}",
            metadata,
            *self.columns(),
            Column("valid_from", BigInteger, nullable=False),
            *self.indexes(),
            postgresql_with=options,
        )
        past = Table(
            f"{self.name}{suffix}_past",
            metadata,
            *self.columns(),
            Column("valid_from", BigInteger, primary_key=True, autoincrement=False),
            Column("valid_to", BigInteger, nullable=False),
            *self.past_indexes(),
            postgresql_with=options,
        )
        return present, past

    def all_tables(self, suffix: str = "") -> tuple[Table, ...]:
        """Return every table of the read model, named with a suffix."""
        tallies = [] if self.tally is None else [self.tally.table(suffix)]
        return (*self.tables(suffix), *tallies)

    def key_of(self, event: RecordedEvent) -> str:
        """Return the event's entity; for an event that does not tell it, its whole stream."""
        try:
            return self.key(event)
        except (KeyError, TypeError):
            return f"{STREAM}{event.originator_id}"

    def fold(
        self,
        known: Mapping[str, Version],
        events: Iterable[tuple[str, RecordedEvent]],
        blocked: Iterable[str] = (),
    ) -> Folding:
        """Fold events, in order, each under the key of its entity, into the versions known.

        An event whose handler raises is set aside, and so are all later ones of its entity and
        those of the entities `blocked` before; other entities go on.
        """
        folding, waiting = Folding(), set(blocked)
        current, past = folding.current, folding.past
        for key, event in events:
            if waiting and key in waiting:
                folding.poisoned.append(Poison(key, event, None))
                continue
            before = current[key] if key in current else known.get(key)
            try:
                after = self._after(before, event)
            except Exception as error:
                waiting.add(key)
                reason = f"{type(error).__name__}: {error}"
                folding.poisoned.append(Poison(key, event, reason))
                continue
            if before is not None:
                past.append(PastVersion(before.document, before.since, event.position))
            current[key] = None if after is None else Version(after, event.position)
        return folding

    def _after(self, before: Version | None, event: RecordedEvent) -> Document | None:
        if event.topic in self.beginnings:
            if before is not None:
                raise DocumentExists(f"{event.topic} begins what an earlier event began")
            return self.handlers[event.topic]({}, event)
        if before is None:
            if event.topic in self.may_begin:
                return self.handlers[event.topic]({}, event)
            raise MissingDocument(f"no earlier event began what {event.topic} is about")
        return self.handlers[event.topic](before.document, event)


def _metadata() -> MetaData:
    return MetaData(schema=SCHEMA, naming_convention={"ix": "%(table_name)s_%(column_0_N_name)s"})
