"""Primary and foreign keys of the tables of one scan, suggested by names and values."""

from discovery.keys.field import KeyColumn, KeyTable
from discovery.keys.finder import find_keys
from discovery.keys.keys import ForeignKey, Keys, PrimaryKey

__all__ = ["ForeignKey", "KeyColumn", "KeyTable", "Keys", "PrimaryKey", "find_keys"]
