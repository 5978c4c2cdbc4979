"""Finding the keys of the tables of one scan."""

from collections.abc import Mapping

import duckdb

from discovery.keys.composite_references import CompositeReferences, without_detours
from discovery.keys.field import KeyTable, fields_of
from discovery.keys.key_sets import KeySets
from discovery.keys.keys import Keys, PrimaryKey
from discovery.keys.primary import primary_key
from discovery.keys.references import References


def find_keys(tables: Mapping[str, KeyTable]) -> Keys:
    """Return the primary and foreign keys that the names and values of some tables suggest.

    The result depends neither on the order of the tables nor on that of their rows.

    Args:
        tables: the tables by name; they must have been read into one connection.

    Raises:
        ValueError: the tables are in different connections.
    """
    if not tables:
        return Keys(primary={}, foreign=())
    connection = _shared_connection(tables)
    fields = fields_of(tables)
    entities = frozenset(field.entity for field in fields)
    primary: dict[str, PrimaryKey] = {}
    for table in sorted(tables):
        own = [field for field in fields if field.table == table]
        if key := primary_key(connection, tables[table].relation, own, entities):
            primary[table] = key
    with KeySets(connection, tables).opened() as sets:
        single = References(fields=fields, primary=primary, sets=sets).find()
        several = CompositeReferences(fields=fields, primary=primary, sets=sets).find()
    direct = [reference.foreign_key() for reference in without_detours(single, several)]
    foreign = sorted([*direct, *several], key=lambda key: (key.table, key.columns, key.to_table))
    return Keys(primary=primary, foreign=tuple(foreign))


def _shared_connection(tables: Mapping[str, KeyTable]) -> duckdb.DuckDBPyConnection:
    first, *others = sorted(tables)
    connection = tables[first].connection
    for name in others:
        if tables[name].connection is not connection:
            raise ValueError(
                f"Tables {first!r} and {name!r} are in different connections: read all tables"
                " of a scan into one, as in read_table(path, connection=connection)."
            )
    return connection
