"""SQL databases as a source.

A source talks to the database (`database`, `rows`, `reflection`); what is reflected is converted
without it: to schemas, values and keys.
"""

from discovery.sources.sql.source import Sql

__all__ = ["Sql"]
