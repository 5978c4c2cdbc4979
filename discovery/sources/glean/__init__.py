"""Glean as a source.

A source talks to Glean (`client`, `apis`, `access`); what it answers (`answers`) is converted
without it: to schemas, records, health and templates.
"""

from discovery.sources.glean.source import Glean

__all__ = ["Glean"]
