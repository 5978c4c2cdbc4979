"""Semantic classes of fields, and masking of what tells of a person before it becomes an event."""

from registry.privacy.privacy import Privacy, SamplePolicy
from registry.privacy.semantic_class import SemanticClass, semantic_class

__all__ = ["Privacy", "SamplePolicy", "SemanticClass", "semantic_class"]
