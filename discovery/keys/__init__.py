"""Primary and foreign keys of the tables of one scan, suggested by names and values."""

from discovery.keys.evidence import evidence_of
from discovery.keys.field import KeyColumn, KeyTable
from discovery.keys.finder import find_keys, keys_from
from discovery.keys.keys import ForeignKey, Keys, PrimaryKey
from discovery.keys.table_evidence import TableEvidence

__all__ = [
    "ForeignKey",
    "KeyColumn",
    "KeyTable",
    "Keys",
    "PrimaryKey",
    "TableEvidence",
    "evidence_of",
    "find_keys",
    "keys_from",
]
