"""The keys that a template is known to have."""

from collections.abc import Sequence

from registry.field_meanings import found_key, primary_key
from registry.interchange.record_fields import RecordField
from registry.template import TemplateDefinition


def known_key(definition: TemplateDefinition, fields: Sequence[RecordField]) -> list[str]:
    """Return the fields that are the primary key, if one is known and they are fields."""
    key = primary_key(definition.schema, found_key(definition.statistics))
    return key if {field.name for field in fields}.issuperset(key) else []
