"""The dialect of a text table: its encoding, delimiter, quotes, header, and what is around it."""

from discovery.dialect.dialect import Dialect, Doubt
from discovery.dialect.sniffer import sniff

__all__ = ["Dialect", "Doubt", "sniff"]
