"""Inferring the JSON Schema and the profile of records from one mergeable summary of them."""

from registry.inference.field_statistics import FieldStatistics, field_statistics
from registry.inference.formats import is_valid, recognise
from registry.inference.schema import infer_schema
from registry.inference.shape import Shape

__all__ = [
    "FieldStatistics",
    "Shape",
    "field_statistics",
    "infer_schema",
    "is_valid",
    "recognise",
]
