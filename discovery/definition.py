"""Turning what a template file holds into the definition that is registered."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import jsonschema_rs
import orjson
from pydantic import ValidationError

from discovery.inference import Shape, field_statistics, infer_schema
from discovery.sample import sample_of
from discovery.template_file import TemplateFile, UnreadableTemplate
from registry.commands import RegisterTemplate


def registration(
    found: TemplateFile, path_identity: Mapping[str, str], source: str
) -> RegisterTemplate:
    """Return the command that registers a template; metadata wins over the path.

    A declared schema is kept as declared, and the records have to be valid under it; else the
    schema is inferred from them. The size is estimated from the records where it is not given.

    Raises:
        UnreadableTemplate: a part is missing or wrong, or a record contradicts the schema.
    """
    metadata = {**path_identity, **_without_nulls(found.metadata)}
    shape = Shape()
    shape.observe_all(found.records)
    if found.schema is not None:
        _check_records(found.schema, found.records)
    count = metadata.get("default_record_count", len(found.records))
    definition = {
        "identity": {part: metadata.get(part) for part in ("industry", "use_case", "dataset_type")},
        "name": metadata.get("name") or _name_of(metadata),
        "description": metadata.get("description", ""),
        "tags": metadata.get("tags", []),
        "custom_fields": metadata.get("custom_fields", {}),
        "schema": infer_schema(shape) if found.schema is None else found.schema,
        "declared_schema": found.schema is not None,
        "statistics": {"fields": [asdict(field) for field in field_statistics(shape)]},
        "sample_data": sample_of(found.records),
        "default_record_count": count,
        "default_size_mb": metadata.get("default_size_mb", _estimated_mb(found.records, count)),
        "quality_rules": found.quality_rules,
    }
    try:
        return RegisterTemplate.model_validate({"definition": definition, "source": source})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = "/".join(str(part) for part in first["loc"][1:])
        reason = first["msg"].removeprefix("Value error, ")
        raise UnreadableTemplate(reason[0].lower() + reason[1:], place) from None


def _without_nulls(metadata: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in metadata.items() if value is not None}


def _name_of(metadata: Mapping[str, Any]) -> str:
    parts = (str(metadata.get(part, "")) for part in ("industry", "use_case", "dataset_type"))
    return " ".join(part.replace("_", " ").title() for part in parts)


def _estimated_mb(records: list[Any], count: Any) -> float:
    if not records or not isinstance(count, int):
        return 0.0
    try:
        size = len(orjson.dumps(records))
    except TypeError:  # nested too deeply to be written
        return 0.0
    return round(size / len(records) * count / 1_000_000, 6)


def _check_records(schema: dict[str, Any], records: list[Any]) -> None:
    try:
        validator = jsonschema_rs.validator_for(
            schema, validate_formats=True, retriever=_refuse_to_retrieve
        )
    except (ValueError, jsonschema_rs.ReferencingError) as error:
        place = "/".join(["schema", *map(str, getattr(error, "instance_path", []))])
        reason = getattr(error, "message", str(error)).splitlines()[0]
        raise UnreadableTemplate(f"the schema is no JSON Schema: {reason}", place) from None
    for number, record in enumerate(records, 1):
        for fault in validator.iter_errors(record):
            place = "/".join([f"record {number}", *map(str, fault.instance_path)])
            reason = f"contradicts the declared schema: {fault.message:.200}"
            raise UnreadableTemplate(reason, place)


def _refuse_to_retrieve(uri: str) -> Any:
    raise ValueError(f"schemas elsewhere are not fetched: {uri}")
