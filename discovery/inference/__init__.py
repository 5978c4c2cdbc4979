"""Inferring the JSON Schema and the profile of records from one mergeable summary of them."""

from discovery.inference.field_statistics import FieldStatistics, field_statistics
from discovery.inference.formats import is_valid, recognise
from discovery.inference.schema import infer_schema
from discovery.inference.shape import Shape

__all__ = [
    "FieldStatistics",
    "Shape",
    "field_statistics",
    "infer_schema",
    "is_valid",
    "recognise",
]
