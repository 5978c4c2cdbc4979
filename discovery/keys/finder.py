"""Finding the keys of the tables of one scan."""

from collections.abc import Mapping, Sequence

from discovery.keys.composite_references import CompositeReferences, without_detours
from discovery.keys.evidence import key_evidence
from discovery.keys.field import Field, KeyTable, fields_of
from discovery.keys.key_sets import KeySets
from discovery.keys.keys import Keys, PrimaryKey
from discovery.keys.primary import Search, primary_key
from discovery.keys.references import References
from discovery.keys.table_evidence import TableEvidence


def find_keys(tables: Mapping[str, KeyTable]) -> Keys:
    """Return the primary and foreign keys that the names and values of some tables suggest.

    The result depends neither on the order of the tables nor on that of their rows.
    """
    return keys_from({name: key_evidence(name, table) for name, table in tables.items()})


def keys_from(tables: Mapping[str, TableEvidence]) -> Keys:
    """Return the keys of tables by name, of which no more is known than their evidence."""
    fields = fields_of({name: table.columns for name, table in tables.items()})
    entities = frozenset(field.entity for field in fields)
    primary: dict[str, PrimaryKey] = {}
    for name in sorted(tables):
        own = [field for field in fields if field.table == name]
        several = [field for field in own if field.column.name in tables[name].composite]
        if key := primary_key(own, entities, _found(several)):
            primary[name] = key
    sets = KeySets(tables)
    single = References(fields=fields, primary=primary, sets=sets).find()
    composite = CompositeReferences(fields=fields, primary=primary, sets=sets).find()
    direct = [reference.foreign_key() for reference in without_detours(single, composite)]
    foreign = sorted([*direct, *composite], key=lambda key: (key.table, key.columns, key.to_table))
    return Keys(primary=primary, foreign=tuple(foreign))


def _found(several: Sequence[Field]) -> Search:
    """Return a search that was made when the table was looked at."""
    return lambda fields: several or None
