"""Turning what was found in data into the command that registers it."""

import re
import sys
from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter, ValidationError

from discovery.description import Description
from discovery.files import DESCRIPTION, UnreadableFile
from registry.commands import RegisterTemplate
from registry.privacy import SamplePolicy
from registry.sample import sample_of
from registry.template import TemplateDefinition, title_of

if TYPE_CHECKING:
    from discovery.readers.findings import Findings

MOST_WARNINGS: Final = 20
"""Warnings about data that are stored with their template; the others are counted."""

_DEFINITION: Final = TypeAdapter(TemplateDefinition)
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_MOST: Final = sys.float_info.max


def data_registration(
    found: "Findings",
    identity: Mapping[str, str],
    description: Description,
    source: str,
    size: int,
    samples: SamplePolicy,
) -> RegisterTemplate:
    """Return the command that registers a dataset of `size` bytes as a template.

    Raises:
        UnreadableFile: a part of the identity is missing or wrong, or a value cannot be stored.
    """
    require_identity(identity)
    told = _storable(found.told(samples))
    try:
        definition = _DEFINITION.validate_python(
            {
                "identity": dict(identity),
                "name": description.name or title_of(identity),
                "description": description.description,
                "tags": description.tags,
                "custom_fields": description.custom_fields,
                "schema": told["schema"],
                "declared_schema": found.is_declared,
                "statistics": {
                    "fields": told["profile"]["fields"],
                    "format": found.kind,
                    "dialect": told["dialect"],
                    "keys": told["keys"],
                    "warnings": told["warnings"][:MOST_WARNINGS],
                    "warning_count": len(told["warnings"]),
                },
                "sample_data": sample_of(told["sample"]),
                "default_record_count": found.records,
                "default_size_mb": round(size / 1_000_000, 6),
            }
        )
        return RegisterTemplate(definition=definition, source=source)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = "/".join(str(part) for part in first["loc"]).removeprefix("identity/")
        raise UnreadableFile(first["msg"].removeprefix("Value error, "), place) from None


def _storable(value: Any) -> Any:
    """Return JSON that an event can hold: data may have what no event can."""
    match value:
        case str():
            return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value)
        case dict():
            return {_storable(key): _storable(member) for key, member in value.items()}
        case list() | tuple():
            return [_storable(element) for element in value]
        case float() if not isfinite(value):
            return None
        case int() if not -(2**63) <= value < 2**64:
            return float(value) if abs(value) < _MOST else None
        case _:
            return value


def require_identity(identity: Mapping[str, object]) -> None:
    """Do nothing if all parts of an identity are told.

    Raises:
        UnreadableFile: one is not, with what there is to do.
    """
    missing = [name for name in ("industry", "use_case", "dataset_type") if not identity.get(name)]
    if missing:
        option = missing[0].replace("_", "-")
        reason = (
            "is not told by a path of the form {industry}/{use_case}/{dataset_type}:"
            f" give --{option}, or write a {DESCRIPTION} beside the data"
        )
        raise UnreadableFile(reason, missing[0])
