"""The keys that the statistics of a template tell of."""

from collections.abc import Mapping, Sequence
from typing import Any

from registry.interchange.record_fields import RecordField


def primary_key(statistics: Mapping[str, Any], fields: Sequence[RecordField]) -> list[str]:
    """Return the fields that are the primary key, if one is known and they are fields."""
    keys = statistics.get("keys")
    primary = keys.get("primary_keys") if isinstance(keys, dict) else None
    if not isinstance(primary, dict) or len(primary) != 1:
        return []
    key = next(iter(primary.values()))
    names = {field.name for field in fields}
    if not isinstance(key, list) or not all(isinstance(name, str) for name in key):
        return []
    return key if names.issuperset(key) else []
