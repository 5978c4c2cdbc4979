"""The document that readers get of a template, and the definition that it was made of."""

from dataclasses import fields
from typing import Final

import msgspec

from projections.links import TEMPLATES_PATH, link
from projections.read_model import Document
from projections.shown_schema import shown_schema
from registry.template import Template, TemplateDefinition, TemplateIdentity

_DEFINITION_PARTS: Final = [field.name for field in fields(TemplateDefinition)]
_IDENTITY_PARTS: Final = [field.name for field in fields(TemplateIdentity)]


def document_of(template: Template) -> Document:
    """Return the document that a template has once its events are projected."""
    return {
        **described(str(template.id), msgspec.to_builtins(template.definition)),
        "schema": template.schema,
        "schema_version": template.schema_version,
        "schema_digest": template.schema_digest,
        "compatibility_mode": template.compatibility_mode,
        "needs_review": bool(template.unsure),
        "unsure": msgspec.to_builtins(template.unsure),
        "refinements": [
            refinement(path, msgspec.to_builtins(each.pins), each.reason, each.refined_at)
            for path, each in sorted(template.refinements.items())
        ],
        "contradictions": msgspec.to_builtins(template.contradictions),
        "rejection": msgspec.to_builtins(template.rejection),
        "status": "retired" if template.retired else "active",
        "source": template.source,
        "version": template.version,
        "created_at": template.created_at,
        "updated_at": template.updated_at,
    }


def definition_of(document: Document) -> TemplateDefinition:
    """Return the definition of the template whose document it is."""
    parts: Document = {name: document[name] for name in _DEFINITION_PARTS if name in document}
    identity = {part: document[part] for part in _IDENTITY_PARTS}
    return msgspec.convert({**parts, "identity": identity}, TemplateDefinition)


def described(template_id: str, definition: Document) -> Document:
    """Return what a document tells of a definition, with links to where there is more."""
    identity = definition["identity"]
    return {
        "template_id": template_id,
        **{part: value for part, value in definition.items() if part != "identity"},
        **identity,
        "_links": {
            "self": link(f"{TEMPLATES_PATH}/{template_id}"),
            "collection": link(TEMPLATES_PATH),
            "versions": link(f"{TEMPLATES_PATH}/{template_id}/versions"),
        },
    }


def stated(before: Document, facts: Document) -> Document:
    """Return what an event states of the schema; events before versions were counted state less."""
    unsure = facts.get("unsure", [])
    return {
        "schema": shown_schema(facts),
        "schema_version": facts.get("schema_version") or before["schema_version"],
        "schema_digest": facts.get("schema_digest", ""),
        "needs_review": bool(unsure),
        "unsure": unsure,
        "contradictions": facts.get("contradictions", []),
        "rejection": None,
    }


def refinement(path: str, pins: Document, reason: str, refined_at: object) -> Document:
    """Return what a document tells of a refinement: only what is said."""
    said = {name: value for name, value in pins.items() if value is not None}
    return {"field": path, **said, "reason": reason, "refined_at": refined_at}
