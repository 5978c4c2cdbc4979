"""One complete build of a read model: its tables, and how far in the log it has come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Self

import psycopg
from psycopg import Connection, sql
from sqlalchemy import Table
from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement

from projections import dead_letters
from projections.read_model import Folding, Poison, ReadModel, Version
from projections.rows import DIALECT, identifier, read_versions, write_versions
from projections.tallies import count
from registry.collector import collector_at_rest
from registry.store import WHOLE, EventLog, Part, RecordedEvent


class PositionTaken(RuntimeError):
    """Another projector has moved the generation on, so this one no longer leads."""


class BuildPoisoned(RuntimeError):
    """An event could not be folded, and a build does without none."""

    def __init__(self, poison: Poison) -> None:
        super().__init__(poison)
        self._poison = poison

    def __str__(self) -> str:
        event = self._poison.event
        return f"{event.topic} at position {event.position}: {self._poison.error}"


@dataclass(frozen=True)
class Generation:
    """A build of `model`, reflecting every event up to `position`.

    The `live` one is what queries see; another is being built, or is kept to go back to. While
    several processes build one, each has its `part` of the streams and a position of its own.
    """

    model: ReadModel
    number: int
    version: str
    position: int
    live: bool
    part: Part = WHOLE

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
            for table in generation.all_tables:
                connection.execute(_sql(CreateTable(table)))
        return generation

    def add_indexes(self, connection: Connection[Any]) -> None:
        """Make the indexes that queries need: made at once they cost a fraction of growing them."""
        for table in self.all_tables:
            for index in sorted(table.indexes, key=lambda index: str(index.name)):
                connection.execute(_sql(CreateIndex(index, if_not_exists=True)))
            connection.execute(sql.SQL("ANALYZE {}").format(identifier(table)))

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
        except (psycopg.DataError, psycopg.errors.UniqueViolation) as error:
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
            self._move(connection, position)
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

    def _move(self, connection: Connection[Any], position: int) -> None:
        """Take the next position, which locks out everyone else who would write the same."""
        place = [position, self.model.name, self.number, self.position]
        moved = (
            connection.execute(
                "UPDATE projection_generations SET position = %s, advanced_at = now()"
                " WHERE name = %s AND generation = %s AND position = %s AND live = %s",
                [*place, self.live],
            )
            if self.part == WHOLE
            else connection.execute(
                "UPDATE projection_parts SET position = %s"
                " WHERE name = %s AND generation = %s AND position = %s AND part = %s",
                [*place, self.part.number],
            )
        )
        if moved.rowcount != 1:
            raise PositionTaken(f"{self.model.name} is past {self.position} already")

    def _fold_and_write(
        self, connection: Connection[Any], keyed: Sequence[tuple[str, RecordedEvent]]
    ) -> Folding:
        blocked = dead_letters.blocked_keys(connection, self.model.name, self.number)
        known = read_versions(connection, self.tables[0], self._keys_to_read(keyed))
        folding = self.model.fold(known, keyed, blocked)
        self._write(connection, folding, known)
        return folding

    def _write(
        self, connection: Connection[Any], folding: Folding, known: Mapping[str, Version]
    ) -> None:
        write_versions(connection, self.model, self.tables, folding, known)
        if self.model.tally:
            count(connection, self.model.tally, self.all_tables[-1], folding, known)

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
            known = read_versions(connection, self.tables[0], [key])
            folding = self.model.fold(known, [(key, event) for event in events])
            self._write(connection, folding, known)
            dead_letters.add(connection, self.model.name, self.number, folding.poisoned)
        return len(folding.poisoned)

    def _keys_to_read(self, keyed: Iterable[tuple[str, RecordedEvent]]) -> list[str]:
        """Return the keys whose first event here goes on from a version that is stored."""
        first_topics: dict[str, str] = {}
        for key, event in keyed:
            first_topics.setdefault(key, event.topic)
        beginnings = self.model.beginnings
        return [key for key, topic in first_topics.items() if topic not in beginnings]

    @property
    def tables(self) -> tuple[Table, Table]:
        """The generation's own tables, of the present and of the past."""
        present, past, *_ = self.all_tables
        return present, past

    @property
    def all_tables(self) -> tuple[Table, ...]:
        """All of the generation's own tables: of the present, of the past, and its tally if any."""
        return _tables(self.model, self.number)


def advance(
    connection: Connection[Any], generation: Generation, until: int | None = None
) -> Generation:
    """Fold the next batch of events into a generation; return it at its new position.

    Raises:
        PositionTaken: the generation is no longer where, or what, this one thinks it is.
        BuildPoisoned: an event could not be folded into a generation that is being built.
    """
    model = generation.model
    with collector_at_rest():
        events, position = EventLog(connection).read(
            generation.position, model.batch, model.topics, part=generation.part, until=until
        )
        if position == generation.position:
            return generation
        return generation.advance(connection, events, position)


@cache
def _tables(model: ReadModel, number: int) -> tuple[Table, ...]:
    return model.all_tables(f"_{number}")


def _sql(definition: DDLElement) -> str:
    return str(definition.compile(dialect=DIALECT))
