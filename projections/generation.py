"""One complete build of a read model: its table, and how far in the log it has come."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Self

from psycopg import Connection, sql
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement

from projections.read_model import SCHEMA, Document, ReadModel, new_metadata


class PositionTaken(RuntimeError):
    """Another projector has moved the generation on, so this one no longer leads."""


@dataclass(frozen=True)
class Generation:
    """A build of `model`, reflecting every event up to `position`."""

    model: ReadModel
    number: int
    version: str
    position: int

    @classmethod
    def live(cls, connection: Connection[Any], model: ReadModel) -> Self | None:
        """Return the generation that queries see, None before the first one."""
        row = connection.execute(
            "SELECT generation, version, position FROM projection_generations"
            " WHERE name = %s AND live",
            [model.name],
        ).fetchone()
        return cls(model, *row) if row else None

    @classmethod
    def begin(cls, connection: Connection[Any], model: ReadModel) -> Self:
        """Make the empty table of the next generation."""
        with connection.transaction():
            row = connection.execute(
                "INSERT INTO projection_generations (name, generation, version)"
                " SELECT %(name)s, coalesce(max(generation), 0) + 1, %(version)s"
                " FROM projection_generations WHERE name = %(name)s RETURNING generation",
                {"name": model.name, "version": model.version},
            ).fetchone()
            assert row  # noqa: S101 - an INSERT … RETURNING returns its row
            generation = cls(model, row[0], model.version, 0)
            for statement in generation._table_definition():
                connection.execute(statement)
        return generation

    def switch(self, connection: Connection[Any]) -> None:
        """Let queries see this generation from now on, and drop the others."""
        model = self.model.name
        view, table = self._name(model), self._name(self.table.name)
        with connection.transaction():
            # Dropped and made again, since the new table may have other columns.
            connection.execute(sql.SQL("DROP VIEW IF EXISTS {}").format(view))
            connection.execute(sql.SQL("CREATE VIEW {} AS SELECT * FROM {}").format(view, table))
            others = connection.execute(
                "DELETE FROM projection_generations WHERE name = %s AND generation <> %s"
                " RETURNING generation",
                [model, self.number],
            ).fetchall()
            connection.execute(
                "UPDATE projection_generations SET live = true WHERE name = %s AND generation = %s",
                [model, self.number],
            )
            for (number,) in others:
                old = self._name(f"{model}_{number}")
                connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(old))

    def read(
        self, connection: Connection[Any], keys: Sequence[Hashable]
    ) -> dict[Hashable, Document]:
        """Return the documents of the keys that have one."""
        if not keys:
            return {}
        query = sql.SQL("SELECT {key}, document FROM {table} WHERE {key} = ANY(%s)").format(
            key=self._key, table=self._name(self.table.name)
        )
        return dict(connection.execute(query, [list(keys)]).fetchall())

    def advance(
        self,
        connection: Connection[Any],
        documents: Mapping[Hashable, Document | None],
        known: Sequence[Hashable],
        position: int,
    ) -> Self:
        """Replace the rows of `documents` and move to `position`, both or neither.

        `known` are the keys that may have a row already.

        Raises:
            PositionTaken: the generation is no longer where this one thinks it is.
        """
        with connection.transaction():
            moved = connection.execute(
                "UPDATE projection_generations SET position = %s, advanced_at = now()"
                " WHERE name = %s AND generation = %s AND position = %s",
                [position, self.model.name, self.number, self.position],
            )
            if moved.rowcount != 1:
                raise PositionTaken(f"{self.model.name} is past {self.position} already")
            self._replace(connection, documents, known)
        return replace(self, position=position)

    def _replace(
        self,
        connection: Connection[Any],
        documents: Mapping[Hashable, Document | None],
        known: Sequence[Hashable],
    ) -> None:
        table = self._name(self.table.name)
        if known:
            connection.execute(
                sql.SQL("DELETE FROM {} WHERE {} = ANY(%s)").format(table, self._key), [list(known)]
            )
        rows = [self.model.row(document) for document in documents.values() if document is not None]
        if rows:
            with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
                for row in rows:
                    copy.write_row(row)

    @property
    def table(self) -> Table:
        """The generation's own table."""
        return _table(self.model, self.number)

    @property
    def _key(self) -> sql.Identifier:
        return sql.Identifier(next(iter(self.table.columns)).name)

    def _table_definition(self) -> list[str]:
        dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]
        indexes = sorted(self.table.indexes, key=lambda index: str(index.name))
        definitions: list[DDLElement] = [CreateTable(self.table), *map(CreateIndex, indexes)]
        return [str(definition.compile(dialect=dialect)) for definition in definitions]

    @staticmethod
    def _name(table: str) -> sql.Identifier:
        return sql.Identifier(SCHEMA, table)


@cache
def _table(model: ReadModel, number: int) -> Table:
    return model.table(f"{model.name}_{number}", new_metadata())
