"""Delimited text files as tables with typed, profiled columns."""

from discovery.table.column import Column, Contradictions
from discovery.table.column_class import ColumnClass, Reading
from discovery.table.connection import new_connection, quoted
from discovery.table.distribution import Bin
from discovery.table.places import Place
from discovery.table.profile import Lengths, Profile, TimeBin, TopValue
from discovery.table.table import Table, read_table
from discovery.table.typed_relation import TypedColumn, profile_relation

__all__ = [
    "Bin",
    "Column",
    "ColumnClass",
    "Contradictions",
    "Lengths",
    "Place",
    "Profile",
    "Reading",
    "Table",
    "TimeBin",
    "TopValue",
    "TypedColumn",
    "new_connection",
    "profile_relation",
    "quoted",
    "read_table",
]
