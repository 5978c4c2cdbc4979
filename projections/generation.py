"""One complete build of a read model: its tables, and how far in the log it has come."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Self

import psycopg
from psycopg import Connection, sql
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement

from projections import dead_letters
from projections.copy_lines import copy_lines
from projections.read_model import SCHEMA, STREAM, Folding, Poison, ReadModel, Version
from registry.store import EventLog, RecordedEvent

_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]


class PositionTaken(RuntimeError):
    """Another projector has moved the generation on, so this one no longer leads."""


class BuildPoisoned(RuntimeError):
    """An event could not be folded, and a build does without none."""

    def __init__(self, poison: Poison) -> None:
        event = poison.event
        super().__init__(f"{event.topic} at position {event.position}: {poison.error}")


@dataclass(frozen=True)
class Generation:
    """A build of `model`, reflecting every event up to `position`.

    The `live` one is what queries see; another is being built, or is kept to go back to.
    """

    model: ReadModel
    number: int
    version: str
    position: int
    live: bool

    @classmethod
    def all(cls, connection: Connection[Any], model: ReadModel) -> list[Self]:
        """Return the generations there are of a read model, the newest first."""
        rows = connection.execute(
            "SELECT generation, version, position, live FROM projection_generations"
            " WHERE name = %s ORDER BY generation DESC",
            [model.name],
        )
        return [cls(model, *row) for row in rows]

    @classmethod
    def find_live(cls, connection: Connection[Any], model: ReadModel) -> Self | None:
        """Return the generation that queries see, None before the first one."""
        return next((each for each in cls.all(connection, model) if each.live), None)

    @classmethod
    def begin(cls, connection: Connection[Any], model: ReadModel) -> Self:
        """Make the empty tables of the next generation, as yet without indexes but for the keys."""
        with connection.transaction():
            row = connection.execute(
                "INSERT INTO projection_generations (name, generation, version)"
                " SELECT %(name)s, coalesce(max(generation), 0) + 1, %(version)s"
                " FROM projection_generations WHERE name = %(name)s RETURNING generation",
                {"name": model.name, "version": model.version},
            ).fetchone()
            assert row  # noqa: S101 - an INSERT … RETURNING returns its row
            generation = cls(model, row[0], model.version, 0, live=False)
            for table in generation.tables:
                connection.execute(_sql(CreateTable(table)))
        return generation

    def add_indexes(self, connection: Connection[Any]) -> None:
        """Make the indexes that queries need: made at once they cost a fraction of growing them."""
        for table in self.tables:
            for index in sorted(table.indexes, key=lambda index: str(index.name)):
                connection.execute(_sql(CreateIndex(index, if_not_exists=True)))
            connection.execute(sql.SQL("ANALYZE {}").format(_name(table.name)))

    def advance(
        self, connection: Connection[Any], events: Sequence[RecordedEvent], position: int
    ) -> Self:
        """Fold the events and move to `position`: rows, dead letters and position, or none.

        A poisoned event is set aside in a live generation, and ends the build of another. One
        that leads to a row which Postgres refuses is found by halving the batch.

        Raises:
            PositionTaken: the generation is no longer where, or what, this one thinks it is.
            BuildPoisoned: an event could not be folded into a generation that is being built.
        """
        try:
            return self._advance(connection, events, position)
        except psycopg.DataError as error:
            if len(events) == 1:
                reason = f"{type(error).__name__}: {error}"
                return self._advance(connection, events, position, refused=reason)
            half = len(events) // 2
            ahead = self.advance(connection, events[:half], events[half - 1].position)
            return ahead.advance(connection, events[half:], position)

    def _advance(
        self,
        connection: Connection[Any],
        events: Sequence[RecordedEvent],
        position: int,
        refused: str | None = None,
    ) -> Self:
        """Fold the events, or set the only one aside that was `refused`, and move on."""
        keyed = [(self.model.key_of(event), event) for event in events]
        with connection.transaction():
            # First of all, for it locks out everyone else who would write this generation.
            moved = connection.execute(
                "UPDATE projection_generations SET position = %s, advanced_at = now()"
                " WHERE name = %s AND generation = %s AND position = %s AND live = %s",
                [position, self.model.name, self.number, self.position, self.live],
            )
            if moved.rowcount != 1:
                raise PositionTaken(f"{self.model.name} is past {self.position} already")
            if keyed:
                folding = (
                    Folding(poisoned=[Poison(*keyed[0], refused)])
                    if refused
                    else self._fold_and_write(connection, keyed)
                )
                if folding.poisoned and not self.live:
                    raise BuildPoisoned(folding.poisoned[0])
                dead_letters.add(connection, self.model.name, self.number, folding.poisoned)
        return replace(self, position=position)

    def _fold_and_write(
        self, connection: Connection[Any], keyed: Sequence[tuple[str, RecordedEvent]]
    ) -> Folding:
        blocked = dead_letters.blocked_keys(connection, self.model.name, self.number)
        known = self.read(connection, self._keys_to_read(keyed))
        folding = self.model.fold(known, keyed, blocked)
        self.write(connection, folding, known)
        return folding

    def reconsider(self, connection: Connection[Any], key: str, *, skip: bool) -> int:
        """Fold an entity's dead letters again, without the first if `skip`; return how many stay.

        Those that still cannot be folded are set aside anew.
        """
        with connection.transaction():
            connection.execute(
                "SELECT FROM projection_generations WHERE name = %s AND generation = %s FOR UPDATE",
                [self.model.name, self.number],
            )
            positions = dead_letters.take(connection, self.model.name, self.number, key)
            events = EventLog(connection).at(positions[1:] if skip else positions)
            known = self.read(connection, [key])
            folding = self.model.fold(known, [(key, event) for event in events])
            self.write(connection, folding, known)
            dead_letters.add(connection, self.model.name, self.number, folding.poisoned)
        return len(folding.poisoned)

    def _keys_to_read(self, keyed: Iterable[tuple[str, RecordedEvent]]) -> list[str]:
        """Return the keys whose first event here goes on from a version that is stored."""
        first_topics: dict[str, str] = {}
        for key, event in keyed:
            first_topics.setdefault(key, event.topic)
        beginnings = self.model.beginnings
        return [key for key, topic in first_topics.items() if topic not in beginnings]

    def read(self, connection: Connection[Any], keys: Sequence[str]) -> dict[str, Version]:
        """Return the current versions of the entities that have one."""
        keys = [key for key in keys if not key.startswith(STREAM)]
        if not keys:
            return {}
        present, _ = self.tables
        query = sql.SQL(
            "SELECT {key}::text, document, valid_from FROM {table} WHERE {key} = ANY({keys})"
        ).format(key=self._key, table=_name(present.name), keys=self._keys)
        rows = connection.execute(query, [keys])
        return {key: Version(document, since) for key, document, since in rows}

    def write(self, connection: Connection[Any], folding: Folding, known: Iterable[str]) -> None:
        """Replace the rows of what was touched, `known` having some already, and keep the past."""
        present, past = self.tables
        touched = [key for key in known if key in folding.current]
        if touched:
            connection.execute(
                sql.SQL("DELETE FROM {} WHERE {} = ANY({})").format(
                    _name(present.name), self._key, self._keys
                ),
                [touched],
            )
        row = self.model.row
        current = [
            (*row(version.document), version.since)
            for version in folding.current.values()
            if version is not None
        ]
        closed = [(*row(document), since, until) for document, since, until in folding.past]
        for table, rows in ((present, current), (past, closed)):
            if rows:
                statement = sql.SQL("COPY {} FROM STDIN").format(_name(table.name))
                with connection.cursor().copy(statement) as copy:
                    copy.write(copy_lines(rows))

    @property
    def tables(self) -> tuple[Table, Table]:
        """The generation's own tables, of the present and of the past."""
        return _tables(self.model, self.number)

    @property
    def _key(self) -> sql.Identifier:
        return sql.Identifier(next(iter(self.tables[0].columns)).name)

    @property
    def _keys(self) -> sql.SQL:
        """The placeholder for a list of keys, which are text here and typed in the table."""
        key_type = next(iter(self.tables[0].columns)).type.compile(_DIALECT)
        return sql.SQL(f"%s::{key_type}[]")


@cache
def _tables(model: ReadModel, number: int) -> tuple[Table, Table]:
    return model.tables(f"_{number}")


def _sql(definition: DDLElement) -> str:
    return str(definition.compile(dialect=_DIALECT))


def _name(table: str) -> sql.Identifier:
    return sql.Identifier(SCHEMA, table)
