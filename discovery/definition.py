"""Turning what a template file holds into the command that registers it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from discovery.template_file import TemplateFile, UnreadableTemplate
from registry.commands import RegisterTemplate
from registry.errors import InvalidValue
from registry.privacy import SamplePolicy
from registry.template_draft import TemplateDraft

_DRAWN_FROM_METADATA = TemplateDraft.model_fields.keys() - {
    "json_schema",
    "records",
    "quality_rules",
    "samples",
    "accept_breaking",
}


def registration(
    found: TemplateFile,
    path_identity: Mapping[str, str],
    source: str,
    samples: SamplePolicy = SamplePolicy.MASKED,
) -> RegisterTemplate:
    """Return the command that registers a template; metadata wins over the path.

    Metadata of an unknown name is kept among the custom fields. An export is registered as it is,
    under the identity that the metadata tell, if they do.

    Raises:
        UnreadableTemplate: a part is missing or wrong, or a record contradicts the schema.
    """
    given = {name: value for name, value in found.metadata.items() if value is not None}
    known = {name: value for name, value in given.items() if name in _DRAWN_FROM_METADATA}
    draft: dict[str, Any] = {
        **path_identity,
        **known,
        "schema": found.schema,
        "records": found.records,
        "quality_rules": found.quality_rules,
        "samples": samples,
    }
    unknown = {name: value for name, value in given.items() if name not in _DRAWN_FROM_METADATA}
    if unknown and isinstance(known.get("custom_fields", {}), dict):
        draft["custom_fields"] = {**unknown, **known.get("custom_fields", {})}
    try:
        if found.definition:
            identity = replace(found.definition.identity, **found.metadata)
            exported = replace(found.definition, identity=identity)
            return RegisterTemplate(definition=exported, source=source)
        return TemplateDraft.model_validate(draft).registration(source)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = "/".join(str(part) for part in first["loc"])
        raise UnreadableTemplate(first["msg"].removeprefix("Value error, "), place) from None
    except InvalidValue as error:
        raise UnreadableTemplate(error.facts["reason"], error.facts["place"]) from None
