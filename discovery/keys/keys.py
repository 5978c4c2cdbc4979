"""Candidates for primary and foreign keys, each with what speaks for and against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PrimaryKey:
    """Columns that tell the rows of a table apart; no cell of them is empty."""

    columns: tuple[str, ...]
    rows: int
    certainty: float
    """How sure it is that this is the key, above 0 and below 1."""
    evidence: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """Other columns that would do as the key as well."""


@dataclass(frozen=True, kw_only=True)
class ForeignKey:
    """Columns whose values are keys of a table."""

    table: str
    columns: tuple[str, ...]
    to_table: str
    to_columns: tuple[str, ...]
    separator: str | None = None
    """What stands between the keys in a cell, if a cell may hold several."""
    coverage: float
    """Share of the cells (of the keys in them, if they are lists) that are keys of the table."""
    distinct: int
    """Different values."""
    to_distinct: int
    """Different keys in the table."""
    name_points: float
    """What the names say for it, from 0 (nothing) to 5 (the column names the table)."""
    certainty: float
    """How sure the reference is, above 0 and below 1."""
    evidence: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Keys:
    """The keys of the tables of one scan."""

    primary: Mapping[str, PrimaryKey]
    """By table; a table without a key is left out."""
    foreign: Sequence[ForeignKey]
