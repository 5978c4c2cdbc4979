"""JSON Schema 2020-12: the schema of a record, annotated with the name and the sample.

https://json-schema.org/draft/2020-12/json-schema-validation#section-9
"""

from typing import Final

import msgspec

from registry.interchange.format import EXTENSION, Document, Format, Publication
from registry.interchange.record_fields import DIALECT
from registry.interchange.resource import DeclaredResource
from registry.template import TemplateDefinition

_ANNOTATIONS: Final = {"title": "name", "description": "description", "examples": "sample_data"}
"""The keywords that annotate a schema, and the parts of a definition that they tell."""

_ADDED: Final = ("$schema", *_ANNOTATIONS)


def describe(definition: TemplateDefinition, publication: Publication) -> Document:
    """Return the schema with the annotations and the dialect that it has not got yet.

    `added` tells which these are: they belong to the template, and not to its schema.
    """
    parts = msgspec.to_builtins(definition)
    schema = {name: part for name, part in definition.schema.items() if name != EXTENSION}
    added = {"$schema": DIALECT} | {
        keyword: parts[part] for keyword, part in _ANNOTATIONS.items() if parts[part]
    }
    added = {keyword: part for keyword, part in added.items() if keyword not in schema}
    return {**added, **schema, EXTENSION: {"added": list(added)}}


def resources(document: Document) -> list[DeclaredResource]:
    """Return the schema, and what was added to it of the template."""
    extension = document.get(EXTENSION)
    told = extension.get("added") if isinstance(extension, dict) else None
    added = [each for each in told if each in _ADDED] if isinstance(told, list) else []
    left_out = {EXTENSION, *added}
    notes = {keyword: document.get(keyword) for keyword in added}
    examples = notes.get("examples")
    return [
        DeclaredResource(
            title=notes.get("title") or "",
            description=notes.get("description") or "",
            records=examples if isinstance(examples, list) else [],
            schema={name: part for name, part in document.items() if name not in left_out},
        )
    ]


JSON_SCHEMA: Final = Format(
    name="jsonschema",
    media_type="application/schema+json",
    suffix=".schema.json",
    describe=describe,
    resources=resources,
)
