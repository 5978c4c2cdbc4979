"""From an object type of a Glean datasource to the command that registers its template."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, Final

from discovery.definition import registration
from discovery.description import slug
from discovery.dialect import Doubt
from discovery.sources.glean.datasource import Datasource, ObjectType
from discovery.sources.glean.document import record_of
from discovery.sources.glean.schema import document_schema
from discovery.template_file import TemplateFile
from registry.commands import RegisterTemplate
from registry.errors import InvalidValue
from registry.privacy import SamplePolicy
from registry.template_draft import check_records

USE_CASE: Final = "enterprise_search"
"""The use case of templates for which none was given."""

_LONGEST_NAME: Final = 200


def template_of(
    datasource: Datasource,
    found: ObjectType,
    identity: Mapping[str, str],
    source: str,
    samples: SamplePolicy,
) -> RegisterTemplate:
    """Return the command that registers an object type as a template.

    A type of a custom datasource has the schema that it declares; documents that contradict it are
    a warning, and kept out of the sample. That of a native one is inferred from its documents.

    Args:
        datasource: the datasource.
        found: one of its object types.
        identity: the parts of the identity that were given; the industry is one of them.
        source: where the template was found.
        samples: what the sample may tell of persons.

    Raises:
        UnreadableTemplate: a name is no identifier.
    """
    types = {each.name: each.property_type for each in found.properties}
    records = [record_of(document, types) for document in found.documents]
    schema = None
    if datasource.is_custom or not records:
        schema = document_schema(found.title or found.name, found.properties)
    kept = [each for each in records if schema is None or _is_valid(schema, each)]
    told = {
        "use_case": USE_CASE,
        "dataset_type": slug(f"{datasource.name} {found.name or 'documents'}"),
        **identity,
        "name": _name(datasource, found),
        "tags": ["glean"],
        "custom_fields": {"glean": _facts(datasource, found)},
        "default_record_count": found.count,
    }
    file = TemplateFile(metadata=told, schema=schema, records=kept)
    command = registration(file, {}, source, samples)
    return _doubted(command, len(records) - len(kept), len(records))


def _doubted(command: RegisterTemplate, contradicting: int, looked_at: int) -> RegisterTemplate:
    """Return the command with a warning of documents that contradict what their type declares."""
    if not contradicting:
        return command
    message = f"{contradicting} of {looked_at} documents contradict the declared schema"
    warnings = [asdict(Doubt(line=None, message=message))]
    statistics = command.definition.statistics | {"warnings": warnings, "warning_count": 1}
    definition = replace(command.definition, statistics=statistics)
    return RegisterTemplate(definition=definition, source=command.source)


def _name(datasource: Datasource, found: ObjectType) -> str:
    name = f"{datasource.title or datasource.name} {found.title or found.name or 'documents'}"
    return name[:_LONGEST_NAME]


def _is_valid(schema: dict[str, Any], record: dict[str, Any]) -> bool:
    try:
        check_records(schema, [record])
    except InvalidValue:
        return False
    return True


def _facts(datasource: Datasource, found: ObjectType) -> dict[str, Any]:
    """Return what is known of a type beyond its schema and its documents."""
    return {
        "datasource": datasource.name,
        "object_type": found.name,
        "connector": "custom" if datasource.is_custom else "native",
        "category": found.category or datasource.category,
        "record_count_is_estimate": found.is_estimate,
        "facets": list(found.facets),
    }
