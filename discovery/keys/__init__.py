"""Primary and foreign keys of the tables of one scan, suggested by names and values."""

from discovery.keys.evidence import key_evidence
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
    "find_keys",
    "key_evidence",
    "keys_from",
]
