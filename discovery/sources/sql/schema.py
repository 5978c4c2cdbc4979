"""From the columns of a database table to the JSON Schema of its rows."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from discovery.sources.sql.reflection import ReflectedColumn
from registry.inference import FieldStatistics, is_valid
from registry.inference.schema import DIALECT

JSONSchema = dict[str, Any]

_TYPES: Final[tuple[tuple[type[sa.types.TypeEngine[Any]], JSONSchema], ...]] = (
    (sa.Boolean, {"type": "boolean"}),
    (sa.Integer, {"type": "integer"}),
    (sa.Numeric, {"type": "number"}),
    (sa.Float, {"type": "number"}),
    (sa.Date, {"type": "string", "format": "date", "x-type": "date"}),
    (sa.Time, {"type": "string", "x-type": "time"}),
    (sa.DateTime, {"type": "string", "x-type": "datetime"}),
    (sa.Interval, {"type": "string", "x-type": "duration"}),
    (postgresql.INTERVAL, {"type": "string", "x-type": "duration"}),
    (sa.Uuid, {"type": "string", "format": "uuid"}),
    (sa.LargeBinary, {"type": "string", "x-type": "binary"}),
    (sa.String, {"type": "string"}),
)
"""JSON Schemas by the generic type that a column's type is; a type that is not here is not told."""


def row_schema(columns: Iterable[ReflectedColumn], inferred: JSONSchema) -> JSONSchema:
    """Return the JSON Schema (2020-12) of a row; columns that are never null are required.

    Args:
        columns: the columns as declared.
        inferred: the schema that the rows look like.
    """
    columns = list(columns)
    seen = inferred.get("properties", {})
    required = [column.name for column in columns if not column.nullable]
    return {
        "$schema": DIALECT,
        "type": "object",
        "properties": {
            column.name: column_schema(column, seen.get(column.name)) for column in columns
        },
        **({"required": required} if required else {}),
    }


def column_schema(column: ReflectedColumn, inferred: JSONSchema | None = None) -> JSONSchema:
    """Return the JSON Schema of a value of a column, with its comment as the description.

    Args:
        column: the column.
        inferred: what its values look like, which counts where its type tells nothing, as those of
            documents do not.
    """
    schema = type_schema(column.type) or dict(inferred or {})
    if column.nullable and "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    if column.nullable:
        schema = _nullable(schema)
    return {**schema, **({"description": column.comment} if column.comment else {})}


def _nullable(schema: JSONSchema) -> JSONSchema:
    if "type" in schema:
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        return {**schema, "type": [*types, *({"null"} - {*types})]}
    return {"anyOf": [schema, {"type": "null"}]} if schema else schema


def type_schema(kind: sa.types.TypeEngine[Any]) -> JSONSchema:
    """Return the JSON Schema of a value of a type, empty for one that may be anything."""
    match kind:
        case sa.Enum():
            return (
                {"type": "string", "enum": list(kind.enums)} if kind.enums else {"type": "string"}
            )
        case sa.ARRAY():
            inner = type_schema(kind.item_type)
            for _ in range((kind.dimensions or 1) - 1):
                inner = {"type": "array", "items": inner}
            return {"type": "array", "items": inner}
        case sa.Numeric(scale=0):
            return {"type": "integer"}
        case sa.DateTime(timezone=True):
            return {"type": "string", "format": "date-time", "x-type": "datetime"}
        case sa.String(length=int(length)):
            return {"type": "string", "maxLength": length}
    return dict(next((schema for known, schema in _TYPES if isinstance(kind, known)), {}))


def loosened(
    schema: JSONSchema, found: FieldStatistics, examples: Sequence[Any]
) -> tuple[JSONSchema, list[str]]:
    """Return a column's schema as loose as its values need it, and what these contradict.

    That happens where a database does not hold its columns to their types, as SQLite does not.

    Args:
        schema: the schema as declared.
        found: the statistics of the values.
        examples: some of them.
    """
    contradictions = []
    declared = schema.get("type", [])
    declared = [declared] if isinstance(declared, str) else declared
    allowed = {*declared, *(["integer"] if "number" in declared else [])}
    if declared and (wider := sorted(set(found.types) - allowed)):
        contradictions.append(f"some values are of type {' or '.join(wider)}")
        schema = {**_without(schema, "enum"), "type": [*declared, *wider]}
    longest = found.most_characters or 0
    if longest > schema.get("maxLength", longest):
        contradictions.append(
            f"texts have up to {longest} characters where {schema['maxLength']} are declared"
        )
        schema = _without(schema, "maxLength")
    form = schema.get("format", "")
    if form and not all(is_valid(form, each) for each in examples if isinstance(each, str)):
        contradictions.append(f"some texts are no {form}")
        schema = _without(schema, "format")
    return schema, contradictions


def _without(schema: JSONSchema, keyword: str) -> JSONSchema:
    return {name: value for name, value in schema.items() if name != keyword}
