"""A table of a database as a find: its declared schema and keys, and the profile of its rows."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

import sqlalchemy as sa

from discovery.data_definition import data_registration
from discovery.dataset_reading import DatasetReading, ScanOptions
from discovery.description import Description, slug
from discovery.dialect import Doubt
from discovery.files import Kind
from discovery.keys import ForeignKey, Keys, PrimaryKey
from discovery.readers.findings import Findings
from discovery.readers.tables import examples_in
from discovery.sources.sql.database import Database
from discovery.sources.sql.reflection import ReflectedTable, qualified, reflected
from discovery.sources.sql.rows import RowsRead, count_rows, read_rows
from discovery.sources.sql.schema import loosened, row_schema
from discovery.unreadable import Unreadable
from registry.inference import FieldStatistics, field_statistics, infer_schema
from registry.privacy.paths import path_of_member
from registry.sample import SAMPLE_RECORDS
from registry.text import SLUG

_DECLARED: Final = 0.999
"""How sure a key is that the database declares."""

_ROW_BYTES: Final = 100
"""About what a row takes."""


@dataclass(frozen=True, kw_only=True)
class DatabaseTable:
    """A table or view that was found and not yet read.

    Attributes:
        database: where it is.
        schema: the schema it is in; None for the usual one.
        name: its name.
        most_rows: how many rows to read, the first by primary key; None for all.
        mark: what changes with the database, where that can be told without reading it.
    """

    database: Database
    schema: str | None
    name: str
    most_rows: int | None
    mark: str = field(default_factory=lambda: str(uuid4()))

    @property
    def path(self) -> str:
        """The name of the table, with its schema if that is not the usual one."""
        return qualified(self.schema, self.name)

    @property
    def size(self) -> int:
        """The bytes that are read of it, roughly."""
        return _ROW_BYTES * (self.most_rows or 1_000_000)

    def read(self, known_digest: str, options: ScanOptions) -> DatasetReading:
        """Return the template of the table's rows.

        Raises:
            Unreadable: the table cannot be read, or what it is for was not told.
        """
        with self.database.connection() as connection:
            table = reflected(sa.inspect(connection), self.schema, self.name)
            read = read_rows(connection, table, self.most_rows)
            rows = read.count
            if rows == self.most_rows:
                rows = count_rows(connection, table)
        digest = hashlib.sha256(f"{table} {rows} {read.digest}".encode()).hexdigest()
        if digest == known_digest:
            return DatasetReading(path=self.path, size=self.size, digest=digest, is_known=True)
        command = data_registration(
            findings_of(table, read, rows),
            self._identity(options),
            _description(table, read.count),
            f"{self.database} {self.path}",
            round(read.mean_bytes * rows),
            options.samples,
        )
        return DatasetReading(path=self.path, size=self.size, digest=digest, commands=[command])

    def _identity(self, options: ScanOptions) -> dict[str, str]:
        if "industry" not in options.identity:
            raise Unreadable("is not told by a database: give --industry", "industry")
        named = {"use_case": slug(self.database.name), "dataset_type": slug(self.path)}
        identity = {**named, **options.identity}
        for part, name in identity.items():
            if not re.fullmatch(SLUG, name):
                option = f"--{part.replace('_', '-')}"
                raise Unreadable(f"{name!r} is no identifier: give {option} to this table", part)
        return identity


def findings_of(table: ReflectedTable, read: RowsRead, rows: int) -> Findings:
    """Return what a table's declaration and its rows tell, of which there are so many in all."""
    statistics = field_statistics(read.shape)
    examples = examples_in(read.first)
    schema = row_schema(table.columns, infer_schema(read.shape) if read.count else {})
    by_path = {each.path: each for each in statistics}
    evidence: dict[str, dict[str, Any]] = {}
    doubts: list[Doubt] = []
    for column in table.columns:
        path = path_of_member("$", column.name)
        evidence[path] = {"declared_type": str(column.type)}
        if path in by_path:
            declared = schema["properties"][column.name]
            loose, found = loosened(declared, by_path[path], examples.get(path, ()))
            schema["properties"][column.name] = loose
            doubts += [Doubt(line=None, message=f"{column.name}: {each}") for each in found]
    return Findings(
        kind=Kind.SQL,
        records=rows,
        schema=schema,
        is_declared=True,
        statistics=statistics,
        sample=read.first[:SAMPLE_RECORDS],
        examples=examples,
        evidence=evidence,
        doubts=doubts,
        keys=_keys(table, by_path, rows),
    )


def _keys(table: ReflectedTable, by_path: Mapping[str, FieldStatistics], rows: int) -> Keys:
    """Return the keys that a table declares."""
    name = qualified(table.schema, table.name)
    told = ("the database declares it",)
    primary = {}
    if table.primary_key:
        others = tuple(columns[0] for columns in table.unique if len(columns) == 1)
        primary[name] = PrimaryKey(
            columns=table.primary_key, rows=rows, certainty=_DECLARED, evidence=told, others=others
        )
    foreign = [
        ForeignKey(
            table=name,
            columns=key.columns,
            to_table=key.to_table,
            to_columns=key.to_columns,
            coverage=1.0,
            distinct=_distinct(key.columns, by_path),
            to_distinct=0,
            name_points=0,
            certainty=_DECLARED,
            evidence=told,
        )
        for key in table.references
    ]
    return Keys(primary=primary, foreign=foreign)


def _distinct(columns: Iterable[str], by_path: Mapping[str, FieldStatistics]) -> int:
    found = (by_path.get(path_of_member("$", name)) for name in columns)
    return max((each.distinct for each in found if each), default=0)


def _description(table: ReflectedTable, profiled: int) -> Description:
    facts = {
        "table": qualified(table.schema, table.name),
        "profiled_rows": profiled,
        "unique_keys": [list(columns) for columns in table.unique],
    }
    return Description(description=table.comment, tags=["sql"], custom_fields={"sql": facts})
