"""What a database says of its tables: columns, comments and keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.reflection import Inspector


@dataclass(frozen=True, kw_only=True)
class ReflectedColumn:
    """A column as it is declared."""

    name: str
    type: sa.types.TypeEngine[Any]
    nullable: bool = True
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A foreign key: columns that hold the key of a table."""

    columns: tuple[str, ...]
    to_table: str
    to_columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReflectedTable:
    """A table or view as it is declared; `unique` lists the columns of each unique key."""

    schema: str | None
    name: str
    columns: Sequence[ReflectedColumn]
    comment: str = ""
    primary_key: tuple[str, ...] = ()
    references: Sequence[Reference] = ()
    unique: Sequence[tuple[str, ...]] = ()


def reflected(inspector: Inspector, schema: str | None, name: str) -> ReflectedTable:
    """Return what the database says of a table or view.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: it cannot be reflected, or is gone.
    """
    primary = tuple(inspector.get_pk_constraint(name, schema)["constrained_columns"])
    return ReflectedTable(
        schema=schema,
        name=name,
        columns=[
            ReflectedColumn(
                name=column["name"],
                type=column["type"],
                # SQLite lets a primary key be null; nobody means that.
                nullable=column["nullable"] and column["name"] not in primary,
                comment=column.get("comment") or "",
            )
            for column in inspector.get_columns(name, schema)
        ],
        comment=_comment(inspector, schema, name),
        primary_key=primary,
        references=[
            Reference(
                columns=tuple(key["constrained_columns"]),
                to_table=qualified(key["referred_schema"], key["referred_table"]),
                to_columns=tuple(key["referred_columns"]),
            )
            for key in inspector.get_foreign_keys(name, schema)
        ],
        unique=sorted(_unique(inspector, schema, name) - {primary}),
    )


def _unique(inspector: Inspector, schema: str | None, name: str) -> set[tuple[str, ...]]:
    """Return the columns of each unique key: of constraints, and of indexes of all rows."""
    constraints: list[Any] = inspector.get_unique_constraints(name, schema)
    # Of SQLite, these include the indexes behind constraints that have no name.
    indexes: list[Any] = inspector.get_indexes(name, schema, include_auto_indexes=True)
    full = [
        index
        for index in indexes
        if index["unique"]
        and None not in index["column_names"]
        and not any(option.endswith("_where") for option in index.get("dialect_options", {}))
    ]
    return {tuple(key["column_names"]) for key in (*constraints, *full)}


def _comment(inspector: Inspector, schema: str | None, name: str) -> str:
    if not inspector.dialect.supports_comments:
        return ""
    return inspector.get_table_comment(name, schema)["text"] or ""


def qualified(schema: str | None, name: str) -> str:
    """Return the name of a table, with its schema if that is not the usual one."""
    return f"{schema}.{name}" if schema else name
